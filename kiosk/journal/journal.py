"""The terminal's append-only memory.

One SQLite file, WAL, `synchronous=FULL`: a record that `append` returned survives a power cut. Each
record holds the hash of the one before (`kiosk.wire.digest`). The screen process appends, the agent
process reads and notes what the fleet holds; both may have the file open at once.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk import wire
from kiosk.errors import JournalError
from kiosk.journal.chain import COLUMNS, Chain, translated
from kiosk.journal.migrations import migrate
from kiosk.journal.rescued import Rescued
from kiosk.journal.spool import Spool


class Journal(Chain):
    """Open with `Journal.open`; one instance belongs to one thread."""

    def __init__(self, db: sqlite3.Connection, terminal: str, path: Path) -> None:
        super().__init__(db, terminal)
        self.folder = path.parent
        self._path, self._inode = path, path.stat().st_ino
        self.pages = Spool(db, self._write)
        self.rescued = Rescued(db, self._write)

    @classmethod
    def open(cls, path: Path, terminal: str) -> Journal:
        """Make or open the file; raises `JournalError` when it can't be written or is not ours."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            migrate(db)
            db.execute(
                "INSERT OR IGNORE INTO journal (only, id, terminal) VALUES (1, ?, ?)",
                (uuid.uuid4().hex[:16], terminal),
            )
            owner = db.execute("SELECT terminal FROM journal").fetchone()[0]
        except (sqlite3.Error, OSError) as error:
            raise translated(error) from error
        if owner != terminal:
            raise JournalError(f"{path} belongs to terminal {owner}, not {terminal}")
        return cls(db, terminal, path)

    def close(self) -> None:
        self._db.close()

    @property
    def moved(self) -> bool:
        """Another file is the terminal's journal now: this one was set aside (`journal.mend`)."""
        try:
            return self._path.stat().st_ino != self._inode
        except FileNotFoundError:
            return True

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

    def append(
        self, kind: str, data: dict[str, Any], session: str = "", sealed: str = ""
    ) -> wire.Record:
        """Record that something happened; durable on return."""
        return self._add(f"kiosk.{kind}.event", data, session, sealed=sealed)

    def begin(
        self, kind: str, data: dict[str, Any], session: str = "", sealed: str = ""
    ) -> wire.Record:
        """Record the intent of an act that can't be undone, before the act."""
        return self._add(f"kiosk.{kind}.intent", data, session, sealed=sealed)

    def begin_all(
        self,
        kind: str,
        acts: Sequence[tuple[dict[str, Any], str]],
        session: str = "",
        pages: Collection[wire.SealedPage] = (),
    ) -> list[wire.Record]:
        """`begin` for each (data, sealed), one after the other, and their pages: all or none."""
        name = f"kiosk.{kind}.intent"
        with self._write():
            made = [self._insert(name, data, session, sealed, 0) for data, sealed in acts]
            self.pages.put(pages, made[0].seq)
        return made

    def take_along(
        self,
        records: Iterable[wire.Record],
        pages: Collection[wire.SealedPage],
        kind: str,
        data: dict[str, Any],
    ) -> None:
        """Begin with what a journal before this one leaves, and with a record of that."""
        with self._write():
            first = self._insert(f"kiosk.{kind}.event", data, "", "", 0)
            self.rescued.put(records)
            self.pages.put(pages, first.seq)

    def end(self, intent: wire.Record, data: dict[str, Any]) -> wire.Record:
        """Record how the act of `intent` came out; a second outcome is a `JournalError`."""
        kind = intent.type.split(".", 1)[1].rsplit(".", 1)[0]
        return self._add(f"kiosk.{kind}.outcome", data, intent.session, of=intent.seq)

    # ---- What the fleet holds ----------------------------------------------------------------

    def note_acked(self, through: int) -> None:
        """The fleet has committed everything up to `through`; never goes back."""
        with self._write():
            self._db.execute(
                "UPDATE journal SET acked_through = max(acked_through, min(?, ?))",
                (through, self.last_seq),
            )

    def note_ahead(self, top: int) -> None:
        """The fleet holds other records through `top`: from now on nothing is added here."""
        with self._write():
            self._db.execute("UPDATE journal SET ahead = ?", (top,))

    def forget(self, through: int) -> int:
        """Records up to `through` are the fleet's alone from now on; how many went."""
        if through <= self.pruned_through:
            return 0
        with self._write():
            self._db.execute(
                "UPDATE anchor SET (seq, hash) = (SELECT seq, hash FROM record WHERE seq = ?)",
                (through,),
            )
            return self._db.execute("DELETE FROM record WHERE seq <= ?", (through,)).rowcount

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
        rows = self._rows("SELECT name, value, time FROM status")
        return {name: (msgspec.json.decode(value), time) for name, value, time in rows}

    # ---- Inside ------------------------------------------------------------------------------

    def _add(
        self, kind: str, data: dict[str, Any], session: str, sealed: str = "", of: int = 0
    ) -> wire.Record:
        with self._write():
            return self._insert(kind, data, session, sealed, of)

    def _insert(
        self, kind: str, data: dict[str, Any], session: str, sealed: str, of: int
    ) -> wire.Record:
        last, prev = self._last()
        seq = last + 1
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        raw = msgspec.json.encode(data)
        draft = self._record((seq, self.boot, time, kind, session, of, raw, sealed, prev, ""))
        record = msgspec.structs.replace(draft, hash=wire.digest(draft))
        self._db.execute(
            f"INSERT INTO record ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (seq, self.boot, time, kind, session, of, raw, sealed, prev, record.hash),
        )
        return record

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
            raise translated(error) from error
