"""The terminal's append-only memory.

One SQLite file, WAL, `synchronous=FULL`: a record that `append` returned survives a power cut. Each
record holds the hash of the one before (`kiosk.wire.digest`). The screen process appends, the agent
process reads and notes what the fleet holds; both may have the file open at once.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from kiosk import wire
from kiosk.errors import JournalBrokenError, JournalError, JournalFullError

_COLUMNS = "seq, boot, time, type, session, of, data, sealed, prev, hash"
_UNFINISHED = f"""SELECT {_COLUMNS} FROM record AS r WHERE r.type LIKE 'kiosk.%.intent'
  AND NOT EXISTS (SELECT 1 FROM record AS o WHERE o.of = r.seq) ORDER BY seq"""  # noqa: S608


class Journal:
    """Open with `Journal.open`; one instance belongs to one thread."""

    def __init__(self, db: sqlite3.Connection, terminal: str, folder: Path) -> None:
        self._db = db
        self.folder = folder
        self.terminal = terminal
        self.id: str = self._one("SELECT id FROM journal")

    @classmethod
    def open(cls, path: Path, terminal: str) -> Journal:
        """Make or open the file; raises `JournalError` when it can't be written or is not ours."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.executescript(files("kiosk.journal").joinpath("schema.sql").read_text())
            db.execute(
                "INSERT OR IGNORE INTO journal (only, id, terminal) VALUES (1, ?, ?)",
                (uuid.uuid4().hex[:16], terminal),
            )
            owner = db.execute("SELECT terminal FROM journal").fetchone()[0]
        except (sqlite3.Error, OSError) as error:
            raise _translated(error) from error
        if owner != terminal:
            raise JournalError(f"{path} belongs to terminal {owner}, not {terminal}")
        return cls(db, terminal, path.parent)

    def close(self) -> None:
        self._db.close()

    def start_boot(self) -> int:
        """Count one more start of the terminal; called once by the screen process."""
        with self._write():
            self._db.execute("UPDATE journal SET boot = boot + 1")
        return self.boot

    @property
    def boot(self) -> int:
        """Starts of the terminal so far; every record carries its own."""
        count: int = self._one("SELECT boot FROM journal")
        return count

    # ---- Records -----------------------------------------------------------------------------

    def append(self, kind: str, data: dict[str, Any], session: str = "") -> wire.Record:
        """Record that something happened; durable on return."""
        return self._add(f"kiosk.{kind}.event", data, session)

    def begin(
        self, kind: str, data: dict[str, Any], session: str = "", sealed: str = ""
    ) -> wire.Record:
        """Record the intent of an act that can't be undone, before the act."""
        return self._add(f"kiosk.{kind}.intent", data, session, sealed=sealed)

    def end(self, intent: wire.Record, data: dict[str, Any]) -> wire.Record:
        """Record how the act of `intent` came out; a second outcome is a `JournalError`."""
        kind = intent.type.split(".", 1)[1].rsplit(".", 1)[0]
        return self._add(f"kiosk.{kind}.outcome", data, intent.session, of=intent.seq)

    def unfinished(self) -> list[wire.Record]:
        """Intents without an outcome, oldest first: what a crash left open."""
        return [self._record(row) for row in self._db.execute(_UNFINISHED)]

    def records(self, first: int, last: int | None = None, limit: int = 1000) -> list[wire.Record]:
        """Records with `first <= seq <= last`, in order."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM record WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?",  # noqa: S608
            (first, 2**62 if last is None else last, limit),
        )
        return [self._record(row) for row in rows]

    @property
    def last_seq(self) -> int:
        seq: int = self._one("SELECT coalesce(max(seq), 0) FROM record")
        return seq

    def verify(self, newest: int | None = None) -> int:
        """Check the chain (of the `newest` records); how many hold. `JournalBrokenError` else."""
        first = 1 if newest is None else max(1, self.last_seq - newest + 1)
        prev: str | None = wire.GENESIS if first == 1 else None
        checked = 0
        for record in self._walk(first):
            if wire.digest(record) != record.hash or prev not in (None, record.prev):
                raise JournalBrokenError(f"record {record.seq} does not follow from the one before")
            prev = record.hash
            checked += 1
        return checked

    # ---- What the fleet holds ----------------------------------------------------------------

    @property
    def acked_through(self) -> int:
        seq: int = self._one("SELECT acked_through FROM journal")
        return seq

    def note_acked(self, through: int) -> None:
        """The fleet has committed everything up to `through`; never goes back."""
        with self._write():
            self._db.execute(
                "UPDATE journal SET acked_through = max(acked_through, min(?, ?))",
                (through, self.last_seq),
            )

    def next_link_session(self) -> int:
        """Number of the next MQTT session: grows with each, over restarts."""
        with self._write():
            self._db.execute("UPDATE journal SET link_session = link_session + 1")
            number: int = self._one("SELECT link_session FROM journal")
        return number

    # ---- What is true now --------------------------------------------------------------------

    def put_status(self, name: str, value: Any) -> None:
        """Replace what is known of `name` (idcard, services, link, screen…)."""
        now = datetime.now(UTC).timestamp()
        with self._write():
            self._db.execute(
                "INSERT OR REPLACE INTO status VALUES (?, ?, ?)",
                (name, msgspec.json.encode(value).decode(), now),
            )

    def statuses(self) -> dict[str, tuple[Any, float]]:
        """Name → (value, epoch seconds when it was put)."""
        rows = self._db.execute("SELECT name, value, time FROM status")
        return {name: (msgspec.json.decode(value), time) for name, value, time in rows}

    # ---- Inside ------------------------------------------------------------------------------

    def _add(
        self, kind: str, data: dict[str, Any], session: str, sealed: str = "", of: int = 0
    ) -> wire.Record:
        with self._write():
            row = self._db.execute(
                "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1"
            ).fetchone()
            seq, prev = (row[0] + 1, row[1]) if row else (1, wire.GENESIS)
            time = datetime.now(UTC).isoformat(timespec="milliseconds")
            raw = msgspec.json.encode(data)
            draft = self._record((seq, self.boot, time, kind, session, of, raw, sealed, prev, ""))
            record = msgspec.structs.replace(draft, hash=wire.digest(draft))
            self._db.execute(
                f"INSERT INTO record ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                (seq, self.boot, time, kind, session, of, raw, sealed, prev, record.hash),
            )
        return record

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

    def _walk(self, first: int) -> Iterator[wire.Record]:
        while batch := self.records(first):
            yield from batch
            first = batch[-1].seq + 1

    def _one(self, query: str) -> Any:
        try:
            return self._db.execute(query).fetchone()[0]
        except sqlite3.Error as error:
            raise _translated(error) from error

    @contextmanager
    def _write(self) -> Iterator[None]:
        """One durable transaction; a failed one leaves nothing behind."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _translated(error) from error


def _translated(error: Exception) -> JournalError:
    full = "full" in str(error) or getattr(error, "errno", None) == 28
    return (JournalFullError if full else JournalError)(f"{type(error).__name__}: {error}")
