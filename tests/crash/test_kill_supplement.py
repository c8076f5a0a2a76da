"""kill -9 around the writing of what is handed in: it comes to the fleet once, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

import fakes
import tally
from fleet.archive.pages import Pages
from fleet.handling.errands import Courier
from fleet.handling.rounds import Rounds
from fleet.ingest import Arrival, Ingest
from fleet.metrics import Metrics
from fleet.store import handling_tables as t
from fleet.store.tables import records
from handlingstore import World, item
from kiosk import wire
from kiosk.journal import Journal
from kiosk.services.fields import Words
from kiosk.services.materials import Material, Source
from kiosk.session.recovery import recover
from materialwork import PROOF
from realhousehold import wait

PROGRAM = Path(__file__).with_name("supplement_process.py")
CASE = wire.case_number("KT-0001", date(2026, 3, 2), 1)
NOTHING = ("begin:before", "commit:before")
PLACES = (*NOTHING, "begin:after", "end:before", "end:after", "print:before", "print:after")
TENANT = "sample"
SKETCH = Material(
    Words("", ""), PROOF, (Source.SCAN, Source.PROMISE), False, page_num=2, correction_day=9999
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path}/fleet.db")
    made.now = 1_790_000_000.0
    made.items = {fakes.RESIDENCE: item(fakes.RESIDENCE, materials=(SKETCH,))}
    applicant = wire.CaseApplicant(fakes.ZHANG.name, fakes.ZHANG.number)
    promised = [wire.CaseMaterial(PROOF, "promise", due="2030-12-04")]
    made.receive(CASE, made.now, applicant=applicant, task_code=fakes.RESIDENCE,
                 materials=promised)  # fmt: skip
    made.decide(CASE, "pending", "materials")
    yield made
    made.store.close()


def play(world: World, folder: Path, place: str) -> int:
    public = world.key.public_key().public_bytes_raw().hex()
    path = os.pathsep.join(map(str, (fakes.ROOT, fakes.ROOT / "tests")))
    argv = [sys.executable, str(PROGRAM), str(folder), public, place]
    done = subprocess.run(
        argv, env={**os.environ, "PYTHONPATH": path}, timeout=90, check=False, capture_output=True
    )
    assert done.returncode in (0, -9), done.stderr.decode()
    tally.count(kills=done.returncode == -9)
    return done.returncode


def send(world: World, journal: Journal) -> None:
    """All of it, as an agent that has lost every acknowledgement does; then the pages."""
    ingest = Ingest(world.store, TENANT, Metrics(), world.clock)
    ingest.start(lambda _terminal, _ack: None)
    events = wire.Events(terminal="KT-0001", records=journal.records(1))
    for _ in range(2):
        ingest.put(Arrival(wire.topic(TENANT, "KT-0001", "events"), wire.encode(events)))
    wait(lambda: held(world) == journal.last_seq, 30, "the fleet to hold every record")
    ingest.stop()
    for digest in journal.pages.digests():
        page = journal.pages.read(digest)
        assert page is not None
        Pages(world.store, world.key).keep(page.digest, page.sealed)


def held(world: World) -> int:
    with world.store.read() as connection:
        return len(connection.scalars(select(records.c.seq)).all())


@pytest.mark.timeout(120)
@pytest.mark.parametrize("place", PLACES)
def test_killed_at(world: World, tmp_path: Path, place: str) -> None:
    folder = tmp_path / "terminal"
    assert play(world, folder, place) == -9, f"the visit never came to {place}"
    journal = Journal.open(folder / "journal.db", "KT-0001")
    try:
        expected = 0 if place in NOTHING else 1
        open_act = place not in (*NOTHING, "end:after", "print:before")
        assert recover(journal) == (CASE if open_act else "")
        assert journal.pages.waiting == 2 * expected
        assert journal.verify() == journal.last_seq
        assert journal.unfinished() == []
        send(world, journal)
        check(world, expected)
    finally:
        journal.close()


def check(world: World, expected: int) -> None:
    """Judged once, brought once; and once more nothing happens."""
    brought: list[list[str]] = []
    courier = Courier(
        world.context, lambda case, new: brought.append([one.source for one in case.materials])
    )
    for _ in range(2):
        Rounds(world.context, reporting=True).until_quiet()
        courier.once()
    rows = [(row["outcome"], row["handed_over"]) for row in world.rows(t.handling_supplements)]
    lost, doubled = max(0, expected - len(rows)), max(0, len(rows) - expected)
    tally.count(rounds=1, lost=lost, doubled=doubled)
    assert rows == [("taken", True)] * expected
    kinds = [row["kind"] for row in world.rows(t.handling_events)]
    assert kinds.count("supplemented") == expected
    assert brought == [["scan"]] * expected
