"""What an office has accepted, in a SQLite file of its own: kept before it is told."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from fleet.platform.contract import Decision, PlatformError, StepReport
from kiosk import wire
from kiosk.wire import CasePayload

TABLES = Path(__file__).with_name("book.sql")
BUSY_SECONDS = 10.0
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")


@dataclass(frozen=True, slots=True)
class Row:
    """One case on record. `accepted`: the day on which its clock began."""

    case_no: str
    application: str
    base: str
    case: CasePayload
    decision: Decision
    conclusion: Decision | None
    accepted: date
    sent_back: bool


class Book:
    """Thread-safe; several processes may share the file. It is its owner's alone (0600)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            for pragma in _PRAGMAS:
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(TABLES.read_text("utf-8"))
        except sqlite3.Error as error:
            raise PlatformError(f"{path}: cannot be used ({type(error).__name__})") from None

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """All of it is kept, or nothing. Raises `PlatformError`."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except (sqlite3.Error, msgspec.DecodeError) as error:
                raise PlatformError(f"the book cannot be used ({type(error).__name__})") from None

    # ---- cases, within `change` --------------------------------------------------------------

    def find(self, case_no: str) -> Row | None:
        found = self._db.execute(
            "SELECT application, base, payload, decision, conclusion, accepted, sent_back"
            " FROM cases WHERE case_no = ?",
            (case_no,),
        ).fetchone()
        if found is None:
            return None
        application, base, payload, decision, conclusion, accepted, sent_back = found
        return Row(
            case_no, application, base,
            msgspec.json.decode(payload, type=CasePayload),
            msgspec.json.decode(decision, type=Decision),
            msgspec.json.decode(conclusion, type=Decision) if conclusion else None,
            date.fromisoformat(accepted), bool(sent_back),
        )  # fmt: skip

    def add(self, row: Row) -> None:
        conclusion = msgspec.json.encode(row.conclusion) if row.conclusion else None
        self._db.execute(
            "INSERT INTO cases (case_no, application, base, payload, decision, conclusion,"
            " accepted, sent_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.case_no, row.application, row.base, wire.encode(row.case),
                msgspec.json.encode(row.decision), conclusion, row.accepted.isoformat(),
                row.sent_back,
            ),
        )  # fmt: skip

    def count_again(self, case_no: str) -> None:
        self._db.execute("UPDATE cases SET times = times + 1 WHERE case_no = ?", (case_no,))

    def replace(self, case: CasePayload, accepted: date, sent_back: bool) -> None:
        self._db.execute(
            "UPDATE cases SET payload = ?, accepted = ?, sent_back = ? WHERE case_no = ?",
            (wire.encode(case), accepted.isoformat(), sent_back, case.case_no),
        )

    def send_back(self, case_no: str) -> None:
        self._db.execute("UPDATE cases SET sent_back = 1 WHERE case_no = ?", (case_no,))

    def conclude(self, case_no: str, decision: Decision) -> None:
        self._db.execute(
            "UPDATE cases SET conclusion = ? WHERE case_no = ?",
            (msgspec.json.encode(decision), case_no),
        )

    def open_cases(self) -> list[str]:
        """Those that nothing holds up."""
        query = "SELECT case_no FROM cases WHERE conclusion IS NULL AND sent_back = 0"
        return [case_no for (case_no,) in self._db.execute(query)]

    def counts(self) -> dict[str, int]:
        """By case: how often it was handed over."""
        return dict(self._db.execute("SELECT case_no, times FROM cases").fetchall())

    # ---- steps and reports, within `change` --------------------------------------------------

    def ended(self, case_no: str) -> dict[str, date]:
        rows = self._db.execute("SELECT step, day FROM ended WHERE case_no = ?", (case_no,))
        return {step: date.fromisoformat(day) for step, day in rows}

    def end(self, case_no: str, step: str, day: date) -> None:
        self._db.execute("INSERT INTO ended VALUES (?, ?, ?)", (case_no, step, day.isoformat()))

    def report(self, report: StepReport) -> None:
        self._db.execute("INSERT INTO reports (report) VALUES (?)", (msgspec.json.encode(report),))

    def reports(self, after: int, most: int, unfetched: bool) -> list[tuple[int, StepReport]]:
        """`unfetched`: only those that nobody has acknowledged."""
        rows = self._db.execute(
            "SELECT number, report FROM reports WHERE number > ? AND fetched <= ?"
            " ORDER BY number LIMIT ?",
            (after, not unfetched, most),
        )
        return [(number, msgspec.json.decode(raw, type=StepReport)) for number, raw in rows]

    def fetched(self, numbers: list[int]) -> None:
        rows = [(number,) for number in numbers]
        self._db.executemany("UPDATE reports SET fetched = 1 WHERE number = ?", rows)

    # ---- the clock, within `change` ----------------------------------------------------------

    def begin(self, case_no: str, at: float) -> None:
        """The clock of this case begins, or begins anew. `at`: epoch seconds."""
        self._db.execute("INSERT OR REPLACE INTO begun VALUES (?, ?)", (case_no, at))

    def begun(self, case_no: str) -> float | None:
        query = "SELECT at FROM begun WHERE case_no = ?"
        found = self._db.execute(query, (case_no,)).fetchone()
        return float(found[0]) if found else None

    def ahead(self) -> float:
        """Seconds by which this office's clock was put forward."""
        found = self._db.execute("SELECT seconds FROM clock").fetchone()
        return float(found[0]) if found else 0.0

    def put_forward(self, seconds: float) -> None:
        self._db.execute("INSERT OR REPLACE INTO clock VALUES (1, ?)", (self.ahead() + seconds,))
