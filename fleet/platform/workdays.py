"""Working days: the promise's clock stands still on weekends and holidays."""

from __future__ import annotations

import functools
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

CALENDAR = Path(__file__).with_name("holidays.toml")
SATURDAY = 5


def is_workday(day: date) -> bool:
    off, work = _year(day.year)
    return day in work or (day not in off and day.weekday() < SATURDAY)


def after(start: date, days: int) -> date:
    """The day on which the `days`-th working day after `start` ends; `start` does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_workday(day)
    return day


@functools.cache
def _calendar() -> dict[str, Any]:
    return tomllib.loads(CALENDAR.read_text(encoding="utf-8"))


@functools.cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off, and weekend days that are worked."""
    listed = _calendar().get(str(year), {"off": _calendar()["fixed"], "work": []})
    return _days(year, listed["off"]), _days(year, listed["work"])


def _days(year: int, spans: list[str]) -> frozenset[date]:
    """`MM-DD`, or `MM-DD..MM-DD` with both ends."""
    days: set[date] = set()
    for span in spans:
        first, _, last = span.partition("..")
        start = date.fromisoformat(f"{year}-{first}")
        length = (date.fromisoformat(f"{year}-{last or first}") - start).days
        days.update(start + timedelta(days=i) for i in range(length + 1))
    return frozenset(days)
