"""What a start does about the visit that the last stop cut off. Nothing uncertain is repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from kiosk.journal import Journal
from kiosk.model import FaultAction, Rung
from kiosk.session import appointment, booking, till
from kiosk.session.filing import Standing
from kiosk.wire import Record

FRESH = timedelta(minutes=10)

_OUTCOMES: dict[str, dict[str, Any]] = {
    "kiosk.case.intent": {"standing": str(Standing.INTERRUPTED)},
    "kiosk.supplement.intent": {"standing": str(Standing.INTERRUPTED)},
    "kiosk.print.intent": {
        "rung": str(Rung.UNCONFIRMED),
        "fault": "interrupted",
        "action": str(FaultAction.CLEAR),
    },
    "kiosk.session.intent": {"reason": "crashed", "wiped": {"processes": 1}, "seconds": 0},
}

_BY_FLEET = (till.KIND, booking.KIND, appointment.KIND)


def recover(journal: Journal) -> str | None:
    """Close every open intent; the number of the case of a visit that was cut off minutes ago.

    Of several: their common one. None: nothing was cut off. '': a visit was, before it had
    submitted anything.
    """
    cut_off: str | None = None
    newest = datetime.min.replace(tzinfo=UTC)
    payments, others = _parted(journal.unfinished())
    till.recover(journal, payments)
    for intent in others:
        data: dict[str, Any] = msgspec.json.decode(intent.data)
        known = {key: data[key] for key in ("case_no", "job", "paper", "pages") if key in data}
        journal.end(intent, known | _OUTCOMES[intent.type])
        cut_off = data.get("bundle") or data.get("case_no") or cut_off or ""
        newest = max(newest, datetime.fromisoformat(intent.time))
    fresh = abs(datetime.now(UTC) - newest) < FRESH if cut_off is not None else False
    return cut_off if fresh else None


def _parted(intents: list[Record]) -> tuple[list[Record], list[Record]]:
    """Payments and the others. What was being paid is closed by the fleet, not here; so is a place
    that was kept, or was being changed: see `booking.give_back` and `appointment.settle`."""
    payments = [intent for intent in intents if intent.type == till.KIND]
    return payments, [one for one in intents if one.type not in _BY_FLEET]
