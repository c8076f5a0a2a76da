"""A terminal's appointments, asked of the fleet's real routes: the last place goes to one visit."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

import fakes
from bookingwork import CAPACITY, CLINIC, WEDDING, Office
from fleet import gateway, keys
from fleet.booking import routes
from fleet.booking.book import Bookings
from fleet.booking.changes import Changes
from fleet.identity.door import BURST, Door
from fleet.identity.marks import Marks
from fleet.payment.items import HeldItems
from kiosk.gateway import HttpAppointments
from kiosk.gateway.proven import ProvenLine
from kiosk.ports import Act, BookingFault, BookingState, Change, Changed, Place, Reservation

CODE, VERSION = WEDDING.task_code, WEDDING.task_version


@pytest.fixture
def line(tmp_path: Path) -> Iterator[tuple[Office, HttpAppointments]]:
    """The fleet names no terminal's catalogue: items are found by their version."""
    office = Office(f"sqlite:///{tmp_path}/fleet.db")
    key = keys.case_key(tmp_path / "var", tmp_path / "trust")
    tokens = keys.tokens(tmp_path / "var", tmp_path / "trust")
    marks = Marks(b"k" * 32)
    items = HeldItems(lambda: [WEDDING, CLINIC], office.store)
    book = Bookings(office.store, marks, items, lambda: office.now)
    door = Door(office.store, key, marks, lambda: office.now)
    changes = Changes(office.store, marks, items, lambda *_: None, clock=lambda: office.now)
    app = FastAPI()
    app.include_router(routes.router(book, changes, door, gateway.known_terminal(tokens)))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    public = key.public_key().public_bytes_raw()
    token = tmp_path / "trust" / "terminal.token"
    try:
        yield office, HttpAppointments(ProvenLine(url, token, lambda: public, lambda: office.now))
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
        office.store.close()


async def book(line: HttpAppointments, day: str, number: str, serial: int) -> object:
    place = Place(f"abcdef{serial:08d}", CODE, "county 7", day, "morning", number, VERSION)
    held = await line.hold(place, 30)
    if not isinstance(held, Reservation):
        return held
    return await line.confirm(place.request_no, fakes.CERTIFICATE[:20], 30)


async def test_places_are_told_kept_given_back_and_never_doubled(
    line: tuple[Office, HttpAppointments],
) -> None:
    office, appointments = line
    free = await appointments.free(CODE, "county 7", VERSION, 30)
    assert not isinstance(free, BookingFault)
    day = free[0].day
    assert (free[0].slot, free[0].left) == ("morning", CAPACITY)
    told = await asyncio.gather(
        *(book(appointments, day, f"person {n}", n) for n in range(CAPACITY + 2))
    )
    kept = [one for one in told if isinstance(one, Reservation)]
    assert [one.state for one in kept] == [BookingState.CONFIRMED] * CAPACITY
    assert told.count(BookingFault.FULL) == 2
    office.now += 3600
    given = await appointments.release(kept[0].request_no, 30)
    assert isinstance(given, Reservation)
    assert given.state is BookingState.RELEASED
    assert isinstance(await book(appointments, day, "somebody", 99), Reservation)
    await appointments.end()


async def test_an_unknown_version_has_no_places(line: tuple[Office, HttpAppointments]) -> None:
    _office, appointments = line
    told = await appointments.free(CODE, "county 7", "no such version", 30)
    assert told is BookingFault.UNKNOWN_CATALOGUE
    await appointments.end()


async def test_an_appointment_is_seen_moved_settled_and_cancelled(
    line: tuple[Office, HttpAppointments],
) -> None:
    office, appointments = line
    office.given("C-1", "A")
    to = {"catalogue": "county 7", "task_version": "1", "office": "west", "slot": "morning"}
    day = next(one for one in (office.day(n) for n in range(5, 9)) if _is_wednesday(one))
    change = Change("change0000000001", "C-1", "A", "CLINIC", day=day, **to)
    seen = await appointments.mine("A", 30)
    assert not isinstance(seen, BookingFault)
    assert [(one.case_no, one.office, one.moves_left) for one in seen] == [("C-1", "centre", 2)]
    for _ in range(2):
        told = await appointments.move(change, 30)
        assert isinstance(told, Changed)
        assert (told.act, told.office, told.day) == (Act.MOVED, "west", day)
    settled = await appointments.settle(change.request_no, 30)
    assert isinstance(settled, Changed)
    assert settled.act is Act.MOVED
    stranger = Change("change0000000002", "C-1", "B")
    assert await appointments.cancel(stranger, 30) is BookingFault.NOT_YOURS
    last = Change("change0000000003", "C-1", "A")
    gone = await appointments.cancel(last, 30)
    assert isinstance(gone, Changed)
    assert gone.act is Act.CANCELLED
    assert office.live("C-1") == []
    assert await appointments.move(change, 30) == told  # as it was told before; nothing is done
    assert office.live("C-1") == []
    await appointments.end()


async def test_numbers_of_people_cannot_be_tried_out(line: tuple[Office, HttpAppointments]) -> None:
    _office, appointments = line
    told = [await appointments.mine(f"person {n}", 30) for n in range(BURST + 1)]
    assert told[:-1] == [[]] * BURST
    assert told[-1] is BookingFault.TOO_OFTEN
    await appointments.end()


def _is_wednesday(day: str) -> bool:
    return date.fromisoformat(day).isoweekday() == 3
