"""One journal record by itself: is it sound, and what is its row?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from fleet.incidents import Reason
from kiosk import wire

LARGEST = 2**63 - 1  # of a database's whole numbers
NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")
DIGEST = re.compile(r"[0-9a-f]{64}")
CASE_INTENT = "kiosk.case.intent"
COPIED = (
    "id", "source", "type", "time", "journal", "boot", "seq", "prev", "hash", "specversion",
    "datacontenttype", "session", "of", "sealed", "historical",
)  # fmt: skip

# What msgspec raises on bytes that are no JSON of the wanted shape.
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

Word = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,64}$")]


class CaseIntent(msgspec.Struct, frozen=True):
    """`data` of a case's intent."""

    case_no: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    task_code: Word
    kind: Word = ""
    task_version: Word = ""


def now_text(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")


def fault(terminal: str, record: wire.Record) -> Reason | None:
    """What is wrong with a record, whatever stands before and after it."""
    numbers = (record.seq - 1, record.boot, record.of)
    names = (record.journal, record.type, record.specversion)
    texts = (record.id, record.time, record.session, record.sealed, record.datacontenttype)
    if not (
        all(0 <= number < LARGEST for number in numbers)
        and all(NAME.fullmatch(name) for name in names)
        and not any("\0" in text for text in texts)
    ):
        return Reason.RANGE
    if record.source != f"/terminals/{terminal}":
        return Reason.TERMINAL
    if not DIGEST.fullmatch(record.prev) or wire.digest(record) != record.hash:
        return Reason.HASH
    return None


def row(terminal: str, record: wire.Record, now: float) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(record, name) for name in COPIED}
    return {**values, "terminal": terminal, "data": bytes(record.data), "received_at": now}
