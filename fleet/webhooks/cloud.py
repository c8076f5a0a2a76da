"""What other systems are told: one JSON object, a CloudEvent 1.0. It names cases, items, terminals
and steps by their codes, and no person, neither a citizen nor an official."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from fnmatch import fnmatchcase

import msgspec

from fleet.rows import Serving

SPECIFICATION = "1.0"
MEDIA_TYPE = "application/cloudevents+json"


class Type(StrEnum):
    SUBMITTED = "kiosk.case.submitted"  # the fleet has it
    STEP_CHANGED = "kiosk.case.step_changed"
    CLOSED = "kiosk.case.closed"
    SERVING = "kiosk.terminal.serving"  # it can serve, all items or some
    NOT_SERVING = "kiosk.terminal.not_serving"  # it is there, and cannot
    OFFLINE = "kiosk.terminal.offline"  # nobody knows whether it can


# Kind of a case's event -> what others are told; what is not here is the office's own matter.
OF_CASES = {
    "opened": Type.SUBMITTED,
    **dict.fromkeys(
        ("step_ended", "asked", "supplemented", "correction_lapsed", "paused", "resumed",
         "assigned", "decided"),
        Type.STEP_CHANGED,
    ),
}  # fmt: skip
OF_TERMINALS = {
    Serving.YES: Type.SERVING,
    Serving.PARTLY: Type.SERVING,
    Serving.NO: Type.NOT_SERVING,
    Serving.UNKNOWN: Type.OFFLINE,
}


class CloudEvent(msgspec.Struct, frozen=True):
    """`id`: the same however often it comes; `subject`: the case's number, or the terminal."""

    id: str
    type: Type
    source: str
    subject: str
    time: str
    data: dict[str, str]
    specversion: str = SPECIFICATION
    datacontenttype: str = "application/json"


def fits(patterns: tuple[str, ...], kind: str) -> bool:
    """`kiosk.case.*` fits all of cases."""
    return any(fnmatchcase(kind, one) for one in patterns)


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
