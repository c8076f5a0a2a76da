"""A journal's tables, version by version: `schema/NNNN.sql` leads from the version before to NNNN.

The version is `PRAGMA user_version`, so it changes in the same transaction as the tables.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files

from kiosk.errors import JournalError

VERSION = 3


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables to `VERSION`; several processes may do so at once. `JournalError` when they
    are of newer software: what it keeps there is not known here."""
    while (found := _version(db)) != VERSION:
        if found > VERSION:
            raise JournalError(f"the journal is of version {found}, this software of {VERSION}")
        _step(db, found)


def _step(db: sqlite3.Connection, found: int) -> None:
    name = f"schema/{found + 1:04}.sql"
    script = files("kiosk.journal").joinpath(name).read_text("utf-8")
    db.execute("BEGIN IMMEDIATE")
    try:
        if _version(db) == found:
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {found + 1}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(script: str) -> list[str]:
    """`executescript` would commit first; triggers have semicolons inside."""
    statements, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements
