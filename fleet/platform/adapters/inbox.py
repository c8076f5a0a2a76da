"""Reports that a platform hands out only once, kept before they are acknowledged.

A platform that forgets what was acknowledged cannot give the same place's reports again; this file
can. What comes twice is kept once, by the platform's own number.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from fleet.platform.contract import PlatformError, StepReport

BUSY_SECONDS = 5.0
PAGE = 200
_TABLE = """CREATE TABLE IF NOT EXISTS reports
    (place INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL UNIQUE, report BLOB NOT NULL)
"""


class Inbox:
    """Thread-safe. Raises `PlatformError`. The file is its owner's alone (0600)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute(_TABLE)
        except sqlite3.Error as error:
            raise PlatformError(f"{path}: cannot be used ({type(error).__name__})") from None

    def keep(self, reports: Mapping[int, StepReport]) -> None:
        """Committed when it returns."""
        rows = [(number, msgspec.json.encode(reports[number])) for number in sorted(reports)]
        try:
            with self._lock, self._db:
                self._db.executemany(
                    "INSERT INTO reports (number, report) VALUES (?, ?)"
                    " ON CONFLICT (number) DO NOTHING",
                    rows,
                )
        except sqlite3.Error as error:
            raise PlatformError(f"the inbox cannot be used ({type(error).__name__})") from None

    def after(self, place: int) -> tuple[list[StepReport], int]:
        try:
            with self._lock:
                rows = self._db.execute(
                    "SELECT place, report FROM reports WHERE place > ? ORDER BY place LIMIT ?",
                    (place, PAGE),
                ).fetchall()
            found = [msgspec.json.decode(raw, type=StepReport) for _, raw in rows]
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise PlatformError(f"the inbox cannot be used ({type(error).__name__})") from None
        return found, rows[-1][0] if rows else place

    def close(self) -> None:
        with self._lock:
            self._db.close()
