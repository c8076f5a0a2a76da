"""Appointments: which places are free, and a place that is kept for the case that is submitted.

A place is held and confirmed before its case is written, under the number that the case will have;
the journal holds the intent before and the outcome after. An intent without an outcome, when nobody
is here any more, belongs to a visit that was cut off: its place is given back, however often that
is tried. So nobody stands in line for a case that does not exist, and no place has two people.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from kiosk import events as e
from kiosk import wire
from kiosk.journal import Journal
from kiosk.ports import (
    Appointments,
    BookingFault,
    Place,
    Reservation,
)
from kiosk.services.item import Booking
from kiosk.session.clock import today
from kiosk.session.errand import Kept
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

KIND = "kiosk.booking.intent"
SECONDS = 6.0
# After these another place may be free.
_WORDS = {
    BookingFault.UNREACHABLE: "unreachable",
    BookingFault.ALREADY_BOOKED: "already_booked",
}
TAKEN = (BookingFault.FULL, BookingFault.NOT_OFFERED, BookingFault.GONE)


def booking_of(visit: Visit) -> Booking | None:
    return visit.item.booking if visit.item else None


def asks_places(terminal: Terminal, visit: Visit) -> bool:
    """Does the question that is asked now wait for what is free?"""
    booking = booking_of(visit)
    if terminal.appointments is None or visit.around.places_told or booking is None:
        return False
    if visit.row is not None or not 0 <= visit.asking < len(visit.fields):
        return False
    return visit.fields[visit.asking].name in places_asked(booking)


def places_asked(booking: Booking) -> tuple[str, ...]:
    """The form's questions about the place."""
    return (*((booking.office,) if booking.office else ()), booking.day, booking.slot)


async def ask_places(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `PlacesTold`."""
    item, appointments = visit.item, terminal.appointments
    if item is None or appointments is None:
        return
    told = await appointments.free(
        item.task_code, terminal.catalogue.version, item.task_version, SECONDS
    )
    visit.around.places = None if isinstance(told, BookingFault) else tuple(told)
    visit.around.places_told = True
    post(e.PlacesTold())


async def reserve(terminal: Terminal, visit: Visit) -> str:
    """'' when the place is the case's, or there is none to keep; else why not: locale key
    `problem.<it>`. Raises `JournalError`."""
    booking, appointments, card = booking_of(visit), terminal.appointments, visit.card
    if booking is None or appointments is None or card is None:
        return ""
    item = visit.item
    assert item is not None
    day, slot = visit.answers.get(booking.day, ""), visit.answers.get(booking.slot, "")
    office = visit.answers.get(booking.office, "")
    what = {"task_code": item.task_code, "office": office, "day": day, "slot": slot}
    kept = _intent(terminal, visit, what)
    place = Place(
        kept.request_no, item.task_code, terminal.catalogue.version, day, slot, card.number,
        item.task_version, office,
    )  # fmt: skip
    told = await appointments.hold(place, SECONDS)
    if isinstance(told, Reservation):
        told = await appointments.confirm(kept.request_no, kept.case_no, SECONDS)
    if isinstance(told, Reservation):
        visit.around.kept = kept
        return ""
    if told in TAKEN:
        visit.around.places, visit.around.places_told = None, False
    if told is not BookingFault.UNREACHABLE:  # or it may have been heard: see `give_back`
        terminal.journal.end(kept.intent, kept.data | {"state": str(told)})
    return f"booking.{_WORDS.get(told, 'taken' if told in TAKEN else 'not_possible')}"


def keep(terminal: Terminal, visit: Visit) -> None:
    """The case is written: the place is its own for good."""
    kept, visit.around.kept = visit.around.kept, None
    if kept is not None:
        terminal.journal.end(kept.intent, kept.data | {"state": "confirmed"})


async def give_back(journal: Journal, appointments: Appointments) -> None:
    """Places of visits that are over without a case. Only while nobody is here."""
    for intent in journal.unfinished():
        if intent.type != KIND:
            continue
        data: dict[str, Any] = msgspec.json.decode(intent.data)
        if _written(journal, intent.seq, data["case_no"]):
            journal.end(intent, data | {"state": "confirmed"})
            continue
        told = await appointments.release(str(data["request_no"]), SECONDS)
        if isinstance(told, Reservation) or told is BookingFault.UNKNOWN_REQUEST:
            journal.end(intent, data | {"state": "released"})


def _written(journal: Journal, first: int, case_no: str) -> bool:
    """Was the power cut between the case and this outcome?"""
    cases = (one for one in journal.walk(first) if one.type == "kiosk.case.intent")
    return any(msgspec.json.decode(one.data).get("case_no") == case_no for one in cases)


def _intent(terminal: Terminal, visit: Visit, what: dict[str, str]) -> Kept:
    journal = terminal.journal
    serial = (int(journal.id[:8], 16) + journal.last_seq + 1) % 100_000
    case_no = wire.case_number(terminal.place.terminal, today(), serial)
    data = {"request_no": secrets.token_hex(10), "case_no": case_no, **what}
    intent = journal.begin("booking", data, visit.id)
    return Kept(data["request_no"], case_no, intent, data)
