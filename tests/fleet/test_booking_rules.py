"""Appointments: what is offered, held, confirmed, released, run out; each request once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from bookingwork import CAPACITY, CATALOGUE, OWNER, SLOTS, WEDDING, Office
from fleet.booking.answers import Asked
from fleet.booking.book import HOLD_SECONDS
from fleet.booking.slots import offered
from kiosk.services.item import Booking
from kiosk.services.workdays import is_workday
from kiosk.wire import BookingFault, BookingState, Reservation

DAY = 86400.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(f"sqlite:///{tmp_path}/fleet.db")
    yield office
    office.store.close()


def test_only_working_days_within_reach_are_offered() -> None:
    days = [one.day for one in offered(WEDDING, date(2026, 9, 28))]
    assert days == sorted(days)
    assert all(is_workday(date.fromisoformat(day)) for day in days)
    assert "2026-10-01" not in days  # national day
    assert min(days) == "2026-09-29"
    assert max(days) <= "2026-10-28"
    slots = [one.code for one in offered(WEDDING, date(2026, 9, 28))]
    assert slots[:2] == SLOTS


def test_an_absurd_span_ends() -> None:
    endless = msgspec.structs.replace(WEDDING, booking=Booking("day", "slot", 1, (1, 10**9)))
    assert len(list(offered(endless, date(2026, 1, 1)))) < 800


def test_held_confirmed_and_told_the_same_again(office: Office) -> None:
    asked = office.asked("A")
    held = office.book.hold(asked)
    assert held == office.book.hold(asked)
    assert isinstance(held, Reservation)
    assert (held.state, held.seconds) == (BookingState.HELD, HOLD_SECONDS)
    assert office.left() == CAPACITY - 1
    for _ in range(2):
        told = office.book.confirm(OWNER, asked.request_no, "C-1")
        assert isinstance(told, Reservation)
        assert told.state is BookingState.CONFIRMED
    assert office.book.confirm(OWNER, asked.request_no, "C-2") is BookingFault.CONFLICT
    office.now += 2 * HOLD_SECONDS
    assert office.left() == CAPACITY - 1


def test_a_full_slot(office: Office) -> None:
    for person in "ABC":
        office.held(person)
    assert office.hold("D") is BookingFault.FULL
    assert office.left() == 0
    assert office.held("D", "afternoon").slot == "afternoon"


def test_a_hold_runs_out_and_is_free_again(office: Office) -> None:
    held = [office.held(person) for person in "ABC"]
    office.now += HOLD_SECONDS
    assert office.left() == CAPACITY
    assert office.held("D").state is BookingState.HELD
    # Whoever comes back late has the place if nobody else took it.
    for one in held[:2]:
        told = office.book.confirm(OWNER, one.request_no, f"C-{one.request_no}")
        assert isinstance(told, Reservation)
        assert told.state is BookingState.CONFIRMED
    assert office.book.confirm(OWNER, held[2].request_no, "C-3") is BookingFault.GONE


def test_a_released_place_is_free_at_once(office: Office) -> None:
    one = office.held("A")
    for _ in range(2):
        told = office.book.release(OWNER, one.request_no)
        assert isinstance(told, Reservation)
        assert told.state is BookingState.RELEASED
    assert office.left() == CAPACITY
    assert office.book.confirm(OWNER, one.request_no, "C-1") is BookingFault.GONE


def test_a_confirmed_one_can_be_cancelled(office: Office) -> None:
    one = office.held("A")
    office.book.confirm(OWNER, one.request_no, "C-1")
    assert office.hold("A", "afternoon") is BookingFault.ALREADY_BOOKED
    office.book.release(OWNER, one.request_no)
    assert office.held("A", "afternoon").state is BookingState.HELD


def test_a_person_has_one_place_and_can_change_it(office: Office) -> None:
    first, second = office.held("A"), office.held("A", "afternoon")
    assert office.left() == CAPACITY
    assert office.left("afternoon") == CAPACITY - 1
    assert office.book.confirm(OWNER, first.request_no, "C-1") is BookingFault.GONE
    assert isinstance(office.book.confirm(OWNER, second.request_no, "C-1"), Reservation)


def test_an_appointment_that_is_over_stands_in_nobodys_way(office: Office) -> None:
    one = office.held("A")
    office.book.confirm(OWNER, one.request_no, "C-1")
    office.now += 10 * DAY
    assert office.held("A").state is BookingState.HELD


@pytest.mark.parametrize(
    ("day", "slot"),
    [
        ("2027-01-15", "morning"),  # today
        ("2027-01-16", "morning"),  # Saturday
        ("2027-03-01", "morning"),  # too far ahead
        ("2020-01-01", "morning"),
        ("9999-99-99", "morning"),
        ("", "night"),
    ],
)
def test_what_is_not_offered(office: Office, day: str, slot: str) -> None:
    assert office.hold("A", slot, day) is BookingFault.NOT_OFFERED


def test_other_refusals(office: Office) -> None:
    asked = office.asked("A")
    office.book.hold(asked)
    other = office.asked("A", "afternoon", request=asked.request_no)
    assert office.book.hold(other) is BookingFault.CONFLICT
    stranger = office.asked("B", request=asked.request_no)
    assert office.book.hold(stranger) is BookingFault.CONFLICT
    assert office.hold("") is BookingFault.NOBODY
    nowhere = Asked("0123456789abcdef99", OWNER, "NONE", "v1", office.day(), "morning", "A")
    assert office.book.hold(nowhere) is BookingFault.UNKNOWN_ITEM
    assert office.book.free("FLAT", "v1") is BookingFault.UNKNOWN_ITEM
    assert office.book.free("WEDDING", "v0") is BookingFault.UNKNOWN_CATALOGUE
    assert office.book.confirm(OWNER, "none", "C") is BookingFault.UNKNOWN_REQUEST
    assert office.book.release("KT-0002", asked.request_no) is BookingFault.UNKNOWN_REQUEST


def test_the_database_does_not_tell_who(office: Office, tmp_path: Path) -> None:
    number = "445299199003072043"
    office.held(number)
    office.store.close()
    assert CATALOGUE.version == "v1"
    for file in tmp_path.iterdir():
        assert number.encode() not in file.read_bytes()
