"""What a journal says: its records in order, its chain, how far the fleet has it. Only reads."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from kiosk import wire
from kiosk.errors import JournalBrokenError, JournalError, JournalFullError, JournalSpoiltError

COLUMNS = "seq, boot, time, type, session, of, data, sealed, prev, hash"
_UNFINISHED = f"""SELECT {COLUMNS} FROM record AS r WHERE r.type LIKE 'kiosk.%.intent'
  AND NOT EXISTS (SELECT 1 FROM record AS o WHERE o.of = r.seq) ORDER BY seq"""  # noqa: S608


class Chain:
    """One instance belongs to one thread. Raises `JournalError`."""

    def __init__(self, db: sqlite3.Connection, terminal: str) -> None:
        self._db = db
        self.terminal = terminal
        self.id: str = self._one("SELECT id FROM journal")

    def unfinished(self) -> list[wire.Record]:
        """Intents without an outcome, oldest first: what a crash left open."""
        return [self._record(row) for row in self._rows(_UNFINISHED)]

    def records(self, first: int, last: int | None = None, limit: int = 1000) -> list[wire.Record]:
        """Records with `first <= seq <= last`, in order."""
        rows = self._rows(
            f"SELECT {COLUMNS} FROM record WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?",  # noqa: S608
            first, 2**62 if last is None else last, limit,
        )  # fmt: skip
        return [self._record(row) for row in rows]

    def walk(self, first: int = 1) -> Iterator[wire.Record]:
        """Every record from `first` on, read in pieces."""
        while batch := self.records(first):
            yield from batch
            first = batch[-1].seq + 1

    @property
    def last_seq(self) -> int:
        return self._last()[0]

    @property
    def pruned_through(self) -> int:
        """Records up to this one are the fleet's alone."""
        seq: int = self._one("SELECT seq FROM anchor")
        return seq

    def verify(self, newest: int | None = None) -> int:
        """Check the chain (of the `newest` records); how many hold. `JournalBrokenError` else."""
        if ahead := self.ahead:
            raise JournalBrokenError(
                f"the fleet holds other records through {ahead}: this is an old copy of the journal"
            )
        anchor, prev = self._row("SELECT seq, hash FROM anchor")
        first = anchor + 1 if newest is None else max(anchor + 1, self.last_seq - newest + 1)
        if first > anchor + 1:
            [(prev,)] = self._rows("SELECT prev FROM record WHERE seq = ?", first) or [("",)]
        checked = 0
        for record in self.walk(first):
            expected = (first + checked, prev or wire.GENESIS)
            if (record.seq, record.prev) != expected or wire.digest(record) != record.hash:
                raise JournalBrokenError(f"record {record.seq} does not follow from the one before")
            prev = record.hash
            checked += 1
        return checked

    def look_through(self) -> None:
        """Every page of the file, without the records' hashes. Raises `JournalSpoiltError`."""
        said = self._one("PRAGMA quick_check(1)")
        if said != "ok":
            raise JournalSpoiltError(str(said).splitlines()[0])

    @property
    def acked_through(self) -> int:
        seq: int = self._one("SELECT acked_through FROM journal")
        return seq

    @property
    def ahead(self) -> int:
        """Not 0: the fleet holds records through this number that are not here: `note_ahead`."""
        seq: int = self._one("SELECT ahead FROM journal")
        return seq

    @property
    def size(self) -> int:
        """Bytes in use, without room that is free again."""
        pages: int = self._one(
            "SELECT (page_count - freelist_count) * page_size"
            " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return pages

    @property
    def oldest_needed(self) -> int:
        """The first record that an open intent or a waiting page is about."""
        seqs = [record.seq for record in self.unfinished()[:1]]
        first: int = self._one("SELECT coalesce(min(seq), 9223372036854775807) FROM page")
        return min([first, *seqs])

    # ---- Inside ------------------------------------------------------------------------------

    def _record(self, row: tuple[Any, ...]) -> wire.Record:
        seq, boot, time, kind, session, of, data, sealed, prev, own = row
        return wire.Record(
            id=f"{self.id}-{seq}",
            source=f"/terminals/{self.terminal}",
            type=kind,
            time=time,
            journal=self.id,
            boot=boot,
            seq=seq,
            prev=prev,
            hash=own,
            data=msgspec.Raw(data),
            session=session,
            of=of,
            sealed=sealed,
        )

    def _last(self) -> tuple[int, str]:
        """Number and hash of the newest record, pruned or not."""
        seq, known = self._row(
            "SELECT seq, hash FROM record UNION ALL SELECT seq, hash FROM anchor"
            " ORDER BY seq DESC LIMIT 1"
        )
        return seq, known or wire.GENESIS

    def _one(self, query: str) -> Any:
        return self._row(query)[0]

    def _row(self, query: str) -> Any:
        return self._rows(query)[0]

    def _rows(self, query: str, *values: Any) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error


def translated(error: Exception) -> JournalError:
    """Full and spoilt are told apart from everything else that a file may be."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    full = code == sqlite3.SQLITE_FULL or getattr(error, "errno", None) == errno.ENOSPC
    spoilt = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    kind = JournalFullError if full else JournalSpoiltError if spoilt else JournalError
    return kind(f"{type(error).__name__}: {error}")
