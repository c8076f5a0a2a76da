"""What is sound in a journal that is not: records that match their own hash, and sealed pages.

Nothing is written, and nothing is guessed: what cannot be read is lost, and is told to the fleet
by its absence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from kiosk import wire
from kiosk.errors import JournalError
from kiosk.journal.chain import Chain
from kiosk.journal.spool import Spool

MISSES = 5000  # unreadable or absent numbers in a row, after which nothing more is expected
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Salvage:
    """`journal` '': not even its name can be read. `records`: those that the fleet may lack."""

    journal: str = ""
    acked_through: int = 0
    records: tuple[wire.Record, ...] = ()
    pages: tuple[wire.SealedPage, ...] = ()


def salvage(path: Path, terminal: str) -> Salvage:
    try:
        with _reading(path) as db:
            chain = Chain(db, terminal)
            held = _tried(lambda: chain.acked_through, 0)
            records = tuple(_sound(chain, held + 1))
            return Salvage(chain.id, held, records, tuple(_pages(db)))
    except (sqlite3.Error, JournalError, IndexError):
        return Salvage()


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _sound(chain: Chain, first: int) -> Iterator[wire.Record]:
    seq, misses = first, 0
    last = _tried(lambda: chain.last_seq, 2**62)
    while seq <= last and misses < MISSES:
        found: list[wire.Record] = _tried(partial(chain.records, seq, seq), [])
        good = bool(found) and wire.digest(found[0]) == found[0].hash
        misses = 0 if good else misses + 1
        if good:
            yield found[0]
        seq += 1


def _pages(db: sqlite3.Connection) -> Iterator[wire.SealedPage]:
    spool = Spool(db, nullcontext)
    digests: list[str] = _tried(spool.digests, [])
    for digest in digests:
        page = _tried(partial(spool.read, digest), None)
        if page is not None:
            yield page


def _tried(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except (JournalError, UnicodeDecodeError, TypeError, IndexError):
        return otherwise
