"""The row of each person who was asked for a code or a PIN, kept for a day after the last time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from fleet.store.database import put
from fleet.store.identity_tables import identity_people as people

DAY = 24 * 3600.0


def of(connection: Connection, person: str, now: float) -> Row[Any]:
    """The row, locked until the transaction ends; made when there is none."""
    forgotten = (people.c.touched_at < now - DAY) & (people.c.locked_until < now)
    connection.execute(delete(people).where(forgotten))
    put(connection, people, {"person": person, "touched_at": now}, ("person",))
    query = select(people).where(people.c.person == person).with_for_update()
    return connection.execute(query).one()


def change(connection: Connection, person: str, now: float, **values: Any) -> None:
    statement = update(people).where(people.c.person == person)
    connection.execute(statement.values(touched_at=now, **values))
