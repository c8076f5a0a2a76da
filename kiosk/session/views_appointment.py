"""The bodies of the pages about an appointment, and what holds now in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk import view as v
from kiosk.model import Text
from kiosk.ports import Appointment, BookingFault
from kiosk.services.item import Booking, Item
from kiosk.session.appointment import appointment_of, holds, item_of
from kiosk.session.terminal import Terminal
from kiosk.session.views_booking import choices_of, day_in_words
from kiosk.session.views_identity import text
from kiosk.session.visit import Visit
from kiosk.view import State

NOTHING = Text("", "")
_ASKING = Text("正在查询空位，请稍等。", "Looking up what is free. Please wait.")


def _appointment(terminal: Terminal, visit: Visit) -> v.Body:
    one, item = appointment_of(visit), item_of(terminal, visit)
    assert one is not None
    why_not = _why_not(terminal, one, item)
    booking = item.booking if item else None
    office = booking.find_office(one.office) if booking else None
    day, slot = _when(item, one.day, one.slot)
    return v.AppointmentBody(
        case_no=one.case_no,
        item=text(item.task_name) if item else NOTHING,
        day=day,
        slot=slot,
        office=text(office.name) if office else NOTHING,
        address=address_of(item, one.office),
        hours=text(office.hours) if office else NOTHING,
        bring=text(booking.bring) if booking else NOTHING,
        cancelled=not holds(visit),
        move=why_not,
        cancel="" if one.fault == BookingFault.MOVED_OFTEN and _online(terminal) else why_not,
        until=_until(one.until),
        moves=one.moves_left,
        slip=terminal.condition.usable("receipt"),
    )


def _why_not(terminal: Terminal, one: Appointment, item: Item | None) -> str:
    if one.fault:
        return f"why_not.appointment.{one.fault}"
    if item is None:
        return "why_not.appointment.desk"
    return "" if _online(terminal) else "why_not.offline"


def _online(terminal: Terminal) -> bool:
    return terminal.condition.online and terminal.appointments is not None


def _place(terminal: Terminal, visit: Visit) -> v.Body:
    """One question of where and when, among what is free."""
    item, changing, around = item_of(terminal, visit), visit.around.changing, visit.around
    assert item is not None
    assert item.booking is not None
    field = next(one for one in item.fields if one.name == changing.question)
    known = tuple(v.Choice(one.code, text(one.label)) for one in field.choices)
    choices = choices_of(
        item.booking, field.name, known, around.places or (), office=changing.office,
        day=changing.day,
    )  # fmt: skip
    hint = NOTHING if around.places_told else _ASKING
    number, total = changing.asking + 1, len(changing.questions)
    return v.QuestionBody(
        field.name, "choice", text(field.label), hint, number, total, choices
    )  # fmt: skip


def _ask(terminal: Terminal, visit: Visit) -> v.Body:
    one, item, changing = appointment_of(visit), item_of(terminal, visit), visit.around.changing
    assert one is not None
    booking = item.booking if item else None
    moves = changing.act == "move"
    new = lines(item, changing.office, changing.day, changing.slot) if moves else ()
    return v.AppointmentAskBody(
        changing.act, changing.again, lines(item, one.office, one.day, one.slot), new,
        withdraws=booking is not None and booking.withdraws,
    )  # fmt: skip


def _act(_terminal: Terminal, visit: Visit) -> v.Body:
    return v.LookupBody(visit.around.changing.act)


def lines(item: Item | None, office: str, day: str, slot: str) -> tuple[Text, ...]:
    """A place in words: day and time, then where."""
    on, at = _when(item, day, slot)
    when = Text(f"{on.zh} {at.zh}".strip(), f"{on.en}, {at.en}" if at.en else on.en)
    booking = item.booking if item else None
    found = booking.find_office(office) if booking else None
    return (when, text(found.name)) if found else (when,)


def now_lines(terminal: Terminal, visit: Visit) -> tuple[Text, ...]:
    """What holds after what was done: the place; after a cancelling the one that is no more."""
    one, item, changing = appointment_of(visit), item_of(terminal, visit), visit.around.changing
    if changing.done and changing.act == "move":
        return lines(item, changing.office, changing.day, changing.slot)
    return lines(item, one.office, one.day, one.slot) if one else ()


def case_lines(terminal: Terminal, visit: Visit) -> tuple[Text, ...]:
    """On the case's own page: when and where, and what to bring; () when it has none."""
    one, item = appointment_of(visit), item_of(terminal, visit)
    if one is None or not holds(visit):
        return ()
    bring = item.booking.bring if item and item.booking else None
    more = (Text(f"请带：{bring.zh}", f"Bring: {bring.en}"),) if bring and bring.zh else ()
    return (*lines(item, one.office, one.day, one.slot), *more)


def _when(item: Item | None, day: str, slot: str) -> tuple[Text, Text]:
    """The day with its weekday, and the time as the form has it."""
    booking: Booking | None = item.booking if item else None
    fields = [one for one in item.fields if booking and one.name == booking.slot] if item else []
    label = next((one.label for field in fields for one in field.choices if one.code == slot), None)
    return day_in_words(day), text(label) if label else Text(slot, slot)


def address_of(item: Item | None, code: str) -> Text:
    """Of the office; where there is but one, as the item says it."""
    if item is None:
        return NOTHING
    office = item.booking.find_office(code) if item.booking else None
    return text(office.address if office else item.transact_addr)


def _until(moment: float) -> Text:
    if not moment:
        return NOTHING
    when = datetime.fromtimestamp(moment).astimezone()
    day = day_in_words(when.date().isoformat())
    return Text(f"{day.zh} {when:%H:%M}", f"{day.en}, {when:%H:%M}")


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.APPOINTMENT: _appointment,
    State.APPOINTMENT_PLACE: _place,
    State.APPOINTMENT_ASK: _ask,
    State.APPOINTMENT_ACT: _act,
}
