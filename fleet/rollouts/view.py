"""Orders and rollouts as the console and the API read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Row, Select, Table, func, select

from fleet.errors import RolloutError
from fleet.rollouts import gate
from fleet.rollouts.drift import Drift, drift
from fleet.rollouts.engine import ACTIVE
from fleet.rollouts.orders import REASON, Preview, Wanted, preview
from fleet.rollouts.rows import Brought, Counts, MemberRow, NoteRow, OrderRow, RolloutRow, SentRow
from fleet.rollouts.shapes import At, Plan, Where
from fleet.rollouts.where import Known, chosen, known
from fleet.store.database import Store
from fleet.store.rollout_tables import (
    attachments,
    order_terminals,
    orders,
    rollout_notes,
    rollout_terminals,
    rollouts,
)

MOST_NOTES = 200
One = TypeVar("One")


class RolloutView:
    """Blocking reads, safe from any thread. Single ones raise `RolloutError` when there is none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def orders(self, before: int, limit: int, terminal: str = "") -> list[OrderRow]:
        """Newest first, with numbers under `before`. `terminal`: those that it has part in."""
        query = select(orders).where(orders.c.id < before)
        if terminal:
            own = select(order_terminals.c.order_id).where(order_terminals.c.terminal == terminal)
            query = query.where(orders.c.id.in_(own))
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(orders.c.id.desc()).limit(limit)).all()
            return _orders(connection, rows)

    def order(self, number: int) -> OrderRow:
        with self._store.read() as connection:
            rows = connection.execute(select(orders).where(orders.c.id == number)).all()
            return _only(_orders(connection, rows), f"there is no order {number}")

    def sent(self, number: int, state: str, after: str, limit: int) -> list[SentRow]:
        """By terminal, those after `after`; '' as `state`: all."""
        own = order_terminals.c
        brought = func.coalesce(attachments.c.kind, "").label("brought")
        query = select(own.terminal, own.command, own.state, own.why, own.changed_at, brought)
        query = query.join(attachments, attachments.c.command == own.command, isouter=True)
        query = query.where(own.order_id == number, own.terminal > after)
        with self._store.read() as connection:
            rows = connection.execute(_among(query, own, state, limit))
            return [SentRow(**row._asdict()) for row in rows]

    def rollouts(self, before: int, limit: int) -> list[RolloutRow]:
        """Newest first, with numbers under `before`."""
        query = select(rollouts).where(rollouts.c.id < before)
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(rollouts.c.id.desc()).limit(limit)).all()
            return _rollouts(connection, rows)

    def rollout(self, number: int) -> RolloutRow:
        with self._store.read() as connection:
            rows = connection.execute(select(rollouts).where(rollouts.c.id == number)).all()
            return _only(_rollouts(connection, rows), f"there is no rollout {number}")

    def groups(self, number: int) -> list[Counts]:
        """Of each group that has begun, in order: state -> how many."""
        own, found = rollout_terminals.c, list[dict[str, int]]()
        query = select(own.stage, own.state, func.count()).where(own.rollout == number)
        with self._store.read() as connection:
            for stage, state, count in connection.execute(query.group_by(own.stage, own.state)):
                found += [{} for _ in range(stage + 1 - len(found))]
                found[stage][state] = int(count)
        return [*found]

    def members(self, number: int, state: str, after: str, limit: int) -> list[MemberRow]:
        """By terminal, those after `after`; '' as `state`: all."""
        own = rollout_terminals.c
        query = select(own.terminal, own.stage, own.state, own.why, own.changed_at)
        query = query.where(own.rollout == number, own.terminal > after)
        with self._store.read() as connection:
            rows = connection.execute(_among(query, own, state, limit))
            return [MemberRow(**row._asdict()) for row in rows]

    def fares(self, number: int, now: float) -> tuple[gate.Fare, gate.Fare]:
        """How citizens fared before and after; of one that has ended, until then."""
        one, own = self.rollout(number), rollout_terminals.c
        query = select(own.terminal, own.switched_at)
        query = query.where(own.rollout == number, own.switched_at.is_not(None))
        end = now if one.state in ACTIVE else one.changed_at
        with self._store.read() as connection:
            switched = [(row.terminal, row.switched_at) for row in connection.execute(query)]
            return gate.compared(connection, switched, one.plan.terms, end)

    def failed(self, number: int) -> int:
        """Terminals that failed, those among them that are on their way back or are back."""
        own = rollout_terminals.c
        bad = (own.state == At.FAILED.value) | (own.why != "")
        query = select(func.count()).select_from(rollout_terminals)
        with self._store.read() as connection:
            return int(connection.scalar(query.where(own.rollout == number, bad)) or 0)

    def notes(self, about: str, number: int) -> list[NoteRow]:
        """Newest first. `about`: rollout or order."""
        table = rollout_notes.c
        query = select(table.at, table.actor, table.what)
        query = query.where(table.about == about, table.number == number)
        query = query.order_by(table.id.desc()).limit(MOST_NOTES)
        with self._store.read() as connection:
            return [NoteRow(**row._asdict()) for row in connection.execute(query)]

    def preview(self, wanted: Wanted) -> Preview:
        with self._store.read() as connection:
            return preview(connection, wanted)

    def known(self) -> list[Known]:
        """Every terminal, by its id."""
        with self._store.read() as connection:
            return known(connection)

    def shares(self, wheres: Sequence[Where]) -> list[int]:
        """How many terminals each group would have; those of an earlier group stay there."""
        every, taken, found = self.known(), set[str](), list[int]()
        for where in wheres:
            fresh = {one.terminal for one in chosen(every, where)} - taken
            taken |= fresh
            found.append(len(fresh))
        return found

    def drift(self) -> list[Drift]:
        with self._store.read() as connection:
            return drift(connection)

    def brought(self, command: str) -> Brought:
        """What a command has brought."""
        table = attachments.c
        query = select(table.terminal, table.kind, table.body).where(table.command == command)
        with self._store.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise RolloutError("that command has brought nothing", "unknown")
        return Brought(row.terminal, row.kind, bytes(row.body))


def mark(row: Row[Any]) -> str:
    """Another one after each change of a rollout."""
    return f"{row.state}.{row.stage}.{row.changed_at!r}"


def _only(rows: Sequence[One], missing: str) -> One:
    if not rows:
        raise RolloutError(missing, "unknown")
    return rows[0]


def _among(query: Select[Any], own: Any, state: str, limit: int) -> Select[Any]:
    wanted = query.where(own.state == state) if state else query
    return wanted.order_by(own.terminal).limit(limit)


def _counts(connection: Connection, table: Table, of: str, numbers: list[int]) -> dict[int, Counts]:
    key, found = table.c[of], dict[int, dict[str, int]]()
    query = select(key, table.c.state, func.count()).where(key.in_(numbers))
    for number, state, count in connection.execute(query.group_by(key, table.c.state)):
        found.setdefault(number, {})[state] = int(count)
    return {**found}


def _orders(connection: Connection, rows: Sequence[Row[Any]]) -> list[OrderRow]:
    numbers = [row.id for row in rows]
    counts = _counts(connection, order_terminals, "order_id", numbers)
    table, reasons = rollout_notes.c, dict[int, str]()
    query = select(table.number, table.what).order_by(table.id)
    query = query.where(table.about == "order", table.number.in_(numbers))
    for number, what in connection.execute(query):
        reasons.setdefault(number, what.partition(REASON)[2])
    return [
        OrderRow(
            row.id, row.operation, row.state, row.asked_by, row.asked_at, row.answered_by,
            row.seconds, reasons.get(row.id, ""), msgspec.json.decode(row.chosen, type=Where),
            msgspec.json.decode(row.arguments, type=dict[str, str]), counts.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip


def _rollouts(connection: Connection, rows: Sequence[Row[Any]]) -> list[RolloutRow]:
    counts = _counts(connection, rollout_terminals, "rollout", [row.id for row in rows])
    return [
        RolloutRow(
            row.id, row.kind, row.version, row.state, row.stage, row.why, row.asked_by,
            row.made_at, row.changed_at, mark(row), msgspec.json.decode(row.plan, type=Plan),
            counts.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip
