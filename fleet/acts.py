"""Journal records that people ask about: cases, prints, ratings, payments, as rows of `acts`.

Only words that the contract names are taken from a record's data, so that nothing else of it can
reach the API or the console.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from fleet.records import NOT_JSON
from kiosk import wire

WORD = re.compile(r"[A-Za-z0-9._-]{0,64}")
OTHER = "other"

# Record type -> kind; the field of `data` that tells the outcome; the words it can be.
KINDS: dict[str, tuple[str, str, frozenset[str]]] = {
    "kiosk.case.intent": ("case", "", frozenset({""})),
    "kiosk.print.outcome": (
        "print",
        "rung",
        frozenset({"queued", "sent", "printed", "presented", "taken", "retracted", "unconfirmed"}),
    ),
    "kiosk.rating.event": ("rating", "level", frozenset("12345")),
    "kiosk.payment.outcome": (
        "payment",
        "outcome",
        frozenset({"paid", "refused", "expired", "given_up", "unanswered", "interrupted"}),
    ),
}
COPIED = ("case_no", "task_code", "paper", "fault", "action")


def act(terminal: str, record: wire.Record, now: float) -> dict[str, Any] | None:
    """The row of a record, or None when nobody asks about its type."""
    if record.type not in KINDS:
        return None
    kind, key, words = KINDS[record.type]
    data = data_of(record.data)
    outcome = word(data, key)
    return {
        **{name: word(data, name) for name in COPIED},
        "kind": kind,
        "terminal": terminal,
        "journal": record.journal,
        "seq": record.seq,
        "time": record.time[:40],
        "received_at": now,
        "outcome": outcome if outcome in words else OTHER,
        "historical": record.historical,
    }


def data_of(data: msgspec.Raw) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(data)
    except NOT_JSON:
        return {}
    return found if isinstance(found, dict) else {}


def word(data: dict[str, Any], key: str) -> str:
    value = str(data.get(key, ""))
    return value if WORD.fullmatch(value) else OTHER
