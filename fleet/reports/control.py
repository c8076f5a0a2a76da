"""The same figures by another way: counted by the database, total by total.

A report is believed only when what it adds up from single rows agrees with these.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, select, text

from fleet.handling.states import WITHDRAWN, Phase
from fleet.reports.facts import Measure
from fleet.reports.period import Period
from fleet.store.handling_tables import handling_cases as handled
from fleet.store.handling_tables import handling_ratings as rated
from fleet.store.tables import cases


def one_view(connection: Connection) -> None:
    """Everything that is read from now on is of one moment. The first statement of a transaction;
    SQLite always reads so."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def totals(connection: Connection, period: Period) -> Mapping[Measure, int]:
    """Of some measures, each counted by itself."""
    table, start, end = handled.c, period.start, period.end
    received = and_(
        cases.c.handed_over.in_([False, True]), cases.c.received_at >= start,
        cases.c.received_at < end,
    )  # fmt: skip
    opened = and_(table.opened_at >= start, table.opened_at < end, table.ended_at.is_not(None))
    ended = and_(table.ended_at >= start, table.ended_at < end, table.reason != WITHDRAWN)
    kept = and_(opened, table.reason != WITHDRAWN)
    of_phase = {
        Measure.REFUSED: kept & (table.phase == Phase.REFUSED.value),
        Measure.NOT_ACCEPTED: kept & (table.phase == Phase.NOT_ACCEPTED.value),
        Measure.WITHDRAWN: opened & (table.reason == WITHDRAWN),
        Measure.CLOSED: ended & (table.phase != Phase.NOT_ACCEPTED.value),
    }
    when = and_(rated.c.at >= start, rated.c.at < end)
    return {
        Measure.RECEIVED: _count(connection, cases, received),
        **{measure: _count(connection, handled, rule) for measure, rule in of_phase.items()},
        Measure.RATED: _count(connection, rated, when),
    }


def _count(connection: Connection, source: FromClause, rule: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(source).where(rule)) or 0
