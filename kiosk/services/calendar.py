"""Working days as data: weekends, holidays, and weekend days that are worked in exchange.

A day here is a day in China (UTC+8, no summer time). A year without a list is never silently
wrong: whatever was reckoned through it names it in `guessed`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

HOLIDAYS = Path(__file__).with_name("holidays.toml")
CHINA = timezone(timedelta(hours=8))
SATURDAY = 5
ONE = timedelta(days=1)
DAY_SECONDS = 86_400.0


class CalendarError(ValueError):
    """The calendar's file is not one; names the place."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day; `guessed`: years on the way to it of which the holidays are not known yet."""

    day: date
    guessed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Year:
    off: frozenset[date]
    work: frozenset[date]
    listed: bool


class Calendar:
    """`data`: as in `holidays.toml`. Raises `CalendarError`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._years: dict[int, _Year] = {}
        for name in data:
            if name != "fixed":
                self._year(_year_number(name))
        if "fixed" not in data:
            raise CalendarError("fixed: is missing")

    @property
    def listed(self) -> frozenset[int]:
        """Years of which the holidays are known."""
        return frozenset(year for year, known in self._years.items() if known.listed)

    def is_workday(self, day: date) -> bool:
        known = self._year(day.year)
        return day in known.work or (day not in known.off and day.weekday() < SATURDAY)

    def after(self, start: date, days: int) -> Reckoned:
        """The day on which the `days`-th working day after `start` ends; `start` is not one."""
        day = start
        while days > 0:
            day += ONE
            days -= self.is_workday(day)
        return Reckoned(day, self.guessed(start, day))

    def before(self, end: date, days: int) -> date:
        """The working day that is the `days`-th before `end`."""
        day = end
        while days > 0:
            day -= ONE
            days -= self.is_workday(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        length = (last - first).days
        return sum(self.is_workday(first + timedelta(days=i)) for i in range(1, length + 1))

    def guessed(self, first: date, last: date) -> frozenset[int]:
        """Years from `first` to `last` without a list."""
        years = range(first.year, last.year + 1)
        return frozenset(year for year in years if not self._year(year).listed)

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            listed = self._data.get(str(year))
            spans = listed or {"off": self._data.get("fixed", []), "work": []}
            off = _days(year, spans.get("off"), "off")
            work = _days(year, spans.get("work"), "work")
            if off & work:
                raise CalendarError(f"{year}: {min(off & work)} is both off and worked")
            self._years[year] = _Year(off, work, listed is not None)
        return self._years[year]


@functools.cache
def default() -> Calendar:
    """The one of `holidays.toml`."""
    return Calendar(tomllib.loads(HOLIDAYS.read_text(encoding="utf-8")))


def china_day(moment: float) -> date:
    """The day in China at `moment` (epoch seconds)."""
    return datetime.fromtimestamp(moment, UTC).astimezone(CHINA).date()


@functools.lru_cache(maxsize=4096)
def day_start(day: date) -> float:
    """Epoch seconds of its first moment in China."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp()


def day_end(day: date) -> float:
    """The first moment that is no longer `day`."""
    return day_start(day) + DAY_SECONDS  # no summer time in China


def _year_number(name: str) -> int:
    if not (name.isdecimal() and len(name) == 4):
        raise CalendarError(f"{name}: is no year")
    return int(name)


def _days(year: int, spans: object, key: str) -> frozenset[date]:
    """`MM-DD`, or `MM-DD..MM-DD` with both ends."""
    if not isinstance(spans, list):
        raise CalendarError(f"{year}.{key}: must be a list of days")
    days: set[date] = set()
    for span in spans:
        first, _, last = str(span).partition("..")
        try:
            start = date.fromisoformat(f"{year}-{first}")
            length = (date.fromisoformat(f"{year}-{last or first}") - start).days
        except ValueError:
            raise CalendarError(f"{year}.{key}: {span} is no day of that year") from None
        if length < 0:
            raise CalendarError(f"{year}.{key}: {span} ends before it begins")
        days.update(start + timedelta(days=i) for i in range(length + 1))
    return frozenset(days)
