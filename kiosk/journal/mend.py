"""A journal that cannot be read any more is set aside whole: never repaired, for it is evidence.

A new one begins and takes along what is sound and the fleet lacks. Its file gets the name `.new`
when it is complete; from then on every start carries the change to its end, whatever cuts it off.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from kiosk import durable
from kiosk.errors import JournalError, JournalSpoiltError
from kiosk.journal.journal import Journal
from kiosk.journal.salvage import Salvage, salvage

CHECKED = 2000  # newest records whose chain is checked at each start
REPLACED = "journal.replaced"
_PARTS = ("-wal", "-shm", "")  # the file itself last: what is left of it is never taken for whole


class Why(StrEnum):
    """Why a journal was set aside; in the record with which the next one begins."""

    SPOILT = "spoilt"  # the file cannot be read
    ASKED = "asked"  # by somebody who has looked at it: `kiosk journal renew`


def open_sound(path: Path, terminal: str, *, chained: bool = True) -> Journal:
    """As `Journal.open`, but looked through first; of a spoilt file the next one.

    `JournalBrokenError`: its chain does not hold. That is no accident of a disk, and the terminal
    stays closed until somebody has looked at it. Whoever only reports takes it unless `chained`.
    """
    with _alone(path):
        _carry_on(path)
        try:
            return _checked(path, terminal, chained)
        except JournalSpoiltError:
            _replace(path, terminal, Why.SPOILT)
            return _checked(path, terminal, chained)


def renew(path: Path, terminal: str) -> None:
    """Set the journal aside, whatever is the matter with it. Raises `JournalError`."""
    with _alone(path):
        _carry_on(path)
        _replace(path, terminal, Why.ASKED)


def _checked(path: Path, terminal: str, chained: bool) -> Journal:
    journal = Journal.open(path, terminal)
    try:
        journal.look_through()
        if chained:
            journal.verify(CHECKED)
    except JournalError:
        journal.close()
        raise
    return journal


def _replace(path: Path, terminal: str, why: Why) -> None:
    found = salvage(path, terminal)
    draft = path.with_name(path.name + ".tmp")
    for part in _PARTS:
        draft.with_name(draft.name + part).unlink(missing_ok=True)
    journal = Journal.open(draft, terminal)
    journal.take_along(found.records, found.pages, REPLACED, _account(found, why))
    journal.close()  # the last connection: everything is in the one file now
    draft.rename(_decided(path))
    _carry_on(path)


def _account(found: Salvage, why: Why) -> dict[str, object]:
    return {
        "journal": found.journal,
        "why": str(why),
        "through": found.acked_through,
        "rescued": len(found.records),
        "pages": len(found.pages),
    }


def _carry_on(path: Path) -> None:
    decided = _decided(path)
    if not decided.exists():
        return
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    for part in _PARTS:
        old = path.with_name(path.name + part)
        if old.exists():
            old.rename(path.with_name(f"{path.stem}-{stamp}{path.suffix}{part}"))
    decided.rename(path)
    durable.sync(path.parent)


def _decided(path: Path) -> Path:
    return path.with_name(path.name + ".new")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time. Raises `JournalError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise JournalError(f"{type(error).__name__}: {error}") from error
