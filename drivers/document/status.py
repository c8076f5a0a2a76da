"""The spool's `status.json` -> what is known of the printer. Pure.

What is missing, old or not a word of the closed sets is unknown; and what is unknown is never
fine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction, SupplyLevel

DEVICE = "document"
SUPPLIES = ("paper", "toner")
STALE_SECONDS = 5.0

Word = TypeVar("Word", bound=StrEnum)


class DocumentFault(StrEnum):
    """The document printer's closed set of fault codes."""

    PAPER_OUT = "paper_out"
    TONER_OUT = "toner_out"
    JAM = "jam"
    POWER_OFF = "power_off"
    CANCELLED = "cancelled"  # the terminal took the job back
    UNREACHABLE = "unreachable"  # nobody writes the spool's status
    NO_PROGRESS = "no_progress"  # the job stands still, and nothing says why
    UNNAMED = "unnamed"  # a fault without a word of this set


ACTIONS = {
    DocumentFault.PAPER_OUT: FaultAction.REFILL,
    DocumentFault.TONER_OUT: FaultAction.REFILL,
    DocumentFault.JAM: FaultAction.CLEAR,
    DocumentFault.POWER_OFF: FaultAction.RESET,
    DocumentFault.CANCELLED: FaultAction.RESET,
    DocumentFault.UNREACHABLE: FaultAction.RESET,
    DocumentFault.NO_PROGRESS: FaultAction.RESET,
    DocumentFault.UNNAMED: FaultAction.MAINTENANCE,
}

_SUPPLY_FAULTS = (
    ("paper", SupplyLevel.JAMMED, DocumentFault.JAM),
    ("paper", SupplyLevel.OUT, DocumentFault.PAPER_OUT),
    ("toner", SupplyLevel.OUT, DocumentFault.TONER_OUT),
)


def understand(said: Mapping[str, Any], now: datetime) -> DeviceStatus:
    """`said`: the file's object, empty when there is none."""
    if not _fresh(said.get("time"), now):
        unknown = dict.fromkeys(SUPPLIES, SupplyLevel.UNKNOWN)
        fault = fault_of(DocumentFault.UNREACHABLE)
        return DeviceStatus(DEVICE, DeviceState.OFFLINE, unknown, fault)
    levels = said.get("supplies")
    words = levels if isinstance(levels, dict) else {}
    read = {name: word_of(SupplyLevel, words.get(name)) for name in SUPPLIES}
    supplies = {name: level or SupplyLevel.UNKNOWN for name, level in read.items()}
    state = word_of(DeviceState, said.get("state"))
    if state is None or None in read.values():
        unnamed = fault_of(DocumentFault.UNNAMED)
        return DeviceStatus(DEVICE, DeviceState.OFFLINE, supplies, unnamed)
    status = DeviceStatus(DEVICE, state, supplies, fault_in(said) or _empty(supplies))
    if status.usable and status.fault:
        return replace(status, state=DeviceState.OFFLINE)
    if not status.usable and not status.fault:
        return replace(status, fault=fault_of(DocumentFault.UNNAMED))
    return status


def fault_in(said: Mapping[str, Any]) -> Fault | None:
    """The fault of a status or a job; None when it names none."""
    code = said.get("fault")
    if not code:
        return None
    fault = word_of(DocumentFault, code) or DocumentFault.UNNAMED
    return Fault(fault, word_of(FaultAction, said.get("action")) or ACTIONS[fault])


def fault_of(code: DocumentFault) -> Fault:
    return Fault(code, ACTIONS[code])


def _empty(supplies: Mapping[str, SupplyLevel]) -> Fault | None:
    for name, level, code in _SUPPLY_FAULTS:
        if supplies[name] is level:
            return fault_of(code)
    return None


def _fresh(time: object, now: datetime) -> bool:
    """Written within the last seconds; a time to come is no proof of life either."""
    try:
        written = datetime.fromisoformat(str(time))
    except ValueError:
        return False
    if written.tzinfo is None:
        written = written.replace(tzinfo=UTC)
    return abs((now - written).total_seconds()) <= STALE_SECONDS


def word_of(words: type[Word], said: object) -> Word | None:
    try:
        return words(str(said))
    except ValueError:
        return None
