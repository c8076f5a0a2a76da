"""The way to the database: SQLite by default, PostgreSQL by its URL, the same SQL for both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from fleet.changes import Changes
from fleet.errors import StoreError
from fleet.store import tables
from fleet.store.versions import HEAD, bring_up_to_date, revision

BUSY_MS = 30_000


class Store:
    """Opens the database and brings its tables up to date; raises `StoreError`."""

    def __init__(self, url: str) -> None:
        self.changes = Changes()
        self._engine = _open(url)
        try:
            with self.read() as connection:
                newest = revision(connection) == HEAD
            if not newest:
                with self._engine.execution_options(immediate=True).begin() as connection:
                    bring_up_to_date(connection)
        except SQLAlchemyError as error:
            raise StoreError(f"the fleet's database cannot be opened: {_cause(error)}") from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end; nobody else writes meanwhile on SQLite."""
        writer = self._engine.execution_options(immediate=True)
        with writer.begin() as connection:
            yield connection

    def count(self, name: str) -> int:
        """The next number of a persisted counter; the first is 1. Raises `StoreError`."""
        values = {"name": name, "value": 1}
        counter = tables.counters
        query = select(counter.c.value).where(counter.c.name == name)
        try:
            with self.write() as connection:
                put(connection, counter, values, ("name",), {"value": counter.c.value + 1})
                return int(connection.scalar(query) or 0)
        except SQLAlchemyError as error:
            raise StoreError(f"the counter {name} cannot be kept: {_cause(error)}") from None

    def answers(self) -> bool:
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1 FROM counters"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        self._engine.dispose()


def put(
    connection: Connection,
    table: Table,
    values: Mapping[str, Any],
    key: tuple[str, ...],
    otherwise: Mapping[str, Any] | None = None,
) -> None:
    """Insert; on a row with the same `key`, update it by `otherwise`, or leave it as it is."""
    statement = insert(connection, table).values(dict(values))
    if otherwise is None:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    else:
        statement = statement.on_conflict_do_update(index_elements=key, set_=dict(otherwise))
    connection.execute(statement)


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The dialect's own INSERT, which knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _open(url: str) -> Engine:
    try:
        address = make_url(url)
    except SQLAlchemyError:
        raise StoreError("store.url is not a database address") from None
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Parameters are kept out of error messages: a certificate or a result could be among them.
    # PostgreSQL's driver tells how many rows an INSERT made only when it is asked to.
    counted = {"preserve_rowcount": True}
    engine = create_engine(
        address, hide_parameters=True, pool_pre_ping=True, execution_options=counted
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL for readers beside one writer; FULL, because an acknowledged record must stay."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: upgrading a read lock can fail without waiting."""
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _cause(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None)
    return f"{cause}" if cause is not None else type(error).__name__
