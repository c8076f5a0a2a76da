"""The questions for day and time of an appointment, with the places that are free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kiosk import view as v
from kiosk.model import Text
from kiosk.ports import FreeSlot
from kiosk.services.days import date_in_words
from kiosk.services.item import Booking
from kiosk.session.booking import asks_places, booking_of
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

_ASKING = Text("正在查询空位，请稍等。", "Looking up what is free. Please wait.")
_WEEKDAYS = (
    Text("周一", "Monday"), Text("周二", "Tuesday"), Text("周三", "Wednesday"),
    Text("周四", "Thursday"), Text("周五", "Friday"), Text("周六", "Saturday"),
    Text("周日", "Sunday"),
)  # fmt: skip


def with_places(terminal: Terminal, visit: Visit, body: v.QuestionBody) -> v.QuestionBody:
    """Days and slots to choose from; the plain question when nobody can tell what is free."""
    if asks_places(terminal, visit):
        return replace(body, kind="choice", choices=(), hint=_ASKING)
    booking, places = booking_of(visit), visit.around.places
    if booking is None or not places or visit.row is not None:
        return body
    office = visit.vault.answers.get(booking.office, "") if booking.office else ""
    day = visit.vault.answers.get(booking.day, "")
    choices = choices_of(booking, body.name, body.choices, places, office=office, day=day)
    return replace(body, kind="choice", choices=choices) if choices else body


def choices_of(
    booking: Booking,
    name: str,
    known: tuple[v.Choice, ...],
    places: tuple[FreeSlot, ...],
    *,
    office: str = "",
    day: str = "",
) -> tuple[v.Choice, ...]:
    """Of the question `name`, with what is left: at this office, on this day. `known`: the form's
    own choices, in their order; () for another question, and where nothing is free."""
    here = [place for place in places if office in ("", place.office)]
    if name == booking.office:
        return tuple(_offices(booking, known, places))
    if name == booking.day:
        days = sorted({place.day for place in here})
        return tuple(v.Choice(one, _day(one, here)) for one in days)
    if name != booking.slot:
        return ()
    left = {place.slot: place.left for place in here if place.day == day}
    free = (choice for choice in known if choice.code in left)
    return tuple(v.Choice(one.code, _left(one.label, left[one.code])) for one in free)


def _offices(
    booking: Booking, known: tuple[v.Choice, ...], places: tuple[FreeSlot, ...]
) -> Iterator[v.Choice]:
    for choice in known:
        office = booking.find_office(choice.code)
        left = sum(place.left for place in places if place.office == choice.code)
        if office is not None and left:
            where, hours = office.address, office.hours
            more = Text(
                f"余{left} · {where.zh}\n{hours.zh}", f"{left} free · {where.en}\n{hours.en}"
            )
            yield v.Choice(choice.code, choice.label, more)


def day_in_words(day: str) -> Text:
    """With its weekday. `day`: ISO."""
    when = date.fromisoformat(day)
    words, weekday = date_in_words(when), _WEEKDAYS[when.weekday()]
    return Text(f"{words.zh} {weekday.zh}", f"{weekday.en}, {words.en}")


def _day(day: str, places: list[FreeSlot]) -> Text:
    return _left(day_in_words(day), sum(place.left for place in places if place.day == day))


def _left(name: Text, left: int) -> Text:
    return Text(f"{name.zh}（余{left}）", f"{name.en} ({left} free)")
