"""Journal records of people at a terminal, as rows of `moments`: staff, who was identified how.

As in `acts`, only words that the contract names are taken from a record's data. How alike a face
was stays in the journal: it is nobody's business but an auditor's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.acts import data_of, word
from kiosk import wire

CASE = "case"  # kept only when a helper handled it
LARGEST = 10**6

Data = dict[str, Any]


def _named(key: str) -> Callable[[Data], str]:
    return lambda data: word(data, key)


def _either(key: str, yes: str, no: str) -> Callable[[Data], str]:
    return lambda data: yes if data.get(key) is True else no


# Record type -> kind, and how its outcome is said.
KINDS: dict[str, tuple[str, Callable[[Data], str]]] = {
    "kiosk.staff.event": ("staff", _named("act")),
    "kiosk.maintenance.event": ("maintenance", _either("on", "begun", "ended")),
    "kiosk.identity.card.event": ("card", _named("outcome")),
    "kiosk.consent.face.event": ("consent", _either("given", "given", "refused")),
    "kiosk.identity.face.event": ("face", _named("outcome")),
    "kiosk.identity.way.event": ("way", _named("way")),
    "kiosk.identity.code.event": ("code", _named("outcome")),
    "kiosk.identity.pin.event": ("pin", _named("outcome")),
    "kiosk.identity.witness.event": ("witness", _either("agreed", "agreed", "declined")),
    "kiosk.ticket.event": ("ticket", lambda _data: "taken"),
    "kiosk.session.outcome": ("session", _named("reason")),
    "kiosk.case.intent": (CASE, lambda _data: "submitted"),
}


def moment(terminal: str, record: wire.Record, now: float) -> dict[str, Any] | None:
    """The row of a record, or None when it is none of these."""
    if record.type not in KINDS:
        return None
    kind, say = KINDS[record.type]
    data = data_of(record.data)
    if kind == CASE and not data.get("staff"):
        return None
    return {
        "kind": kind,
        "terminal": terminal,
        "journal": record.journal,
        "seq": record.seq,
        "time": record.time[:40],
        "received_at": now,
        "outcome": say(data),
        "role": word(data, "role"),
        "staff": word(data, "staff"),
        "count": _wiped(data),
    }


def _wiped(data: Data) -> int:
    """How many things a visit's end forgot."""
    wiped = data.get("wiped")
    counts = wiped.values() if isinstance(wiped, dict) else ()
    known = [count for count in counts if isinstance(count, int) and 0 <= count <= LARGEST]
    return min(sum(known), LARGEST)
