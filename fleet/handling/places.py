"""How far each source has been read: saved in the same commit as what was read."""

from __future__ import annotations

from sqlalchemy import Connection, select

from fleet.store.database import put
from fleet.store.handling_tables import handling_places as places


def place(connection: Connection, source: str) -> str:
    """Empty: the beginning."""
    return connection.scalar(select(places.c.place).where(places.c.source == source)) or ""


def set_place(connection: Connection, source: str, where: str) -> None:
    put(connection, places, {"source": source, "place": where}, ("source",), {"place": where})
