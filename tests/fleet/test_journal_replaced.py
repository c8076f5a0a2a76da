"""A terminal whose journal was spoilt: what is sound reaches the fleet, and people are told."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import msgspec

from kiosk.agent.agent import Agent
from kiosk.agent.link import Broker, Link
from kiosk.agent.reports import Versions
from kiosk.journal import Journal, open_sound

TERMINAL = "KT-0001"
COUNT = 400


def written(path: Path, acked: int) -> list[tuple[int, str]]:
    journal = Journal.open(path, TERMINAL)
    for number in range(COUNT):
        journal.append("x", {"n": number, "fill": "x" * 200})
    journal.note_acked(acked)
    known = [(one.seq, one.hash) for one in journal.walk()]
    journal.close()
    return known


def spoilt(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xa5" * 3 * 4096)


def held(fleet: Any, journal: str) -> list[tuple[int, str]]:
    rows = fleet.database.rows(
        "SELECT seq, hash FROM records WHERE journal = ? ORDER BY seq", journal
    )
    return [(row["seq"], row["hash"]) for row in rows]


def test_what_is_sound_reaches_the_fleet_once_and_the_rest_is_a_gap(
    fleet: Any, tmp_path: Path, until: Any
) -> None:
    path = tmp_path / "terminal/journal.db"
    path.parent.mkdir()
    known = dict(written(path, 0))
    old = Journal.open(path, TERMINAL)
    name = old.id
    old.close()
    spoilt(path)
    journal = open_sound(path, TERMINAL)
    sound = journal.rescued.waiting
    assert 0 < COUNT - sound < 150
    stop = threading.Event()
    link = Link(Broker("127.0.0.1", fleet.place.broker[1]), fleet.place.tenant, TERMINAL)
    agent = Agent(journal, link, Versions("0.1.0", "s", "示例县"))
    thread = threading.Thread(target=agent.run, args=(stop,))
    thread.start()
    try:
        until(lambda: journal_waits(path) == 0)
    finally:
        stop.set()
        thread.join(20)
    records = held(fleet, name)
    assert len(records) == sound
    assert all(known[seq] == digest for seq, digest in records)
    [chain] = fleet.database.rows("SELECT top, missing FROM chains WHERE journal = ?", name)
    gaps = msgspec.json.decode(chain["missing"])
    assert sum(last - first + 1 for first, last in gaps) == chain["top"] - sound
    assert {"kind": "journal_replaced", "journal": name} in fleet.database.rows(
        "SELECT kind, journal FROM alarms"
    )


def journal_waits(path: Path) -> int:
    journal = Journal.open(path, TERMINAL)
    try:
        return journal.rescued.waiting + journal.last_seq - journal.acked_through
    finally:
        journal.close()


def test_an_agent_whose_journal_was_set_aside_ends_to_begin_again(
    fleet: Any, tmp_path: Path
) -> None:
    from kiosk.journal import renew

    path = tmp_path / "journal.db"
    written(path, COUNT)
    journal = Journal.open(path, TERMINAL)
    link = Link(Broker("127.0.0.1", fleet.place.broker[1]), fleet.place.tenant, TERMINAL)
    agent = Agent(journal, link, Versions("0.1.0", "s", "示例县"))
    thread = threading.Thread(target=agent.run, args=(threading.Event(),))
    thread.start()
    renew(path, TERMINAL)
    thread.join(20)
    assert not thread.is_alive()
