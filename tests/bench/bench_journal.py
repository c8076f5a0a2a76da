"""A terminal's journal beside bare SQLite with the same durability: commits a second."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from kiosk.journal import Journal

COMMITS = 500
ROUNDS = 4  # in turns, so that a busy moment of the disk meets both


def per_second(act: Callable[[int], object]) -> float:
    begun = time.perf_counter()
    for number in range(COMMITS):
        act(number)
    return COMMITS / (time.perf_counter() - begun)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder) / "journal.db", "KT-0001")
        with closing(sqlite3.connect(f"{folder}/bare.db", isolation_level=None)) as bare:
            bare.execute("PRAGMA journal_mode=WAL")
            bare.execute("PRAGMA synchronous=FULL")
            bare.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, data BLOB)")
            ours, theirs = list[float](), list[float]()
            for _ in range(ROUNDS):
                ours.append(
                    per_second(lambda n: journal.append("x", {"number": n, "fill": "x" * 200}))
                )
                theirs.append(
                    per_second(
                        lambda n: bare.execute(
                            "INSERT INTO record (data) VALUES (?)", (f"{n}" + "x" * 500,)
                        )
                    )
                )
        journal.close()
    own, plain = max(ours), max(theirs)
    print(
        f"journal: {own:.0f} records a second, each synced; bare SQLite {plain:.0f};"
        f" {own / plain:.2f} of it"
    )


if __name__ == "__main__":
    main()
