"""What has been issued, invited and revoked: one SQLite file, shared by fleet and command line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS issued (
  serial TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, key TEXT NOT NULL,
  not_before REAL NOT NULL, not_after REAL NOT NULL, revoked REAL, pem TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS issued_name ON issued (name);
-- `digest`: SHA-256 of the code, which is not kept; `key`: of whom used it
CREATE TABLE IF NOT EXISTS invitation (
  digest TEXT PRIMARY KEY, name TEXT NOT NULL, expires REAL NOT NULL, key TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS list (only INTEGER PRIMARY KEY CHECK (only = 1),
  number INTEGER NOT NULL, time REAL NOT NULL) STRICT;
INSERT OR IGNORE INTO list VALUES (1, 0, 0);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """`serial`: hex; times: epoch seconds; `revoked`: None, or when."""

    serial: str
    name: str
    role: str
    key: str
    not_before: float
    not_after: float
    revoked: float | None
    pem: str

    def live(self, now: float) -> bool:
        return self.revoked is None and now < self.not_after


class Book:
    """Every call opens and closes the file: calls are rare, and come from several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as db:
            db.executescript(_SCHEMA)
        path.chmod(0o600)

    def add(self, entry: Entry) -> None:
        values = (entry.serial, entry.name, entry.role, entry.key, entry.not_before,
                  entry.not_after, entry.revoked, entry.pem)  # fmt: skip
        with self._open() as db:
            db.execute("INSERT INTO issued VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def entries(self, name: str = "") -> list[Entry]:
        """Of one name, or all; the newest last."""
        where, values = ("WHERE name = ?", (name,)) if name else ("", ())
        query = f"SELECT * FROM issued {where} ORDER BY name, not_before, rowid"  # noqa: S608
        return [Entry(*row) for row in self._rows(query, *values)]

    def find(self, serial: str) -> Entry | None:
        rows = self._rows("SELECT * FROM issued WHERE serial = ?", serial)
        return Entry(*rows[0]) if rows else None

    def revoke(self, name: str, now: float) -> int:
        """How many certificates of that name were live, and its invitations are void too."""
        with self._open() as db:
            db.execute("DELETE FROM invitation WHERE name = ?", (name,))
            query = "UPDATE issued SET revoked = ? WHERE name = ? AND revoked IS NULL"
            return db.execute(f"{query} AND not_after > ?", (now, name, now)).rowcount

    def invite(self, digest: str, name: str, expires: float) -> None:
        with self._open() as db:
            db.execute("DELETE FROM invitation WHERE name = ?", (name,))
            db.execute("INSERT INTO invitation VALUES (?, ?, ?, '')", (digest, name, expires))

    def accept(self, digest: str, name: str, key: str, now: float) -> bool:
        """Use an invitation up. By the same key again: the answer was lost on its way."""
        query = """UPDATE invitation SET key = ?
            WHERE digest = ? AND name = ? AND expires > ? AND key IN ('', ?)"""
        with self._open() as db:
            return db.execute(query, (key, digest, name, now, key)).rowcount == 1

    def next_list(self, at: float) -> tuple[int, float]:
        """Number and time of the next revocation list: both only grow."""
        with self._open() as db:
            query = "UPDATE list SET number = number + 1, time = max(?, time + 1)"
            number, time = db.execute(f"{query} RETURNING number, time", (at,)).fetchone()
            return int(number), float(time)

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._open() as db:
            return db.execute(query, values).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            yield db
