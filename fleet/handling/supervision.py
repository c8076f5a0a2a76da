"""What supervisors see: cards, open orders, ratings; for the console. Nobody's data is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from fleet.handling.orders import UNANSWERED, OrderKind, OrderState
from fleet.handling.ratingbook import sums
from fleet.handling.signals import CARDS, SignalKind
from fleet.handling.states import Phase
from fleet.store.handling_tables import handling_cases, handling_orders, handling_signals


@dataclass(frozen=True, slots=True)
class CardRow:
    """`position` is the paging key. `at`: when it fell due; `person`: who answers for the case."""

    position: int
    case_no: str
    task_code: str
    kind: SignalKind
    subject: str
    at: float
    given_at: float
    phase: Phase
    person: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    number: str
    kind: OrderKind
    state: OrderState
    owner: str
    case_no: str
    terminal: str
    opened_at: float
    due_at: float


@dataclass(frozen=True, slots=True)
class Supervision:
    """`phases`: phase -> cases; `cards`: kind -> how many were given; `orders`: state -> orders;
    `ratings`: as `ratingbook.sums`; `provisional`: open cases whose day may still change."""

    phases: Mapping[str, int]
    cards: Mapping[str, int]
    orders: Mapping[str, int]
    ratings: Mapping[str, int]
    late_orders: int
    provisional: int


def overview(connection: Connection, now: float) -> Supervision:
    table = handling_cases.c
    late = select(func.count()).select_from(handling_orders)
    late = late.where(
        handling_orders.c.state.in_([state.value for state in UNANSWERED]),
        handling_orders.c.due_at <= now,
    )
    guessed = select(func.count()).select_from(handling_cases)
    guessed = guessed.where(table.provisional.is_(True), table.ended_at.is_(None))
    return Supervision(
        phases=_counts(connection, handling_cases, "phase"),
        cards=_counts(connection, handling_signals, "kind"),
        orders=_counts(connection, handling_orders, "state"),
        ratings=sums(connection),
        late_orders=connection.scalar(late) or 0,
        provisional=connection.scalar(guessed) or 0,
    )


def cards(connection: Connection, limit: int = 50, before: int | None = None) -> list[CardRow]:
    """Newest first; `before` is the last `position` of the page before."""
    signal, case = handling_signals.c, handling_cases.c
    query = select(
        signal.position, signal.case_no, case.task_code, signal.kind, signal.subject, signal.at,
        signal.given_at, case.phase, case.person,
    )  # fmt: skip
    query = query.join(handling_cases, case.case_no == signal.case_no)
    query = query.where(signal.kind.in_([kind.value for kind in CARDS]))
    if before is not None:
        query = query.where(signal.position < before)
    rows = connection.execute(query.order_by(signal.position.desc()).limit(limit))
    return [
        CardRow(**{**row._asdict(), "kind": SignalKind(row.kind), "phase": Phase(row.phase)})
        for row in rows
    ]


def open_orders(connection: Connection, limit: int = 50) -> list[OrderRow]:
    """Those that nobody has answered, the most urgent first."""
    table = handling_orders.c
    query = select(
        table.number, table.kind, table.state, table.owner, table.case_no, table.terminal,
        table.opened_at, table.due_at,
    )  # fmt: skip
    query = query.where(table.state.in_([state.value for state in UNANSWERED]))
    rows = connection.execute(query.order_by(table.due_at, table.number).limit(limit))
    return [
        OrderRow(**{**row._asdict(), "kind": OrderKind(row.kind), "state": OrderState(row.state)})
        for row in rows
    ]


def _counts(connection: Connection, table: Table, column: str) -> dict[str, int]:
    key = table.c[column]
    query = select(key, func.count()).group_by(key)
    return {str(word): int(times) for word, times in connection.execute(query)}
