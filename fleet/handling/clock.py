"""The working-day clock: when is a case due, and how long has it been in hand?

A working day counts when the clock runs at its end; the first day never counts. So a pause within
one day costs nothing, and one over three nights costs three days, whatever the hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kiosk.services.calendar import ONE, Calendar, Reckoned, china_day, day_end


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the clock, in epoch seconds. A pause without an end is still on."""

    start: float
    ended: float | None = None
    pauses: tuple[tuple[float, float | None], ...] = ()


def reached(run: Run, days: int, calendar: Calendar) -> Reckoned | None:
    """The day that completes `days`; None: not while the clock stands still."""
    first = day = china_day(run.start)
    if days <= 0:
        return Reckoned(first, calendar.guessed(first, first))
    for day in _counted(run, calendar):
        days -= 1
        if days == 0:
            return Reckoned(day, calendar.guessed(first, day))
    return None


def passed_at(run: Run, days: int, calendar: Calendar) -> float | None:
    """The moment (epoch seconds) from which `days` are over; None as for `reached`."""
    found = reached(run, days, calendar)
    return None if found is None else day_end(found.day)


def due(run: Run, days: int, calendar: Calendar, now: float) -> Reckoned:
    """The due day as of `now`: a pause that is still on is taken to end at once."""
    closed = tuple((begin, max(now, begin) if end is None else end) for begin, end in run.pauses)
    found = reached(Run(run.start, run.ended, closed), days, calendar)
    assert found is not None  # no pause is without an end
    return found


def days_left(run: Run, days: int, calendar: Calendar, now: float) -> int:
    """Working days until the due day, which counts; negative: so many too late."""
    return calendar.between(china_day(now), due(run, days, calendar, now).day)


def warn_after(promise: int) -> int:
    """Days after which a promise is warned of: 80 % of it, but its last day at the latest."""
    return min(-(-promise * 4 // 5), promise - 1)


def _counted(run: Run, calendar: Calendar) -> Iterator[date]:
    """Days that count, until a pause that is still on."""
    still = min((begin for begin, end in run.pauses if end is None), default=None)
    ended = [(begin, end) for begin, end in run.pauses if end is not None]
    day = china_day(run.start)
    while True:
        day += ONE
        if not calendar.is_workday(day):
            continue
        close = day_end(day)
        if still is not None and still < close:
            return
        if not ended or not any(begin < close <= end for begin, end in ended):
            yield day
