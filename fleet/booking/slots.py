"""Which days and slots an item offers. Pure, but for the calendar of working days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.services.item import Booking, Item, Office
from kiosk.services.workdays import is_workday

MOST_DAYS = 366  # looked at, whatever an item's file says
DAY_SECONDS = 86400.0


@dataclass(frozen=True, slots=True)
class Slot:
    """`day`: ISO date; `code`: of the form's choice, as `office` is ('' where there is but one);
    `capacity`: how many at most."""

    day: str
    code: str
    capacity: int
    office: str = ""


def offered(item: Item, today: date) -> Iterator[Slot]:
    """In the order of days, of offices, and of the form's choices."""
    booking = item.booking
    if booking is None:
        return
    codes = [
        choice.code
        for field in item.fields
        if field.name == booking.slot
        for choice in field.choices
    ]
    first, last = booking.days_ahead
    for ahead in range(first, min(last, first + MOST_DAYS) + 1):
        day = today + timedelta(days=ahead)
        if not is_workday(day):
            continue
        for office in booking.offices or (None,):
            yield from _on(day, office, codes, booking.capacity)


def _on(day: date, office: Office | None, codes: list[str], capacity: int) -> Iterator[Slot]:
    """`office` None: the item has but one."""
    if office is None:
        yield from (Slot(day.isoformat(), code, capacity) for code in codes)
        return
    away = office.weekdays and day.isoweekday() not in office.weekdays
    if away or day.isoformat() in office.closed:
        return
    for code in codes:
        if code in office.slots or not office.slots:
            yield Slot(day.isoformat(), code, office.capacity or capacity, office.code)


def find(item: Item, today: date, day: str, code: str, office: str = "") -> Slot | None:
    """None: not offered on that day."""
    wanted = (day, code, office)
    slots = offered(item, today)
    return next((one for one in slots if (one.day, one.code, one.office) == wanted), None)


def begins(booking: Booking, day: str, code: str, zone: ZoneInfo) -> float:
    """Epoch seconds; without times, when the day begins."""
    return _moment(day, booking.times.get(code, ("00:00", ""))[0], zone)


def over(booking: Booking, day: str, code: str, zone: ZoneInfo) -> float:
    """From when on nobody comes any more; without times, when the day is over."""
    times = booking.times.get(code)
    if times is None:
        return _moment(day, "00:00", zone) + DAY_SECONDS
    return _moment(day, times[1], zone)


def _moment(day: str, time: str, zone: ZoneInfo) -> float:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone).timestamp()
