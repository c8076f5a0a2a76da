"""The published figure: the share of a terminal's opening hours in which it could serve.

A terminal could serve while at least one of its items could be had, and the fleet knew it: it was
connected, heard of, and not closed for maintenance. Time in which nobody knows counts against it,
and is told apart. A terminal counts from the first moment at which it was seen; see docs/reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Connection, and_, func, select

from fleet.reports.history import AWAY_SECONDS, watched_at
from fleet.reports.hours import Hours, Timetable
from fleet.reports.period import Period
from fleet.rows import Serving
from fleet.store.report_tables import serving_history as history
from kiosk.services.calendar import Calendar

OpenOn = Mapping[date, list[tuple[float, float]]]  # day -> its opening spans, in epoch seconds
ABLE = (Serving.YES.value, Serving.PARTLY.value)


@dataclass(frozen=True, slots=True)
class Availability:
    """Seconds of opening hours; `able + unable + unknown` are all of them."""

    terminal: str
    able: float = 0.0
    unable: float = 0.0
    unknown: float = 0.0

    @property
    def open(self) -> float:
        return self.able + self.unable + self.unknown

    @property
    def share(self) -> float | None:
        """None: it was never to be open."""
        return self.able / self.open if self.open else None


def read(
    connection: Connection, period: Period, timetable: Timetable, calendar: Calendar, now: float
) -> list[Availability]:
    """Of each terminal with a history, in order of their ids."""
    watched = watched_at(connection)
    seen = now if watched is None or now <= watched + AWAY_SECONDS else watched + 1.0
    rows = connection.execution_options(yield_per=5000).execute(_query(period))
    opening: dict[Hours, OpenOn] = {}
    found = []
    for terminal, changes in groupby(rows, key=lambda row: row.terminal):
        hours = timetable.of(terminal)
        if hours not in opening:
            opening[hours] = {day: hours.on(day, calendar) for day in period.days}
        spans = _spans(changes, seen, now)
        found.append(_measured(terminal, spans, opening[hours], period))
    return found


def _measured(
    terminal: str,
    spans: Iterable[tuple[str, float, float]],
    open_on: OpenOn,
    period: Period,
) -> Availability:
    seconds = {"able": 0.0, "unable": 0.0, "unknown": 0.0}
    for word, begin, end in spans:
        key = "able" if word in ABLE else "unable" if word == Serving.NO.value else "unknown"
        for day, first, last in period.clip(begin, end):
            for opened, closed in open_on[day]:
                seconds[key] += max(0.0, min(last, closed) - max(first, opened))
    return Availability(terminal, **seconds)


def _spans(changes: Iterable[Any], seen: float, now: float) -> Iterator[tuple[str, float, float]]:
    """What was so from when to when; after `seen`, the last look, nobody knows."""
    for row, following in pairwise([*changes, None]):
        yield row.serving, row.since, seen if following is None else following.since
    yield Serving.UNKNOWN.value, seen, now


def _query(period: Period) -> Any:
    """Every change in the period, and of each terminal the last one before it."""
    before = select(history.c.terminal, func.max(history.c.since).label("since"))
    before = before.where(history.c.since < period.start).group_by(history.c.terminal)
    last = before.subquery()
    joined = history.join(last, history.c.terminal == last.c.terminal, isouter=True)
    query = select(history.c.terminal, history.c.since, history.c.serving).select_from(joined)
    wanted = and_(
        history.c.since < period.end,
        history.c.since >= func.coalesce(last.c.since, period.start),
    )
    return query.where(wanted).order_by(history.c.terminal, history.c.since)
