"""What happened, counted by the database: by day, by item and by terminal, each by itself.

A case counts on the day on which the fleet received it, and its end on the day on which it ended,
both by the fleet's own clock and calendar days in China. Nobody's data is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)

from fleet.handling.states import WITHDRAWN, Phase
from fleet.reports.period import OFFSET, Period, numbered
from fleet.store.handling_tables import handling_cases as handled
from fleet.store.handling_tables import handling_ratings as rated
from fleet.store.tables import cases
from kiosk.services.calendar import DAY_SECONDS


class Measure(StrEnum):
    """`received` and how those cases stand now; `closed` and what follows: cases that ended."""

    RECEIVED = "received"  # 收件
    WAITING = "waiting"  # for an office to take it on
    CORRECTION = "correction"  # 补正
    IN_HAND = "in_hand"  # 在办
    APPROVED = "approved"
    REFUSED = "refused"  # 不予批准
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # 办结
    ON_TIME = "on_time"
    LATE = "late"
    UNDATED = "undated"  # no day was promised
    RATED = "rated"


Row = Counter[Measure]
Rows = defaultdict[Any, Row]

ENDED = {Phase.NOT_ACCEPTED: Measure.NOT_ACCEPTED, Phase.REFUSED: Measure.REFUSED}
OPEN = {Phase.ACCEPTANCE: Measure.WAITING, Phase.CORRECTION: Measure.CORRECTION}
WITH_REASON = (Measure.REFUSED, Measure.NOT_ACCEPTED)


def _rows() -> Rows:
    return defaultdict(Counter)


@dataclass(slots=True)
class Facts:
    """Rows by day, by task_code, by terminal. `reasons`: (reason, measure); `levels`: of ratings;
    `tags`: (level, tag)."""

    days: Rows = field(default_factory=_rows)
    items: Rows = field(default_factory=_rows)
    terminals: Rows = field(default_factory=_rows)
    reasons: Counter[tuple[str, Measure]] = field(default_factory=Counter)
    levels: Counter[int] = field(default_factory=Counter)
    tags: Counter[tuple[int, str]] = field(default_factory=Counter)


def read(connection: Connection, period: Period) -> Facts:
    facts = Facts()
    count = _Count(connection, period)
    views = (("day", facts.days), ("task_code", facts.items), ("terminal", facts.terminals))
    for name, rows in views:
        for key, measure, times in count.every(name):
            rows[_day(key) if name == "day" else key or ""][measure] += times
    facts.reasons.update(count.reasons())
    facts.levels.update(count.levels())
    facts.tags.update(count.tags())
    return facts


def standing(phase: str, reason: str, ended: bool) -> Measure:
    """How a case stands, in a report's words."""
    if ended and reason == WITHDRAWN:
        return Measure.WITHDRAWN
    known = Phase(phase)
    return ENDED.get(known, Measure.APPROVED) if ended else OPEN.get(known, Measure.IN_HAND)


class _Count:
    def __init__(self, connection: Connection, period: Period) -> None:
        self._connection = connection
        self._period = period
        self._postgres = connection.dialect.name == "postgresql"

    def every(self, name: str) -> Iterator[tuple[Any, Measure, int]]:
        """(key, measure, how many), by day (a number), task_code or terminal."""
        yield from self._received(name)
        yield from self._unopened(name)
        yield from self._closed(name)
        yield from self._rated(name)

    def _received(self, name: str) -> Iterator[tuple[Any, Measure, int]]:
        table = handled.c
        key = self._key(name, handled, table.opened_at)
        ended = table.ended_at.is_not(None)
        own = self._grouped(key, table.phase, table.reason == WITHDRAWN, ended)
        for row in self._connection.execute(own.where(self._in(table.opened_at))):
            found, phase, withdrawn, over, times = row
            yield found, Measure.RECEIVED, times
            yield found, standing(phase, WITHDRAWN if withdrawn else "", bool(over)), times

    def _unopened(self, name: str) -> Iterator[tuple[Any, Measure, int]]:
        """Cases of which the desk has not yet taken note."""
        own = self._grouped(self._key(name, cases, cases.c.received_at))
        own = own.join_from(cases, handled, handled.c.case_no == cases.c.case_no, isouter=True)
        # Both values are named so that the index of `handed_over` and `received_at` is used.
        both = cases.c.handed_over.in_([False, True])
        wanted = and_(both, self._in(cases.c.received_at), handled.c.case_no.is_(None))
        for found, times in self._connection.execute(own.where(wanted)):
            yield found, Measure.RECEIVED, times
            yield found, Measure.WAITING, times

    def _closed(self, name: str) -> Iterator[tuple[Any, Measure, int]]:
        """Those that were never accepted, or given up, end, but were never to be closed."""
        table = handled.c
        in_time = case(
            (table.due_date == "", Measure.UNDATED.value),
            (self._number(table.ended_at) <= self._due(), Measure.ON_TIME.value),
            else_=Measure.LATE.value,
        )
        own = self._grouped(self._key(name, handled, table.ended_at), in_time)
        kept = and_(table.phase != Phase.NOT_ACCEPTED.value, table.reason != WITHDRAWN)
        for found, word, times in self._connection.execute(
            own.where(self._in(table.ended_at), kept)
        ):
            yield found, Measure.CLOSED, times
            yield found, Measure(word), times

    def _rated(self, name: str) -> Iterator[tuple[Any, Measure, int]]:
        source = handled if name == "task_code" else rated
        own = self._grouped(self._key(name, source, rated.c.at)).select_from(rated)
        if name == "task_code":
            own = own.join(handled, handled.c.case_no == rated.c.case_no, isouter=True)
        for found, times in self._connection.execute(own.where(self._in(rated.c.at))):
            yield found, Measure.RATED, times

    def reasons(self) -> dict[tuple[str, Measure], int]:
        table = handled.c
        own = self._grouped(table.reason, table.phase)
        phases = [phase.value for phase in ENDED]
        wanted = and_(table.ended_at.is_not(None), table.reason != WITHDRAWN)
        own = own.where(self._in(table.opened_at), wanted, table.phase.in_(phases))
        rows = self._connection.execute(own)
        return {(reason, ENDED[Phase(phase)]): times for reason, phase, times in rows}

    def levels(self) -> dict[int, int]:
        own = self._grouped(rated.c.level).where(self._in(rated.c.at))
        return {row.level: row[1] for row in self._connection.execute(own)}

    def tags(self) -> Counter[tuple[int, str]]:
        own = self._grouped(rated.c.level, rated.c.tags).where(self._in(rated.c.at))
        found: Counter[tuple[int, str]] = Counter()
        for level, tags, times in self._connection.execute(own):
            for tag in filter(None, tags.split(",")):
                found[level, tag] += times
        return found

    def _grouped(self, *keys: ColumnElement[Any]) -> Any:
        """By position, so that both databases see the same expression in both places."""
        places: list[ColumnElement[Any]] = [
            literal_column(str(at)) for at in range(1, len(keys) + 1)
        ]
        return select(*keys, func.count()).group_by(*places)

    def _key(self, name: str, table: Any, moment: ColumnElement[float]) -> ColumnElement[Any]:
        return self._number(moment) if name == "day" else table.c[name]

    def _in(self, moment: ColumnElement[float]) -> ColumnElement[bool]:
        return and_(moment >= self._period.start, moment < self._period.end)

    def _number(self, moment: ColumnElement[float]) -> ColumnElement[int]:
        """The day in China, counted from 1970. A cast cuts in SQLite, and rounds in PostgreSQL."""
        days = (moment + OFFSET) / DAY_SECONDS
        return cast(func.floor(days), BigInteger) if self._postgres else cast(days, Integer)

    def _due(self) -> ColumnElement[int]:
        due = handled.c.due_date
        if self._postgres:
            return func.to_date(due, "YYYY-MM-DD") - literal_column("DATE '1970-01-01'")
        return cast(func.julianday(due) - 2440587.5, Integer)


def _day(number: Any) -> date:
    return numbered(int(number))
