"""An appointment that a case has: seen with one's card, moved, cancelled.

The journal holds the intent before the fleet is asked, and the outcome after it has committed. An
intent without an outcome (the answer was lost, or the power) is settled when nobody is here: the
fleet says whether it was done, and if not, it never will be.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

import msgspec

from kiosk import events as e
from kiosk.journal import Journal
from kiosk.model import CaseStory
from kiosk.ports import (
    Appointment,
    Appointments,
    BookingFault,
    BookingState,
    Change,
    Changed,
)
from kiosk.services.item import Item
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

KIND = "kiosk.appointment.intent"
SECONDS = 6.0
TRIES = 3  # by the same number: the fleet does it once
PAUSE_SECONDS = 1.0


async def ask_mine(
    terminal: Terminal, visit: Visit, stories: Sequence[CaseStory]
) -> tuple[Appointment, ...] | None:
    """Those of these cases; None: the fleet does not tell. Not asked where no service has any."""
    appointments, card = terminal.appointments, visit.card
    items = (terminal.catalogue.find(story.task_code) for story in stories)
    if appointments is None or card is None or not any(one and one.booking for one in items):
        return ()
    told = await appointments.mine(card.number, SECONDS)
    return None if isinstance(told, BookingFault) else tuple(told)


def appointment_of(visit: Visit) -> Appointment | None:
    """Of the case that is shown."""
    number = visit.around.enquiry.case_no
    return next((one for one in visit.vault.appointments or () if one.case_no == number), None)


def item_of(terminal: Terminal, visit: Visit) -> Item | None:
    """With a calendar; None: this catalogue does not have it any more."""
    number = visit.around.enquiry.case_no
    story = next((one for one in visit.vault.stories if one.case_no == number), None)
    item = terminal.catalogue.find(story.task_code) if story else None
    return item if item is not None and item.booking is not None else None


def holds(visit: Visit) -> bool:
    one = appointment_of(visit)
    return one is not None and one.state is BookingState.CONFIRMED


async def ask_free(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `PlacesTold`; once for each change."""
    item, appointments, around = item_of(terminal, visit), terminal.appointments, visit.around
    if around.places_told or item is None or appointments is None:
        return
    told = await appointments.free(
        item.task_code, terminal.catalogue.version, item.task_version, SECONDS
    )
    around.places = None if isinstance(told, BookingFault) else tuple(told)
    around.places_told = True
    post(e.PlacesTold())


async def change_it(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `AppointmentChanged`. Raises `JournalError`, before anything is asked."""
    appointments, card, item = terminal.appointments, visit.card, item_of(terminal, visit)
    if appointments is None or card is None or item is None:
        post(e.AppointmentChanged(fault=BookingFault.UNREACHABLE))
        return
    changing = visit.around.changing
    data = {
        "request_no": secrets.token_hex(10), "act": changing.act, "task_code": item.task_code,
        "case_no": visit.around.enquiry.case_no, "office": changing.office, "day": changing.day,
        "slot": changing.slot,
    }  # fmt: skip
    intent = terminal.journal.begin("appointment", data, visit.id)
    change = Change(
        data["request_no"], data["case_no"], card.number, item.task_code,
        terminal.catalogue.version, item.task_version, changing.office, changing.day,
        changing.slot,
    )  # fmt: skip
    told = await _asked(appointments, changing.act, change)
    if told is not BookingFault.UNREACHABLE:  # or it may have been heard: see `settle`
        terminal.journal.end(intent, data | {"state": _state(told)})
    done = isinstance(told, Changed)
    post(e.AppointmentChanged(_state(told)) if done else e.AppointmentChanged(fault=_state(told)))


async def _asked(appointments: Appointments, act: str, change: Change) -> Changed | BookingFault:
    """A lost answer is asked for again."""
    ask = appointments.move if act == "move" else appointments.cancel
    told = await ask(change, SECONDS)
    for _ in range(TRIES - 1):
        if told is not BookingFault.UNREACHABLE:
            break
        await asyncio.sleep(PAUSE_SECONDS)
        told = await ask(change, SECONDS)
    return told


async def settle(journal: Journal, appointments: Appointments) -> None:
    """Changes of which nobody knows what became. Only while nobody is here."""
    for intent in journal.unfinished():
        if intent.type != KIND:
            continue
        data: dict[str, Any] = msgspec.json.decode(intent.data)
        told = await appointments.settle(str(data["request_no"]), SECONDS)
        if told is not BookingFault.UNREACHABLE:
            journal.end(intent, data | {"state": _state(told)})


def _state(told: Changed | BookingFault) -> str:
    return str(told.act) if isinstance(told, Changed) else str(told)
