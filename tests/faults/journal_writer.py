"""Appends to a journal as fast as it can; says each record that is safe. Killed from outside."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk import wire
from kiosk.errors import JournalError
from kiosk.journal import Journal, open_sound, prune

PAGE = b"sealed page " * 300


def main(path: Path) -> None:
    journal = opened(path)
    print("ready", journal.id, flush=True)
    turn = 0
    while True:
        turn += 1
        try:
            step(journal, turn)
        except JournalError as error:
            print("failed", type(error).__name__, flush=True)


def opened(path: Path) -> Journal:
    while True:
        try:
            return open_sound(path, "KT-0001")
        except JournalError as error:
            print("failed", type(error).__name__, flush=True)


def step(journal: Journal, turn: int) -> None:
    """A case with a page, its outcome, now and then an acknowledgement and a pruning."""
    page = wire.SealedPage(f"{journal.last_seq + 1:064x}", "p" * 64, PAGE)
    [case] = journal.begin_all("case", [({"turn": turn}, "c2VhbGVk")], pages=[page])
    say(case)
    say(journal.end(case, {"fill": "x" * (turn % 7 * 100)}))
    if turn % 5 == 0:
        journal.pages.taken(page.digest)
        journal.note_acked(journal.last_seq)
    if turn % 20 == 0:
        prune(journal, 300_000)


def say(record: wire.Record) -> None:
    print("safe", record.journal, record.seq, record.hash, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
