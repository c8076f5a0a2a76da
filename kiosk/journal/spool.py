"""Scanned pages on their way to the fleet: sealed, in the journal's own file.

They are written in the transaction that files their case (`Journal.begin_all`), so that no case
lacks a page and no page lacks a case, and leave when the fleet has said that it holds them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Any

from kiosk.journal.chain import translated
from kiosk.wire import SealedPage


class Spool:
    """`Journal.pages`; belongs to its journal's thread. Raises `JournalError`."""

    def __init__(
        self, db: sqlite3.Connection, writing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db, self._writing = db, writing

    def put(self, pages: Collection[SealedPage], seq: int) -> None:
        """Only inside a transaction of the journal's."""
        self._db.executemany(
            "INSERT OR IGNORE INTO page (digest, seq, proof, sealed) VALUES (?, ?, ?, ?)",
            [(page.digest, seq, page.proof, page.sealed) for page in pages],
        )

    @property
    def waiting(self) -> int:
        count: int = self._rows("SELECT count(*) FROM page")[0][0]
        return count

    def digests(self) -> list[str]:
        """The oldest first."""
        return [row[0] for row in self._rows("SELECT digest FROM page ORDER BY seq, rowid")]

    def read(self, digest: str) -> SealedPage | None:
        """None: it has left."""
        rows = self._rows("SELECT digest, proof, sealed FROM page WHERE digest = ?", digest)
        return SealedPage(*rows[0]) if rows else None

    def taken(self, digest: str) -> None:
        """The fleet has committed it."""
        with self._writing():
            self._db.execute("DELETE FROM page WHERE digest = ?", (digest,))

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error
