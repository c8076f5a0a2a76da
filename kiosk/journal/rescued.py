"""Records of a journal that had to be set aside, on their way to the fleet.

They keep their own journal's name, number and hash, so that the fleet takes each once, whether or
not it has come before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

import msgspec

from kiosk import wire
from kiosk.journal.chain import translated


class Rescued:
    """`Journal.rescued`; belongs to its journal's thread. Raises `JournalError`."""

    def __init__(
        self, db: sqlite3.Connection, writing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db, self._writing = db, writing

    def put(self, records: Iterable[wire.Record]) -> None:
        """Only inside a transaction of the journal's."""
        self._db.executemany(
            "INSERT OR IGNORE INTO rescued (journal, seq, record) VALUES (?, ?, ?)",
            [(one.journal, one.seq, wire.encode(one)) for one in records],
        )

    @property
    def waiting(self) -> int:
        count: int = self._rows("SELECT count(*) FROM rescued")[0][0]
        return count

    def records(self, limit: int) -> list[wire.Record]:
        """The oldest of one journal."""
        rows = self._rows("SELECT record FROM rescued ORDER BY journal, seq LIMIT ?", limit)
        found = [msgspec.json.decode(row[0], type=wire.Record) for row in rows]
        return [one for one in found if one.journal == found[0].journal]

    def acknowledged(self, ack: wire.Ack) -> bool:
        """The fleet holds all of a journal through `ack.top`, but what is missing.

        True: some have left.
        """
        waiting = self._rows("SELECT seq FROM rescued WHERE journal = ?", ack.journal)
        done = [
            (ack.journal, seq)
            for (seq,) in waiting
            if seq <= ack.top and not any(first <= seq <= last for first, last in ack.missing)
        ]
        if done:
            with self._writing():
                self._db.executemany("DELETE FROM rescued WHERE journal = ? AND seq = ?", done)
        return bool(done)

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error
