"""One moment of the store as a file, while the fleet goes on; and back into an empty database.

SQLite by its own online copy, PostgreSQL by pg_dump and pg_restore. A password is handed to these
in the environment, never on a command line.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from fleet.backup.keys import BackupError
from fleet.backup.pack import Chain
from fleet.store.tables import acts, cases, certificates, chains, records, terminals
from fleet.store.versions import revision

SQLITE, POSTGRES = "store.sqlite", "store.pgdump"
MEMBERS = {"sqlite": SQLITE, "postgresql": POSTGRES}
COUNTED = (terminals, records, acts, cases, certificates)


def backend(url: str) -> str:
    name = make_url(url).get_backend_name()
    if name not in MEMBERS:
        raise BackupError(f"a store of {name} cannot be backed up by this command")
    return name


@contextmanager
def frozen(url: str, folder: Path) -> Iterator[tuple[Path, Connection]]:
    """The store's file in `folder`, and a connection that sees the same moment."""
    target = folder / MEMBERS[backend(url)]
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        _copy_sqlite(Path(address.database or ""), target)
        address = URL.create("sqlite", database=str(target))
    engine = create_engine(address, hide_parameters=True)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                isolation = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
                connection.execute(text(isolation))
                moment = connection.scalar(text("SELECT pg_export_snapshot()"))
                _run(["pg_dump", "--format=custom", f"--snapshot={moment}",
                      "--no-owner", "--no-privileges", f"--file={target}"], address)  # fmt: skip
                target.chmod(0o600)
            yield target, connection
    except SQLAlchemyError as error:
        raise BackupError(f"the store cannot be read: {type(error).__name__}") from None
    finally:
        engine.dispose()


def copy_sqlite(source: Path, target: Path) -> None:
    """One moment of any SQLite file that somebody may be writing to."""
    _copy_sqlite(source, target)


def take_away(url: str) -> None:
    """What `put_back` made, where that is a file."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        Path(address.database or "").unlink(missing_ok=True)


def put_back(url: str, source: Path) -> None:
    """Into a database that must be empty. Raises `BackupError`."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        target = Path(address.database or "")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy_sqlite(source, target)
        return
    command = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error"]
    command += ["--single-transaction", f"--dbname={address.database or ''}", str(source)]
    _run(command, address)


def refuse_used(url: str) -> None:
    """Raises `BackupError` unless nothing is there."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if Path(address.database or "").exists():
            raise BackupError(f"{address.database} exists: a restore needs an empty place")
        return
    engine = create_engine(address, hide_parameters=True)
    try:
        with engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise BackupError("the database has tables: a restore needs an empty one")
    except SQLAlchemyError as error:
        raise BackupError(f"the database cannot be reached: {type(error).__name__}") from None
    finally:
        engine.dispose()


def counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in COUNTED
    }


def held(connection: Connection) -> dict[str, Chain]:
    return {
        f"{row.terminal}/{row.journal}": Chain(row.through, row.top, row.hash)
        for row in connection.execute(select(chains))
    }


def version(connection: Connection) -> str:
    return revision(connection)


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"{source} is not there")
    target.touch(0o600)
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            (sound,) = new.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from None
    if sound != "ok":
        raise BackupError(f"{source} is damaged: {sound}")


def _run(command: list[str], address: URL) -> None:
    named = {
        "PGHOST": address.host, "PGPORT": address.port, "PGUSER": address.username,
        "PGPASSWORD": address.password, "PGDATABASE": address.database,
    }  # fmt: skip
    env = {**os.environ, **{name: str(value) for name, value in named.items() if value}}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupError(
            f"{command[0]} is not installed: install the Debian package postgresql-client"
        ) from None
    if done.returncode:
        raise BackupError(f"{command[0]}: {done.stderr.strip().splitlines()[-1:] or 'failed'}")
