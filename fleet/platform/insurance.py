"""Invented insurance records of the sample county: drawn from a hash of the holder's number.

The same number always gives the same history, and its parts agree with each other: what was paid
in each month, what the years add up to, and what is left in the medical account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from fleet.platform.numbers import birth_of

WORKING_AGE, PENSION_AGE = 16, 60
EARLIEST = 2003 * 12  # months are counted from year 0: year * 12 + month - 1
_MISSED_ONE_IN = 24


@dataclass(frozen=True, slots=True)
class Scheme:
    """`personal` and `employer`: parts per thousand of the monthly base."""

    zh: str
    en: str
    personal: int
    employer: int
    any_age: bool = False


SCHEMES = {
    "pension": Scheme("城镇职工基本养老保险", "Basic pension insurance", 80, 160),
    "medical": Scheme("职工基本医疗保险", "Basic medical insurance", 20, 65, any_age=True),
    "unemployment": Scheme("失业保险", "Unemployment insurance", 2, 8),
    "work_injury": Scheme("工伤保险", "Work injury insurance", 0, 4),
}
UNITS = (
    ("示例县青禾食品有限公司", "Qinghe Foods Ltd."),
    ("示例县云岭茶业有限公司", "Yunling Tea Ltd."),
    ("示例县星河电子有限公司", "Xinghe Electronics Ltd."),
    ("示例县第一建筑工程公司", "First Construction Co."),
    ("灵活就业", "Self-employed"),
)


@dataclass(frozen=True, slots=True)
class History:
    """One person in one scheme. Months as year * 12 + month - 1; money in yuan per month.

    `last` is the newest month on record; contributions end with `until`, which may come earlier.
    """

    number: str = field(repr=False)
    scheme: str
    joined: int = field(repr=False)
    until: int = field(repr=False)
    last: int
    unit: tuple[str, str] = field(repr=False)
    first_base: int = field(repr=False)

    def base(self, year: int) -> int:
        return self.first_base + 160 * max(year - 2015, 0)

    def paid(self, month: int) -> bool:
        if not self.joined <= month <= self.until:
            return False
        return month == self.joined or _draw(self.number, self.scheme, month) % _MISSED_ONE_IN != 0

    def months(self, first: int, last: int) -> int:
        """How many months were paid from `first` to `last`, both included."""
        return sum(self.paid(month) for month in range(first, last + 1))

    @property
    def total(self) -> int:
        return self.months(self.joined, self.until)


def history(number: str, scheme: str, today: date) -> History | None:
    """None: not insured, for at no time since 2003 was the holder of this scheme's age."""
    last = until = index(today) - 1
    birth = birth_of(number)
    start = EARLIEST
    if birth is not None and SCHEMES[scheme].any_age:
        start = max(start, index(birth) + 1)
    elif birth is not None:
        start = max(start, index(birth) + WORKING_AGE * 12 + 1)
        until = min(last, index(birth) + PENSION_AGE * 12)
    if start > until:
        return None
    joined = start + _draw(number, scheme, "joined") % max((until - start) // 2, 1)
    unit = UNITS[_draw(number, "unit") % len(UNITS)]
    base = 3600 + 20 * (_draw(number, "base") % 200)
    return History(number, scheme, joined, until, last, unit, base)


@dataclass(frozen=True, slots=True)
class Account:
    """One year of a medical account, in fen. Closing is the next year's opening."""

    opening: int
    credited: int
    spent: int

    @property
    def closing(self) -> int:
        return self.opening + self.credited - self.spent


def account(known: History, year: int) -> Account:
    """The medical account in `year`, up to the newest month on record."""
    years = dict(_accounts(known))
    if year in years:
        return years[year]
    kept = years[max(years)].closing if year > max(years) else 0
    return Account(kept, 0, 0)


def _accounts(known: History) -> Iterator[tuple[int, Account]]:
    opening = 0
    rate = SCHEMES["medical"].personal
    for year in range(known.joined // 12, known.last // 12 + 1):
        end = min(year * 12 + 11, known.last)
        credited = known.months(year * 12, end) * known.base(year) * rate // 10
        share = _draw(known.number, "spent", year) % 80 * (end - year * 12 + 1) // 12
        found = Account(opening, credited, (opening + credited) * share // 100)
        yield year, found
        opening = found.closing


def index(day: date) -> int:
    """A month as a number that grows by one each month."""
    return day.year * 12 + day.month - 1


def _draw(*parts: object) -> int:
    words = " ".join(["sample", *map(str, parts)])
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8])
