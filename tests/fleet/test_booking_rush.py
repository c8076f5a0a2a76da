"""Everybody wants the same morning at once: on SQLite and PostgreSQL, threads and processes."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

import pytest

import bookingrush
from bookingwork import CAPACITY, OWNER, Office, together
from fleet.store.booking_tables import bookings
from kiosk.wire import BookingFault, BookingState, Reservation

PEOPLE = 24


@pytest.fixture
def url(each_url: str) -> str:
    return each_url


def active(office: Office) -> list[tuple[str, int | None, str]]:
    return [row for row in office.rows() if row[0] in ("held", "confirmed")]


def test_many_people_one_slot(url: str) -> None:
    office = Office(url)
    asked = [office.asked(f"person {number}") for number in range(PEOPLE)]
    told = together(PEOPLE, lambda number: office.book.hold(asked[number]))
    assert sum(isinstance(one, Reservation) for one in told) == CAPACITY
    assert told.count(BookingFault.FULL) == PEOPLE - CAPACITY
    assert sorted(seat for _, seat, _ in active(office)) == list(range(CAPACITY))  # type: ignore[type-var]
    office.store.close()


def test_one_person_at_many_terminals(url: str) -> None:
    """Held anew again and again; in the end one place, whoever was last."""
    office = Office(url)
    asked = [office.asked("A", ["morning", "afternoon"][n % 2]) for n in range(PEOPLE)]

    def act(number: int) -> Any:
        office.book.hold(asked[number])
        return office.book.confirm(OWNER, asked[number].request_no, f"C-{number}")

    told = together(PEOPLE, act)
    assert sum(isinstance(one, Reservation) for one in told) == 1
    assert len(active(office)) == 1
    office.store.close()


def test_one_request_sent_many_times(url: str) -> None:
    office = Office(url)
    asked = office.asked("A")
    told = together(PEOPLE, lambda _: office.book.hold(asked))
    assert all(isinstance(one, Reservation) for one in told)
    assert len(office.rows()) == 1
    office.store.close()


def test_processes_with_clocks_of_their_own(url: str) -> None:
    """Holds run out, places change hands; never more than fit, never two of one person."""
    office = Office(url)
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(4)
    processes = [
        context.Process(target=bookingrush.rush, args=(url, seed, gate)) for seed in range(1, 5)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(100)
        assert process.exitcode == 0
    with office.store.read() as connection:
        rows = connection.execute(bookings.select()).all()
    assert len(rows) > 2 * CAPACITY, "no place changed hands"
    live = [row for row in rows if row.seat is not None]
    assert max(Counter((row.day, row.slot) for row in live).values()) <= CAPACITY
    assert max(Counter(row.holder for row in live).values()) == 1
    assert all(row.state in (BookingState.HELD, BookingState.CONFIRMED) for row in live)
    office.store.close()
