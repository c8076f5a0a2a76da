"""Ratings from the terminals' journals into their tables; a bad one opens an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select

from fleet.handling import desk
from fleet.handling.context import Context
from fleet.handling.orders import OrderKind
from fleet.handling.places import place, set_place
from fleet.handling.ratings import BAD, Left, Rating
from fleet.store.database import insert
from fleet.store.handling_tables import handling_ratings as counted
from fleet.store.handling_tables import handling_ratings_left as left
from fleet.store.tables import acts, cases, records

SOURCE = "ratings"
ROUND = 200
AGAIN = 500  # rows read once more: those of two ingest workers can be committed out of turn


def new_ratings(connection: Connection) -> Sequence[Any]:
    """Those after the place up to which they were read, in the order in which they came."""
    known = int(place(connection, SOURCE) or 0)
    query = select(acts.c.position, acts.c.terminal, acts.c.journal, acts.c.seq, records.c.data)
    query = query.join(records, _same(records, acts))
    query = query.join(counted, _same(counted, acts), isouter=True)
    query = query.join(left, _same(left, acts), isouter=True)
    query = query.where(
        acts.c.kind == "rating",
        acts.c.position > known - AGAIN,
        counted.c.case_no.is_(None),
        left.c.case_no.is_(None),
    )
    return connection.execute(query.order_by(acts.c.position).limit(ROUND)).all()


def take(connection: Connection, context: Context, now: float, rows: Sequence[Any]) -> None:
    for row in rows:
        _take(connection, context, now, row, context.tags.rating(bytes(row.data)))
    known = int(place(connection, SOURCE) or 0)
    set_place(connection, SOURCE, str(max(known, rows[-1].position)))


def waiting(connection: Connection) -> Sequence[Any]:
    """Those of which the case has come since."""
    query = select(left).join(cases, cases.c.case_no == left.c.case_no)
    return connection.execute(query.where(left.c.why == Left.NO_CASE.value).limit(ROUND)).all()


def retry(connection: Connection, context: Context, now: float, rows: Sequence[Any]) -> None:
    for row in rows:
        key = {"terminal": row.terminal, "journal": row.journal, "seq": row.seq}
        connection.execute(delete(left).filter_by(**key))
        tags = tuple(filter(None, row.tags.split(",")))
        _take(connection, context, now, row, Rating(row.case_no, row.level, tags))


def _same(one: Table, other: Table) -> ColumnElement[bool]:
    """Rows of the same record."""
    return and_(*(one.c[name] == other.c[name] for name in ("terminal", "journal", "seq")))


def _take(connection: Connection, context: Context, now: float, row: Any, rating: Rating) -> None:
    key = {"terminal": row.terminal, "journal": row.journal, "seq": row.seq}
    values: dict[str, Any] = {
        **key,
        "case_no": rating.case_no,
        "level": rating.level,
        "tags": ",".join(rating.tags),
        "at": now,
    }
    why = _obstacle(connection, rating)
    if why is None:
        statement = insert(connection, counted).values(values)
        statement = statement.on_conflict_do_nothing(index_elements=("case_no",))
        # Not `rowcount`, which PostgreSQL's driver does not tell of an insert.
        made = connection.scalar(statement.returning(counted.c.case_no))
        why = None if made else Left.REPEATED
    if why is not None:
        statement = insert(connection, left).values({**values, "why": why.value})
        connection.execute(statement.on_conflict_do_nothing())
        return
    if rating.level in BAD:
        _call_back(connection, context, now, row, rating)


def _obstacle(connection: Connection, rating: Rating) -> Left | None:
    if not rating.level:
        return Left.NO_LEVEL
    query = select(func.count()).select_from(cases).where(cases.c.case_no == rating.case_no)
    return None if connection.scalar(query) else Left.NO_CASE


def _call_back(
    connection: Connection, context: Context, now: float, row: Any, rating: Rating
) -> None:
    wanted = desk.Request(
        OrderKind.BAD_REVIEW, f"rating:{rating.case_no}", rating.case_no, row.terminal
    )
    order = desk.open_order(connection, context.orders, context.calendar, now, wanted)
    change = counted.update().where(counted.c.case_no == rating.case_no)
    connection.execute(change.values(order_no=order.number))


def sums(connection: Connection) -> dict[str, int]:
    """`level.1` to `level.5` of those that count, `left.<why>` of the others, `came`: all read."""
    levels = select(counted.c.level, func.count()).group_by(counted.c.level)
    whys = select(left.c.why, func.count()).group_by(left.c.why)
    found = {f"level.{level}": int(times) for level, times in connection.execute(levels)}
    found |= {f"left.{why}": int(times) for why, times in connection.execute(whys)}
    rated = select(func.count()).select_from(acts).where(acts.c.kind == "rating")
    return {**found, "came": int(connection.scalar(rated) or 0)}
