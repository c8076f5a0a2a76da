"""What a start does about the visit that the last stop cut off. Nothing uncertain is repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from kiosk.journal import Journal
from kiosk.model import FaultAction, Rung
from kiosk.session.visit import Standing

FRESH = timedelta(minutes=10)

_OUTCOMES: dict[str, dict[str, Any]] = {
    "kiosk.case.intent": {"standing": str(Standing.INTERRUPTED)},
    "kiosk.print.intent": {
        "rung": str(Rung.UNCONFIRMED),
        "fault": "interrupted",
        "action": str(FaultAction.CLEAR),
    },
    "kiosk.session.intent": {"reason": "crashed", "wiped": True, "seconds": 0},
}


def recover(journal: Journal) -> str | None:
    """Close every open intent; the case number of a visit that was cut off minutes ago.

    None: nothing was cut off. '': a visit was, before it had submitted anything.
    """
    cut_off: str | None = None
    newest = datetime.min.replace(tzinfo=UTC)
    for intent in journal.unfinished():
        data: dict[str, Any] = msgspec.json.decode(intent.data)
        known = {key: data[key] for key in ("case_no", "job", "paper") if key in data}
        journal.end(intent, known | _OUTCOMES[intent.type])
        cut_off = data.get("case_no") or cut_off or ""
        newest = max(newest, datetime.fromisoformat(intent.time))
    fresh = abs(datetime.now(UTC) - newest) < FRESH if cut_off is not None else False
    return cut_off if fresh else None
