"""When a terminal is meant to be open, from a line such as `workdays 09:00-12:00 14:00-17:30`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.services.calendar import Calendar, day_start

SPAN = re.compile(r"([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")
WORKDAYS = "workdays"
FULL_MINUTES = 24 * 60


class HoursError(ValueError):
    """A line that names no opening hours; says what one looks like."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`spans`: minutes of the day, in order, apart from each other."""

    spans: tuple[tuple[int, int], ...] = ((0, FULL_MINUTES),)
    workdays: bool = False

    @classmethod
    def parse(cls, line: str) -> Hours:
        """Raises `HoursError`."""
        words = line.split()
        workdays = words[:1] == [WORKDAYS]
        spans = tuple(_span(word, line) for word in words[workdays:])
        bounds = [minute for span in spans for minute in span]
        if not spans or bounds != sorted(set(bounds)) or bounds[-1] > FULL_MINUTES:
            raise _wrong(line)
        return cls(spans, workdays)

    def on(self, day: date, calendar: Calendar) -> list[tuple[float, float]]:
        """The opening spans of a day, in epoch seconds."""
        if self.workdays and not calendar.is_workday(day):
            return []
        start = day_start(day)
        return [(start + first * 60, start + last * 60) for first, last in self.spans]


@dataclass(frozen=True, slots=True)
class Timetable:
    """`usual`, and the `others` by terminal."""

    usual: Hours = Hours()
    others: Mapping[str, Hours] | None = None

    @classmethod
    def parse(cls, usual: str, others: Mapping[str, str]) -> Timetable:
        """Raises `HoursError`."""
        return cls(Hours.parse(usual), {name: Hours.parse(line) for name, line in others.items()})

    def of(self, terminal: str) -> Hours:
        return (self.others or {}).get(terminal, self.usual)


def _span(word: str, line: str) -> tuple[int, int]:
    found = SPAN.fullmatch(word)
    if found is None:
        raise _wrong(line)
    first, first_minute, last, last_minute = map(int, found.groups())
    return first * 60 + first_minute, last * 60 + last_minute


def _wrong(line: str) -> HoursError:
    return HoursError(
        f'"{line}" names no opening hours: "00:00-24:00", "workdays 09:00-12:00 14:00-17:30"'
    )
