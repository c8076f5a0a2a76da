"""Stations of a county that tests let live, and what the fleet must hold of them afterwards."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from fleet.simulate.profile import Profile, load
from fleet.simulate.station import Station


def profile() -> Profile:
    """Its platform refuses what these ask for: the line is to be tested, not certificates."""
    known = load("county")
    item = msgspec.structs.replace(known.visits.items[0], task_code="0" * 31)
    visits = msgspec.structs.replace(known.visits, items=[item])
    return msgspec.structs.replace(known, visits=visits)


def stations(count: int, key: bytes, start: datetime, until: datetime) -> list[Station]:
    """They have lived from `start` to `until`, and told nobody. `key`: the fleet's."""
    known = profile()
    made = [Station(known, 3, number, key, start) for number in range(1, count + 1)]
    for one in made:
        one.live(until)
    return made


def compare(database: Path, stations: Sequence[Station], tally: Counter[str]) -> None:
    with closing(sqlite3.connect(database)) as held:
        for one in stations:
            query = "SELECT seq, hash FROM records WHERE terminal = ? ORDER BY seq"
            rows = held.execute(query, (one.id,)).fetchall()
            tally["lost"] += max(0, one.seq - len(rows))
            tally["doubled"] += len(rows) - len({seq for seq, _ in rows})
            assert [seq for seq, _ in rows] == list(range(1, one.seq + 1)), one.id
            assert rows[-1][1] == one.newest_hash
        [broken] = held.execute("SELECT count(*) FROM chains WHERE broken OR missing <> '[]'")
        [cases] = held.execute("SELECT count(*) - count(DISTINCT case_no) FROM cases")
        [raised] = held.execute("SELECT count(*) FROM alarms WHERE kind <> 'platform_failing'")
    tally["doubled"] += cases[0]
    assert (broken[0], cases[0], raised[0]) == (0, 0, 0)
