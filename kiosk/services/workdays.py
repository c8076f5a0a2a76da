"""Working days by the calendar, for whoever needs no more than a day."""

from __future__ import annotations

from datetime import date

from kiosk.services import calendar


def is_workday(day: date) -> bool:
    return calendar.default().is_workday(day)


def after(start: date, days: int) -> date:
    """The day on which the `days`-th working day after `start` ends; `start` does not count."""
    return calendar.default().after(start, days).day
