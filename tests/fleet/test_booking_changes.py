"""An appointment of a case: seen, moved and cancelled by whoever's it is, each request once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bookingwork import CLINIC, OWNER, Office, together
from fleet.booking import changes
from fleet.booking.slots import offered
from kiosk.wire import Act, BookingFault, BookingState, Changed

HOUR = 3600.0
TESTS = Path(__file__).parents[1]
FAULT = BookingFault


@pytest.fixture
def url(each_url: str) -> str:
    return each_url


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(f"sqlite:///{tmp_path}/fleet.db")
    yield office
    office.store.close()


def moved(told: object) -> Changed:
    assert isinstance(told, Changed), told
    assert told.act is Act.MOVED
    return told


def test_each_office_has_its_own_calendar() -> None:
    slots = list(offered(CLINIC, date(2027, 1, 15)))  # a Friday
    monday = [(one.office, one.code, one.capacity) for one in slots if one.day == "2027-01-18"]
    assert monday == [
        ("centre", "morning", 2), ("centre", "afternoon", 2), ("west", "morning", 1),
    ]  # fmt: skip
    assert not [one for one in slots if one.day == "2027-01-19" and one.office == "west"]
    booking = CLINIC.booking
    assert booking is not None
    closed = msgspec.structs.replace(booking.offices[1], closed=("2027-01-18",))
    shut = msgspec.structs.replace(booking, offices=(booking.offices[0], closed))
    there = msgspec.structs.replace(CLINIC, booking=shut)
    found = [one.office for one in offered(there, date(2027, 1, 15)) if one.day == "2027-01-18"]
    assert "west" not in found


def test_a_place_at_one_office_leaves_the_other_free(office: Office) -> None:
    office.given("C-1", "A", office.day(5), "centre")
    free = office.book.free("CLINIC", "v1")
    assert not isinstance(free, FAULT)
    left = {(one.office, one.slot): one.left for one in free if one.day == office.day(5)}
    assert left["centre", "morning"] == 1
    assert left["centre", "afternoon"] == 2
    assert left.get(("west", "morning"), 1) == 1


def test_seen_by_whoever_it_is_of(office: Office) -> None:
    office.given("C-1", "A")
    office.owns("C-1", "B")  # who applied together with A
    for person in "AB":
        one = office.changes.mine(person)[0]
        assert (one.case_no, one.office, one.day, one.fault) == ("C-1", "centre", office.day(4), "")
        start = datetime.fromtimestamp(one.until + 24 * HOUR, ZoneInfo("Asia/Shanghai"))
        assert start.isoformat()[:16] == f"{office.day(4)}T09:00"
    assert office.changes.mine("C") == []


def test_moved_and_told_the_same_again(office: Office) -> None:
    office.given("C-1", "A")
    change = office.change("C-1", "A", 1, slot="afternoon")
    first = moved(office.changes.move(change))
    assert office.live("C-1") == [("centre", office.day(5), "afternoon")]
    second = moved(office.changes.move(office.change("C-1", "A", 2, slot="morning")))
    assert second.slot == "morning"
    # The first one again, late: told as it was, and nothing is moved back.
    assert office.changes.move(change) == first
    assert office.live("C-1") == [("centre", office.day(5), "morning")]
    often = office.change("C-1", "A", 3, slot="afternoon")
    assert office.changes.move(often) is FAULT.MOVED_OFTEN
    assert office.changes.mine("A")[0].fault == "moved_often"
    told = office.changes.cancel(office.change("C-1", "A", 4))
    assert isinstance(told, Changed)


def test_cancelled_for_good_and_the_case_with_it(office: Office) -> None:
    office.given("C-1", "A")
    change = office.change("C-1", "A", 1)
    for _ in range(2):
        told = office.changes.cancel(change)
        assert isinstance(told, Changed)
        assert told.act is Act.CANCELLED
    assert office.withdrawn == ["C-1"]
    assert office.live("C-1") == []
    assert office.changes.mine("A")[0].state is BookingState.CANCELLED
    assert office.changes.cancel(office.change("C-1", "A", 2)) is FAULT.CANCELLED
    assert office.changes.move(office.change("C-1", "A", 3, slot="morning")) is FAULT.CANCELLED
    office.given("C-2", "A")  # and another can be booked


def test_a_case_that_must_stay_is_not_withdrawn(office: Office) -> None:
    assert CLINIC.booking is not None
    kept = msgspec.structs.replace(
        CLINIC, booking=msgspec.structs.replace(CLINIC.booking, withdraws=False)
    )
    office.given("C-1", "A")
    office.catalogue(kept)
    assert isinstance(office.changes.cancel(office.change("C-1", "A", 1)), Changed)
    assert office.withdrawn == []


@pytest.mark.parametrize(
    ("hours", "fault"),
    [(-25, None), (-23, FAULT.TOO_LATE), (1, FAULT.TOO_LATE), (3, FAULT.OVER), (80, FAULT.OVER)],
)
def test_until_when(office: Office, hours: float, fault: BookingFault | None) -> None:
    """It begins at 9:00 and ends at 11:30; 24 hours before it may be changed."""
    office.given("C-1", "A")
    start = datetime.fromisoformat(f"{office.day(4)}T09:00+08:00").timestamp()
    later = office.change("C-1", "A", 1, day=office.day(9))
    gone = office.change("C-1", "A", 2)
    office.now = start + hours * HOUR
    if fault is None:
        moved(office.changes.move(later))
        return
    assert office.changes.move(later) is fault
    assert office.changes.cancel(gone) is fault
    assert office.changes.mine("A")[0].fault == fault.value
    assert len(office.live("C-1")) == 1  # a no-show frees nothing


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ({"slot": "night"}, FAULT.NOT_OFFERED),
        ({"office": "moon"}, FAULT.NOT_OFFERED),
        ({"office": "west", "slot": "afternoon"}, FAULT.NOT_OFFERED),
        ({"day": "2020-01-01"}, FAULT.NOT_OFFERED),
        ({"day": ""}, FAULT.NOT_OFFERED),
    ],
)
def test_where_it_cannot_go(office: Office, place: dict[str, str], fault: BookingFault) -> None:
    office.given("C-1", "A")
    assert office.changes.move(office.change("C-1", "A", 1, **place)) is fault
    assert office.live("C-1") == [("centre", office.day(4), "morning")]


def test_other_refusals(office: Office) -> None:
    office.given("C-1", "A")
    office.owns("C-9", "A")
    same = office.change("C-1", "A", 1, day=office.day(4))
    assert office.changes.move(same) is FAULT.SAME_PLACE
    assert office.changes.cancel(office.change("C-1", "B", 2)) is FAULT.NOT_YOURS
    assert office.changes.cancel(office.change("C-1", "", 3)) is FAULT.NOT_YOURS
    assert office.changes.cancel(office.change("C-7", "A", 4)) is FAULT.NOT_YOURS
    assert office.changes.cancel(office.change("C-9", "A", 5)) is FAULT.NO_APPOINTMENT
    office.given("C-2", "B", office.day(5))
    office.given("C-3", "C", office.day(5))
    full = office.change("C-1", "A", 6, slot="morning")
    assert office.changes.move(full) is FAULT.FULL
    assert office.live("C-1") == [("centre", office.day(4), "morning")]
    used = office.change("C-1", "A", 7, slot="afternoon")
    moved(office.changes.move(used))
    other = office.change("C-1", "A", 7)
    assert office.changes.cancel(other) is FAULT.CONFLICT


def test_a_request_that_was_given_up_comes_too_late(office: Office) -> None:
    office.given("C-1", "A")
    change = office.change("C-1", "A", 1, slot="afternoon")
    for _ in range(2):
        told = office.changes.settle(OWNER, change.request_no)
        assert isinstance(told, Changed)
        assert told.act is Act.CLOSED
    assert office.changes.move(change) is FAULT.GONE
    assert office.changes.cancel(office.change("C-1", "A", 1)) is FAULT.GONE
    assert office.live("C-1") == [("centre", office.day(4), "morning")]
    assert office.changes.settle("KT-0002", change.request_no) is FAULT.UNKNOWN_REQUEST


def test_two_terminals_move_to_the_same_last_place(url: str) -> None:
    office = Office(url)
    people = [f"person {n}" for n in range(8)]
    for n, person in enumerate(people):
        office.given(f"C-{n}", person, office.day(4 + n // 2))
    office.given("C-x", "X", office.day(12))  # one place is left there
    asked = [office.change(f"C-{n}", one, n, day=office.day(12)) for n, one in enumerate(people)]
    told = together(8, lambda n: office.changes.move(asked[n]))
    assert sum(isinstance(one, Changed) for one in told) == 1
    assert told.count(FAULT.FULL) == 7
    assert [len(office.live(f"C-{n}")) for n in range(8)] == [1] * 8
    office.store.close()


def test_one_appointment_moved_and_cancelled_everywhere_at_once(url: str) -> None:
    office = Office(url)
    office.given("C-1", "A")
    moves = [office.change("C-1", "A", n, day=office.day(5 + n)) for n in range(6)]
    gone = [office.change("C-1", "A", 6), office.change("C-1", "A", 7)]

    def act(n: int) -> Any:
        return office.changes.move(moves[n]) if n < 6 else office.changes.cancel(gone[n - 6])

    told = together(8, act)
    assert [one.act for one in told if isinstance(one, Changed)].count(Act.CANCELLED) == 1
    assert office.live("C-1") == []
    assert office.withdrawn == ["C-1"]
    office.store.close()


def test_given_up_and_asked_for_at_once(url: str) -> None:
    """Whichever comes first, both are told the same, and one place is held."""
    office = Office(url)
    for n in range(6):
        case_no, person = f"C-{n}", f"person {n}"
        office.given(case_no, person, office.day(4 + n))
        change = office.change(case_no, person, n, day=office.day(14), slot="afternoon")
        settle = lambda change=change: office.changes.settle(OWNER, change.request_no)  # noqa: E731
        both = (settle, lambda change=change: office.changes.move(change))
        settled, told = together(2, lambda n, both=both: both[n]())
        assert isinstance(settled, Changed)
        held = isinstance(told, Changed) or told is FAULT.FULL
        assert held or settled.act is Act.CLOSED
        assert (settled.act is Act.MOVED) <= isinstance(told, Changed)
        assert len(office.live(case_no)) == 1
    office.store.close()


DIES = """
import os, signal, sys
from bookingwork import Office
from fleet.booking import changes
from kiosk.wire import Act, BookingFault, BookingState, Changed

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(changes, sys.argv[2], die)
office = Office(sys.argv[1])
if sys.argv[3] == "move":
    office.changes.move(office.change("C-1", "A", 1, slot="afternoon"))
else:
    office.changes.cancel(office.change("C-1", "A", 1))
"""


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_a_kill_between_taking_and_letting_go(url: str, act: str) -> None:
    office = Office(url)
    office.given("C-1", "A")
    before = office.live("C-1")
    assert hasattr(changes, "_let_go")
    died = subprocess.run(
        [sys.executable, "-c", DIES, url, "_let_go", act], check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": f"{TESTS}:{TESTS.parent}"}, capture_output=True,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert office.live("C-1") == before
    # The terminal asks again, by the same number: once, and no more.
    change = office.change("C-1", "A", 1, slot="afternoon")
    moved(office.changes.move(change))
    moved(office.changes.move(change))
    assert office.live("C-1") == [("centre", office.day(5), "afternoon")]
    office.store.close()
