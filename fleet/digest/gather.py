"""What a digest tells, from one moment of the store. No citizen's data: numbers, sites, codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from fleet.alarms.view import AlarmView, GroupRow
from fleet.handling.orders import UNANSWERED
from fleet.handling.states import Phase
from fleet.live import Live
from fleet.reports.period import china_day
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases, handling_orders
from fleet.supplies.book import Supplies
from fleet.supplies.round import SPANS, Stop, plan

FLEET = None  # the site of what is about no site


@dataclass(frozen=True, slots=True)
class LateCase:
    number: str
    site: str
    due: str


@dataclass(frozen=True, slots=True)
class LateOrder:
    """`due`: epoch seconds."""

    number: str
    site: str | None
    due: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """`alarms`: each with the sites that it is about."""

    alarms: tuple[tuple[GroupRow, tuple[str | None, ...]], ...]
    stops: tuple[Stop, ...]
    cases: tuple[LateCase, ...]
    orders: tuple[LateOrder, ...]


def gather(store: Store, live: Live, view: AlarmView | None, now: float) -> Gathered:
    """Blocking; raises SQLAlchemy's errors. `view`: None where there are no rules."""
    sites = {row.id: row.site for row in live.terminals()}
    outlook = Supplies(store, live, lambda: now).outlook()
    with store.read() as connection:
        cases, orders = _cases(connection, sites, now), _orders(connection, sites, now)
    alarms = tuple((row, _about(row, sites)) for row in (view.open_alarms() if view else ()))
    return Gathered(alarms, plan(outlook, SPANS["tomorrow"]), cases, orders)


def _about(row: GroupRow, sites: Mapping[str, str]) -> tuple[str | None, ...]:
    found = {sites.get(member.terminal, "") for member in row.members if member.terminal}
    return tuple(sorted(found)) or (FLEET,)


def _cases(connection: Connection, sites: Mapping[str, str], now: float) -> tuple[LateCase, ...]:
    """Those whose promised day is over; one that waits for the citizen is not late."""
    table = handling_cases.c
    query = select(table.case_no, table.terminal, table.due_date).where(
        table.ended_at.is_(None), table.due_date != "",
        table.due_date < china_day(now).isoformat(), table.phase != Phase.CORRECTION.value,
    )  # fmt: skip
    rows = connection.execute(query.order_by(table.due_date, table.case_no))
    return tuple(LateCase(number, sites.get(terminal, ""), due) for number, terminal, due in rows)


def _orders(connection: Connection, sites: Mapping[str, str], now: float) -> tuple[LateOrder, ...]:
    table = handling_orders.c
    query = select(table.number, table.terminal, table.due_at).where(
        table.state.in_([state.value for state in UNANSWERED]), table.due_at <= now
    )
    return tuple(
        LateOrder(number, sites.get(terminal, "") if terminal else FLEET, due)
        for number, terminal, due in connection.execute(query.order_by(table.due_at, table.number))
    )
