"""Several ingest processes share what terminals send: nothing lost, doubled or told wrongly."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine, text

import managerwork
import postgreswork
from fleet.simulate.crowd import Crowd
from fleet.simulate.profile import load
from fleet.simulate.station import Station

# Of an item that the platform refuses at once: certificates are made elsewhere.
COUNTY = load("county")
REFUSED = msgspec.structs.replace(COUNTY.visits.items[0], task_code="0" * 31)
PROFILE = msgspec.structs.replace(
    COUNTY, visits=msgspec.structs.replace(COUNTY.visits, items=[REFUSED])
)
START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
DAYS = timedelta(days=7)
STATIONS = 10
SECONDS = 60.0


def stations(key: bytes) -> list[Station]:
    made = [Station(PROFILE, 3, number, key, START) for number in range(1, STATIONS + 1)]
    for one in made:
        one.live(START + DAYS)
    return made


@contextmanager
def crowd(on: managerwork.Manager) -> Iterator[Crowd]:
    many = Crowd(stations(on.key), on.where, START + DAYS)
    yield many
    many.close()


def until(many: Crowd, done: Any, step: float = 0.25) -> None:
    for _ in range(int(SECONDS / step)):
        if done():
            return
        many.run(step)
    pytest.fail(f"still not so: {many.count()}")


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def held(url: str) -> dict[str, list[tuple[Any, ...]]]:
    query = "SELECT terminal, seq, hash, prev, type, data, sealed FROM records ORDER BY seq"
    found: dict[str, list[tuple[Any, ...]]] = {}
    for terminal, *values, data, sealed in rows(url, query):
        found.setdefault(terminal, []).append((*values, bytes(data), sealed))
    return found


def test_a_worker_killed_under_load_costs_nothing(tmp_path: Path, postgres: str) -> None:
    url = postgreswork.emptied(postgres)
    with managerwork.manager(tmp_path, url, workers=2) as on, crowd(on) as many:
        all_of_them = many.count().waiting
        until(many, lambda: len(on.workers) == 2)
        until(many, lambda: many.count().acked > 0, step=0.01)  # a quick machine has all at once
        first = on.workers
        os.kill(first[0], signal.SIGKILL)
        before = many.count()
        assert 0 < before.acked < all_of_them
        until(many, lambda: not many.count().waiting)
        until(many, lambda: len(set(on.workers) - set(first)) == 1)
        until(many, lambda: rows(url, "SELECT min(through) FROM chains")[0][0])
        boots = {one.id: one.seq for one in (line.station for line in many.lines)}
    found = held(url)
    for one in stations(on.key):
        kept = [(r.seq, r.hash, r.prev, r.type, bytes(r.data), r.sealed) for r in one.unacked]
        assert found[one.id][: len(kept)] == kept
        assert [row[0] for row in found[one.id]] == list(range(1, len(found[one.id]) + 1))
        assert len(found[one.id]) <= boots[one.id]
    assert rows(url, "SELECT kind, terminal FROM alarms") == []
    assert rows(url, "SELECT reason FROM dead_letters") == []
    assert rows(url, "SELECT terminal FROM chains WHERE missing <> '[]' OR broken") == []
    cases = "SELECT count(*) FROM records WHERE type = 'kiosk.case.intent' AND sealed <> ''"
    assert rows(url, "SELECT count(*) FROM cases") == rows(url, cases)
    acts = "SELECT count(*) FROM acts WHERE kind = 'case'"
    counted = "SELECT value FROM counters WHERE name = 'act.case.'"
    assert rows(url, acts) == rows(url, counted)


def test_workers_on_sqlite_take_turns(tmp_path: Path) -> None:
    """One writer at a time: no faster, and not wrong."""
    url = f"sqlite:///{tmp_path}/fleet.db"
    with managerwork.manager(tmp_path, url, workers=2) as on, crowd(on) as many:
        until(many, lambda: not many.count().waiting)
        assert len(on.workers) == 2
    assert rows(url, "SELECT kind, terminal FROM alarms") == []
    assert {name: len(found) for name, found in held(url).items()} == {
        line.station.id: line.station.seq for line in many.lines
    }
