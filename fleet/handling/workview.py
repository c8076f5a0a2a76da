"""Work orders as people and programs see them: whose, how late, and what was done. No words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from fleet.errors import WorkError
from fleet.handling.orders import NEXT, UNANSWERED, Act, OrderState
from fleet.store.database import Store
from fleet.store.handling_tables import handling_order_acts as acts
from fleet.store.handling_tables import handling_orders as orders

ASKED = tuple(state.value for state in UNANSWERED)
LAST = 2**63 - 1  # above all serials


@dataclass(frozen=True, slots=True)
class WorkRow:
    """`turns`: how often something was done: what an act on it must have seen. `late`: nobody has
    answered, and `due_at` is over. `serial`: the order in which they came."""

    number: str
    serial: int
    kind: str
    state: str
    owner: str
    case_no: str
    terminal: str
    opened_at: float
    due_at: float
    turns: int
    late: bool

    @property
    def steps(self) -> frozenset[Act]:
        """What can be done with it now."""
        return frozenset(act for state, act in NEXT if state == self.state)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """`worded`: there are words to it, which are sealed."""

    turn: int
    act: str
    person: str
    actor: str
    at: float
    worded: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """'' and False: any."""

    state: str = ""
    kind: str = ""
    terminal: str = ""
    owner: str = ""
    late: bool = False
    unanswered: bool = False


class WorkView:
    """Blocking reads, safe from any thread."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock = store, clock

    def page(self, wanted: Filter, before: int = LAST, limit: int = 100) -> list[WorkRow]:
        """Newest first, those before this serial."""
        now = self._clock()
        query = _query().where(orders.c.serial < before)
        for name in ("state", "kind", "terminal", "owner"):
            if value := getattr(wanted, name):
                query = query.where(orders.c[name] == value)
        if wanted.late or wanted.unanswered:
            query = query.where(orders.c.state.in_(ASKED))
        if wanted.late:
            query = query.where(orders.c.due_at <= now)
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(orders.c.serial.desc()).limit(limit))
            return [_row(row, now) for row in rows]

    def one(self, number: str) -> WorkRow:
        """Raises `WorkError`."""
        with self._store.read() as connection:
            row = connection.execute(_query().where(orders.c.number == number)).first()
        if row is None:
            raise WorkError("there is no such work order", "unknown")
        return _row(row, self._clock())

    def turns(self, number: str) -> list[TurnRow]:
        """The latest first."""
        own = acts.c
        query = select(own.turn, own.act, own.person, own.actor, own.at, own.sealed != "")
        query = query.where(own.number == number).order_by(own.turn.desc())
        with self._store.read() as connection:
            return [TurnRow(*row) for row in connection.execute(query)]

    def sealed(self, connection: Connection, number: str) -> list[tuple[int, str]]:
        """Turns that have words, as they are kept."""
        query = select(acts.c.turn, acts.c.sealed).where(
            acts.c.number == number, acts.c.sealed != ""
        )
        return [(row.turn, row.sealed) for row in connection.execute(query.order_by(acts.c.turn))]

    def counts(self) -> dict[str, int]:
        """By state; `late` besides."""
        by_state = select(orders.c.state, func.count()).group_by(orders.c.state)
        late = select(func.count()).select_from(orders)
        late = late.where(orders.c.state.in_(ASKED), orders.c.due_at <= self._clock())
        with self._store.read() as connection:
            found = dict.fromkeys((state.value for state in OrderState), 0)
            found |= {state: int(times) for state, times in connection.execute(by_state)}
            return {**found, "late": int(connection.scalar(late) or 0)}


def _query() -> Any:
    own = orders.c
    turns = select(func.count()).select_from(acts).where(acts.c.number == own.number)
    return select(
        own.number, own.serial, own.kind, own.state, own.owner, own.case_no, own.terminal,
        own.opened_at, own.due_at, turns.scalar_subquery().label("turns"),
    )  # fmt: skip


def _row(row: Row[Any], now: float) -> WorkRow:
    return WorkRow(**row._asdict(), late=row.state in ASKED and row.due_at <= now)
