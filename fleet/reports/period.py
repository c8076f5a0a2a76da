"""From which day to which a report speaks, and into which parts it is cut. Days are China's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from kiosk.services.calendar import CHINA, DAY_SECONDS, ONE, day_end, day_start

LONGEST_DAYS = 3660
EPOCH = date(1970, 1, 1)
OFFSET = CHINA.utcoffset(None).total_seconds()


class PeriodError(ValueError):
    """The days do not make a period; says why."""


class Grain(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


CUT: dict[Grain, int] = {Grain.DAY: 10, Grain.MONTH: 7, Grain.YEAR: 4}  # of an ISO date


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it. Raises `PeriodError`."""

    first: date
    last: date
    grain: Grain = Grain.DAY

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError("the last day is before the first")
        if (self.last - self.first).days > LONGEST_DAYS:
            raise PeriodError("no more than ten years at once")
        if not 2000 <= self.first.year <= self.last.year < 2100:
            raise PeriodError("a year from 2000 to 2099")

    @property
    def start(self) -> float:
        """Epoch seconds of its first moment."""
        return day_start(self.first)

    @property
    def end(self) -> float:
        """The first moment that is no longer in it."""
        return day_end(self.last)

    @property
    def days(self) -> list[date]:
        length = (self.last - self.first).days
        return [self.first + index * ONE for index in range(length + 1)]

    @property
    def parts(self) -> list[str]:
        """Names of its days, months or years, in order: `2026-11-22`, `2026-11`, `2026`."""
        return list(dict.fromkeys(map(self.part, self.days)))

    def part(self, day: date) -> str:
        return day.isoformat()[: CUT[self.grain]]

    def clip(self, begin: float, end: float) -> Iterator[tuple[date, float, float]]:
        """A span of epoch seconds, day by day, as far as it lies in the period."""
        begin, end = max(begin, self.start), min(end, self.end)
        while begin < end:
            day = china_day(begin)
            stop = min(end, day_end(day))
            yield day, begin, stop
            begin = stop


def china_day(moment: float) -> date:
    """As `calendar.china_day`, quick for millions of moments."""
    return numbered(int((moment + OFFSET) // DAY_SECONDS))


@lru_cache(maxsize=8192)
def numbered(number: int) -> date:
    """A day by its number, counted from 1970."""
    return EPOCH + number * ONE


def of_day(day: date, grain: Grain) -> Period:
    """The month (by days), year (by months) or day around `day`."""
    if grain is Grain.YEAR:
        return Period(date(day.year, 1, 1), date(day.year, 12, 31), Grain.MONTH)
    if grain is Grain.DAY:
        return Period(day, day)
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return Period(day.replace(day=1), following - ONE)
