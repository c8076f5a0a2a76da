"""One journal record by itself: is it sound, and what is its row?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from fleet.incidents import Reason
from kiosk import wire

LARGEST = 2**63 - 1  # of a database's whole numbers
NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")
DIGEST = re.compile(r"[0-9a-f]{64}")
CASE_INTENT = "kiosk.case.intent"
REPLACED = "kiosk.journal.replaced.event"
COPIED = (
    "id", "source", "type", "time", "journal", "boot", "seq", "prev", "hash", "specversion",
    "datacontenttype", "session", "of", "sealed", "historical",
)  # fmt: skip
COLUMNS = (*COPIED, "terminal", "data", "received_at")
_copied = attrgetter(*COPIED)

# What msgspec raises on bytes that are no JSON of the wanted shape.
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

Word = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,64}$")]


class Replaced(msgspec.Struct, frozen=True):
    """`data` of the record with which a journal begins whose predecessor was set aside.

    `journal` '': it could not even be named. `through`: what the fleet held of it, as it knew.
    """

    journal: Word = ""
    why: Word = ""
    through: wire.Seq = 0


class CaseIntent(msgspec.Struct, frozen=True):
    """`data` of a case's intent."""

    case_no: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    task_code: Word
    kind: Word = ""
    task_version: Word = ""
    bundle: Word = ""


@lru_cache(maxsize=4096)  # the same few come again and again
def _is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None


def now_text(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")


def fault(terminal: str, record: wire.Record) -> Reason | None:
    """What is wrong with a record, whatever stands before and after it."""
    texts = record.id + record.time + record.session + record.sealed + record.datacontenttype
    if not (
        1 <= record.seq <= LARGEST
        and 0 <= record.boot < LARGEST
        and 0 <= record.of < LARGEST
        and _is_name(record.journal)
        and _is_name(record.type)
        and _is_name(record.specversion)
        and "\0" not in texts
    ):
        return Reason.RANGE
    if record.source != f"/terminals/{terminal}":
        return Reason.TERMINAL
    if not DIGEST.fullmatch(record.prev) or wire.digest(record) != record.hash:
        return Reason.HASH
    return None


def values(terminal: str, record: wire.Record, now: float) -> tuple[Any, ...]:
    """Its row, as `COLUMNS` name it."""
    return (*_copied(record), terminal, bytes(record.data), now)
