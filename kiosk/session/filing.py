"""The cases of a visit: one, or one for each part of a bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.services.item import Item
from kiosk.wire import Record


class Standing(StrEnum):
    """How a submission came out."""

    DECIDED = "decided"
    ACCEPTED = "accepted"
    CARRIED = "carried"  # a helper hands it on; the office has not accepted it yet
    PROVISIONAL = "provisional"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    INTERRUPTED = "interrupted"


@dataclass(slots=True)
class Filing:
    """One case that was submitted. `intent`: its record; what it gave is in the vault."""

    item: Item
    case_no: str
    intent: Record = field(repr=False)
    carried: bool = False  # a helper may only hand it on
    standing: Standing = Standing.PROVISIONAL
    due_date: str = ""
    reason: str = ""
    certificate_no: str = ""
