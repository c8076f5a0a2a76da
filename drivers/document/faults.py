"""The document printer's faults, and what each means for a person and for the printer's state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction, SupplyLevel

DEVICE = "document"


class DocumentFault(StrEnum):
    """The document printer's closed set of fault codes, the most telling first."""

    UNREACHABLE = "unreachable"  # power is off, the cable is out, or the address is nobody's
    NO_ANSWER = "no_answer"  # reached, but says nothing, nonsense, or too much
    WRONG_ADDRESS = "wrong_address"  # something answers there that is not this printer
    ACCESS_DENIED = "access_denied"
    FORMAT_NOT_SUPPORTED = "format_not_supported"  # does not take PDF
    MEDIA_NOT_SUPPORTED = "media_not_supported"  # not the size, or not the sides, of the settings
    COVER_OPEN = "cover_open"
    JAM = "jam"
    TRAY_MISSING = "tray_missing"
    PAPER_OUT = "paper_out"
    MEDIA_NOT_LOADED = "media_not_loaded"  # there is paper, but not of the settings' size
    TONER_OUT = "toner_out"
    WASTE_FULL = "waste_full"  # the receptacle for used toner
    OUTPUT_FULL = "output_full"  # sheets lie in the slot, or there is no slot
    FUSER = "fuser"  # too hot or too cold: goes on by itself
    PAUSED = "paused"
    SHUT_DOWN = "shut_down"
    SPOOL_FULL = "spool_full"
    NOT_ACCEPTING = "not_accepting"
    STOPPED = "stopped"  # stands, and does not say why
    OTHER = "other"  # a reason without a word of this set: it is the detail
    LEFTOVER = "leftover"  # a job of an earlier visit that the printer does not let go
    BUSY = "busy"  # with jobs of others
    REFUSED = "refused"  # the job, for a reason of its own: the detail
    ABORTED = "aborted"  # the job, by the printer
    CANCELLED = "cancelled"  # the job: at the printer, or taken back by the terminal
    JOB_ERRORS = "job_errors"  # completed, with errors
    JOB_LOST = "job_lost"  # the printer knows it no more: it was switched off and on
    NO_PROGRESS = "no_progress"  # not completed in time, and nothing says why


@dataclass(frozen=True, slots=True)
class _Meaning:
    action: FaultAction
    state: DeviceState = DeviceState.HARDWARE_ERROR
    supply: tuple[str, SupplyLevel] | None = None


_A, _S = FaultAction, DeviceState
_MEANINGS: Mapping[DocumentFault, _Meaning] = {
    DocumentFault.UNREACHABLE: _Meaning(_A.RESET, _S.NO_DEVICE),
    DocumentFault.NO_ANSWER: _Meaning(_A.RESET, _S.NO_DEVICE),
    DocumentFault.WRONG_ADDRESS: _Meaning(_A.CONFIGURATION, _S.OFFLINE),
    DocumentFault.ACCESS_DENIED: _Meaning(_A.CONFIGURATION, _S.OFFLINE),
    DocumentFault.FORMAT_NOT_SUPPORTED: _Meaning(_A.CONFIGURATION, _S.OFFLINE),
    DocumentFault.MEDIA_NOT_SUPPORTED: _Meaning(_A.CONFIGURATION, _S.OFFLINE),
    DocumentFault.COVER_OPEN: _Meaning(_A.CLEAR, _S.USER_ERROR),
    DocumentFault.JAM: _Meaning(_A.CLEAR, supply=("paper", SupplyLevel.JAMMED)),
    DocumentFault.TRAY_MISSING: _Meaning(_A.CLEAR, _S.USER_ERROR, ("paper", SupplyLevel.OUT)),
    DocumentFault.PAPER_OUT: _Meaning(_A.REFILL, _S.OFFLINE, ("paper", SupplyLevel.OUT)),
    DocumentFault.MEDIA_NOT_LOADED: _Meaning(_A.REFILL, _S.OFFLINE, ("paper", SupplyLevel.OUT)),
    DocumentFault.TONER_OUT: _Meaning(_A.REFILL, _S.OFFLINE, ("toner", SupplyLevel.OUT)),
    DocumentFault.WASTE_FULL: _Meaning(_A.MAINTENANCE),
    DocumentFault.OUTPUT_FULL: _Meaning(_A.CLEAR, _S.USER_ERROR),
    DocumentFault.FUSER: _Meaning(_A.SUSPEND),
    DocumentFault.PAUSED: _Meaning(_A.RESET, _S.OFFLINE),
    DocumentFault.SHUT_DOWN: _Meaning(_A.RESET, _S.OFFLINE),
    DocumentFault.SPOOL_FULL: _Meaning(_A.RESET, _S.OFFLINE),
    DocumentFault.NOT_ACCEPTING: _Meaning(_A.CONFIGURATION, _S.OFFLINE),
    DocumentFault.STOPPED: _Meaning(_A.RESET, _S.OFFLINE),
    DocumentFault.OTHER: _Meaning(_A.MAINTENANCE),
    DocumentFault.LEFTOVER: _Meaning(_A.CLEAR, _S.OFFLINE),
    DocumentFault.BUSY: _Meaning(_A.SUSPEND, _S.OFFLINE),
    DocumentFault.REFUSED: _Meaning(_A.CONFIGURATION, _S.OFFLINE),
    DocumentFault.ABORTED: _Meaning(_A.MAINTENANCE),
    DocumentFault.CANCELLED: _Meaning(_A.RESET, _S.OFFLINE),
    DocumentFault.JOB_ERRORS: _Meaning(_A.MAINTENANCE),
    DocumentFault.JOB_LOST: _Meaning(_A.RESET, _S.OFFLINE),
    DocumentFault.NO_PROGRESS: _Meaning(_A.RESET),
}
FAULTS: Mapping[str, FaultAction] = {code: means.action for code, means in _MEANINGS.items()}
MISSED = (DocumentFault.UNREACHABLE, DocumentFault.NO_ANSWER)


def fault_of(code: DocumentFault, detail: str = "") -> Fault:
    """`detail`: a keyword or a number; never anything of a citizen."""
    return Fault(code, FAULTS[code], detail)


def state_of(code: DocumentFault) -> DeviceState:
    return _MEANINGS[code].state


def supply_of(code: DocumentFault) -> tuple[str, SupplyLevel] | None:
    """Which supply the fault is of, and its level then."""
    return _MEANINGS[code].supply


def failing(fault: Fault) -> DeviceStatus:
    """A printer of which nothing is known but its fault."""
    unknown = {"paper": SupplyLevel.UNKNOWN, "toner": SupplyLevel.UNKNOWN}
    return DeviceStatus(DEVICE, state_of(DocumentFault(fault.code)), unknown, fault)
