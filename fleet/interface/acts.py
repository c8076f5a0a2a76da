"""Alarms for people, and commands, for other systems: newest first."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import HTTPException
from sqlalchemy import Connection, select

from fleet.interface.shapes import AlarmGroup, CommandShape
from fleet.store.alarm_tables import alarm_groups
from fleet.store.rollout_tables import order_terminals, orders

LARGEST = 2**63 - 1


def number(given: str) -> int:
    """A cursor that is a number; one above all for the first page."""
    if not given:
        return LARGEST
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise HTTPException(422, "query.cursor: follow the Link header as it is")
    return int(given)


def groups(
    connection: Connection, state: str | None, severity: str, before: int, limit: int
) -> list[AlarmGroup]:
    query = select(alarm_groups).where(alarm_groups.c.id < before)
    if state is not None:
        query = query.where(alarm_groups.c.state == str(state))
    if severity:
        query = query.where(alarm_groups.c.severity == severity)
    rows = connection.execute(query.order_by(alarm_groups.c.id.desc()).limit(limit))
    return [AlarmGroup.model_validate(row) for row in rows]


def commands(
    connection: Connection, filters: Mapping[str, str], before: str, limit: int
) -> list[CommandShape]:
    """`before`: cursor of the last one of the page before."""
    own = order_terminals.c
    query = select(
        own.order_id, own.terminal, own.command, orders.c.operation, own.state, own.why,
        orders.c.asked_by, orders.c.asked_at, own.changed_at,
    ).join(orders, orders.c.id == own.order_id)  # fmt: skip
    columns = {"terminal": own.terminal, "operation": orders.c.operation, "state": own.state}
    for name, value in filters.items():
        if value:
            query = query.where(columns[name] == value)
    if before:
        order, terminal = _place(before)
        earlier = (own.order_id == order) & (own.terminal > terminal)
        query = query.where((own.order_id < order) | earlier)
    rows = connection.execute(query.order_by(own.order_id.desc(), own.terminal).limit(limit))
    return [CommandShape.model_validate(row) for row in rows]


def cursor(row: CommandShape) -> str:
    return f"{row.order_id}~{row.terminal}"


def _place(before: str) -> tuple[int, str]:
    order, _, terminal = before.partition("~")
    return number(order or "~"), terminal
