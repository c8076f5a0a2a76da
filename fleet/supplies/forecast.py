"""When a supply ends, from what its terminal itself has used. Pure: days and numbers in and out.

A printer says *full*, *low* or *out*, and no more. How much is between these is learned from the
fills that were seen to begin and to end, how fast it goes from the last four weeks, working days
and days off apart. What cannot be known yet is said to be so, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

FULL, LOW, OUT = "full", "low", "out"
WINDOW_DAYS = 28
LEAST_DAYS = 7  # of which use is known, before anybody says how fast it goes
LEAST_OF_KIND = 2  # working days, or days off
LEAST_USED = 5  # between two levels: less is a sensor that flickers
FILLS = 8  # the last so many count
PEERS = 3  # fills of others at least, where a terminal has none of its own
HORIZON_DAYS = 120
ONE = timedelta(days=1)

IsWorkday = Callable[[date], bool]


class Unknown(StrEnum):
    """Why nobody can say when it ends."""

    LEVEL = "level"  # the device does not say how full it is
    FILL = "fill"  # nobody saw the last refill
    SIZE = "size"  # no fill has been seen from its beginning to its end
    DAYS = "days"  # too few days of use
    UNUSED = "unused"  # nothing was used in the last weeks


class Basis(StrEnum):
    """Whose fills a size was learned from."""

    OWN = "own"
    PEERS = "peers"  # other terminals with the same driver


@dataclass(frozen=True, slots=True)
class Reading:
    """`used`: sheets that the device had put out by then, since it was known."""

    level: str
    used: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sheets from full to low, and from low to out, of each fill that was seen whole."""

    to_low: tuple[int, ...] = ()
    to_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fill:
    """`since`: what had been used when the present level began; None: nobody saw that."""

    level: str = ""
    since: int | None = None
    sizes: Sizes = field(default_factory=Sizes)


@dataclass(frozen=True, slots=True)
class Spent:
    """On so many days of one kind together."""

    used: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one day, on average."""

    working: float
    off: float

    def on(self, workday: bool) -> float:
        return self.working if workday else self.off

    def over(self, days: Iterable[date], is_workday: IsWorkday) -> float:
        return sum(self.on(is_workday(day)) for day in days)


@dataclass(frozen=True, slots=True)
class Left:
    """Sheets until it is low and until it is out; None: not known."""

    low: float | None
    out: float | None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`low_on`, `out_on`: days; None with `why` None: not within `HORIZON_DAYS`. `why`: what keeps
    anybody from knowing when it is out."""

    level: str
    low_on: date | None = None
    out_on: date | None = None
    why: Unknown | None = None
    basis: Basis | None = None
    left: int | None = None


def learn(readings: Sequence[Reading]) -> Fill:
    """From all that a device said of one supply, in order. Levels that say nothing of how full it
    is (jammed, unknown) are passed over."""
    level, since = "", None
    to_low, to_out = list[int](), list[int]()
    for one in readings:
        if one.level not in (FULL, LOW, OUT) or one.level == level:
            continue
        if since is not None and one.used - since >= LEAST_USED:
            size = one.used - since
            if (level, one.level) in ((FULL, LOW), (FULL, OUT)):
                to_low.append(size)
            if (level, one.level) == (LOW, OUT):
                to_out.append(size)
        if (level, one.level) == (FULL, OUT):
            to_out.append(0)  # it does not say when it is low
        # From out to low somebody put in a part of a fill: nobody knows how much.
        since = one.used if level and (level, one.level) != (OUT, LOW) else None
        level = one.level
    return Fill(level, since, Sizes(tuple(to_low[-FILLS:]), tuple(to_out[-FILLS:])))


def left(fill: Fill, used: int, peers: Sizes) -> Left:
    """`used`: by now."""
    if fill.level == OUT:
        return Left(0.0, 0.0)
    if fill.since is None:
        return Left(0.0 if fill.level == LOW else None, None)
    gone = max(0, used - fill.since)
    low_size = _size(fill.sizes.to_low, peers.to_low)
    out_size = _size(fill.sizes.to_out, peers.to_out)
    own = fill.sizes.to_out and (fill.level == LOW or fill.sizes.to_low)
    basis = Basis.OWN if own else Basis.PEERS
    if fill.level == LOW:
        return Left(0.0, None if out_size is None else max(0.0, out_size - gone), basis)
    until_low = None if low_size is None else max(0.0, low_size - gone)
    known = until_low is not None and out_size is not None
    until_out = (until_low or 0.0) + (out_size or 0.0) if known else None
    return Left(until_low, until_out, basis)


def _size(own: tuple[int, ...], peers: tuple[int, ...]) -> float | None:
    if own:
        return float(median(own))
    return float(median(peers)) if len(peers) >= PEERS else None


def rate(working: Spent, off: Spent) -> Rate | None:
    """From the days that are over; None: too few. Days without any use belong to them, too."""
    every = working.days + off.days
    if every < LEAST_DAYS:
        return None
    usual = (working.used + off.used) / every
    return Rate(*(one.used / one.days if one.days >= LEAST_OF_KIND else usual
                  for one in (working, off)))  # fmt: skip


def day_when_gone(
    sheets: float, speed: Rate, today: date, used_today: int, is_workday: IsWorkday
) -> date | None:
    """The day on which the last of `sheets` goes; None: not within `HORIZON_DAYS`."""
    if sheets <= 0:
        return today
    day = today
    remaining = sheets - max(0.0, speed.on(is_workday(day)) - used_today)
    while remaining > 0:
        day += ONE
        if (day - today).days > HORIZON_DAYS:
            return None
        remaining -= speed.on(is_workday(day))
    return day


@dataclass(frozen=True, slots=True)
class Use:
    """Of one device. `total`: since it was known; `speed`: of its sheets, `visits`: of the visits
    that need it; None: too few days."""

    total: int = 0
    today: int = 0
    speed: Rate | None = None
    visits: Rate | None = None


def forecast(fill: Fill, use: Use, peers: Sizes, today: date, is_workday: IsWorkday) -> Forecast:
    """`peers`: sizes of the same supply elsewhere."""
    level, speed = fill.level, use.speed
    if level not in (FULL, LOW, OUT):
        return Forecast(level, why=Unknown.LEVEL)
    if level == OUT:
        return Forecast(OUT, today, today, left=0)
    low_on = today if level == LOW else None
    if speed is None or speed.working + speed.off <= 0:
        return Forecast(level, low_on, why=Unknown.UNUSED if speed else Unknown.DAYS)
    rest = left(fill, use.total, peers)
    if low_on is None and rest.low is not None:
        low_on = day_when_gone(rest.low, speed, today, use.today, is_workday)
    if rest.out is None:
        why = Unknown.FILL if fill.since is None else Unknown.SIZE
        return Forecast(level, low_on, why=why)
    out_on = day_when_gone(rest.out, speed, today, use.today, is_workday)
    return Forecast(level, low_on, out_on, None, rest.basis, round(rest.out))


def missed(
    visits: Rate | None, out_on: date | None, first: date, last: date, is_workday: IsWorkday
) -> float:
    """Visits on the days from `first` to `last` that would be without it, if nobody brought any.
    The day on which it ends does not count."""
    if visits is None or out_on is None:
        return 0.0
    begin = max(first, out_on + ONE)
    length = (last - begin).days
    return visits.over((begin + index * ONE for index in range(length + 1)), is_workday)
