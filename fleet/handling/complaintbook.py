"""Complaints from the terminals' journals into orders, each once, under the number that the
citizen was told. So a complaint that was made without a network is neither lost nor doubled."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, and_, func, select

from fleet.acts import data_of
from fleet.handling import desk
from fleet.handling.complaints import wanted_of
from fleet.handling.context import Context
from fleet.handling.orders import OrderFault
from fleet.handling.places import place, set_place
from fleet.records import NOT_JSON
from fleet.store.database import put
from fleet.store.handling_tables import handling_complaints as taken
from fleet.store.handling_tables import handling_orders as orders
from fleet.store.tables import records
from kiosk import wire

RECORD = "kiosk.complaint.event"
PURPOSE = "complaint"  # what they are sealed for; also over HTTP
SOURCE = "complaints"
ROUND = 50
AGAIN = 500  # records looked at once more: two ingest workers can commit out of turn
STRIDE = 5000  # records without any, after which the place moves on
KEY = ("terminal", "journal", "seq")


class Outcome(StrEnum):
    ENTERED = "entered"
    UNDECODABLE = "undecodable"
    NO_ORDER = "no_order"  # it says nothing, or is for an emergency line


def new(connection: Connection) -> Sequence[Any]:
    """Records that have not been taken yet."""
    query = select(
        records.c.position, *(records.c[name] for name in KEY), records.c.data, records.c.sealed
    )
    same = and_(*(taken.c[name] == records.c[name] for name in KEY))
    query = query.join(taken, same, isouter=True).where(
        records.c.position > known(connection) - AGAIN,
        records.c.type == RECORD,
        taken.c.outcome.is_(None),
    )
    return connection.execute(query.order_by(records.c.position).limit(ROUND)).all()


def known(connection: Connection) -> int:
    """The position up to which records were read."""
    return int(place(connection, SOURCE) or 0)


def idle(connection: Connection) -> int:
    """How many records have come since."""
    return int(connection.scalar(select(func.max(records.c.position))) or 0) - known(connection)


def move(connection: Connection, position: int) -> None:
    set_place(connection, SOURCE, str(max(known(connection), position)))


def take(connection: Connection, context: Context, now: float, rows: Sequence[Any]) -> None:
    for row in rows:
        number, outcome = _enter(connection, context, now, row)
        key = {name: getattr(row, name) for name in KEY}
        values = {**key, "number": number, "outcome": outcome.value, "at": now}
        put(connection, taken, values, tuple(key))
    move(connection, rows[-1].position)


def _enter(connection: Connection, context: Context, now: float, row: Any) -> tuple[str, Outcome]:
    try:
        opened = wire.unseal_identity(context.key, PURPOSE, row.sealed)
    except (InvalidTag, ValueError, *NOT_JSON):
        return "", Outcome.UNDECODABLE
    number = _number(connection, data_of(row.data))
    wanted = wanted_of(context, row.terminal, opened.secret, row.sealed, number)
    if isinstance(wanted, OrderFault):
        return "", Outcome.NO_ORDER
    order = desk.open_order(connection, context.orders, context.calendar, now, wanted)
    return order.number, Outcome.ENTERED


def _number(connection: Connection, data: dict[str, Any]) -> str:
    """The terminal's, if it is one and nobody else's."""
    number = wire.read_order_number(str(data.get("order_no", "")))
    if isinstance(number, wire.NumberFault):
        return ""
    other = connection.scalar(select(orders.c.origin).where(orders.c.number == number))
    return "" if other is not None else number
