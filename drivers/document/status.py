"""What a printer says about itself (RFC 8011) -> what is known of it. Pure.

A reason that no table knows is told as `other`. It stops the printer only when it calls itself an
error, or when the printer says that it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from drivers.document.faults import DEVICE, FAULTS, DocumentFault, failing, fault_of, state_of
from drivers.document.messages import Attributes
from drivers.document.reasons import faults_in, keyword, strange
from drivers.document.supplies import supplies_of, tray_has
from kiosk.model import DeviceState, DeviceStatus, Fault

__all__ = ["DEVICE", "FAULTS", "PDF", "WANTED", "DocumentFault", "readings", "understand"]

PDF = "application/pdf"
IDLE, PROCESSING, STOPPED = 3, 4, 5  # printer-state

# What `understand` reads; asked for, so that a printer leaves out its long lists.
WANTED = (
    "printer-state", "printer-state-reasons", "printer-is-accepting-jobs",
    "printer-supply", "marker-types", "marker-levels", "marker-low-levels", "printer-input-tray",
    "document-format-supported", "media-supported", "media-ready", "sides-supported",
    "printer-impressions-completed", "printer-media-sheets-completed",
)  # fmt: skip
_COUNTERS = {
    "impressions": "printer-impressions-completed",
    "sheets": "printer-media-sheets-completed",
}
_ANOTHER_TRAY = ("media-empty-report", "media-empty-warning")
_MILD = (DocumentFault.STOPPED, DocumentFault.OTHER)  # alone, they do not keep it from printing


def understand(said: Attributes, media: str = "", sides: str = "one-sided") -> DeviceStatus:
    """`media`, `sides`: of the settings; an empty media is the printer's own choice."""
    state = next(iter(said.get("printer-state", ())), None)
    reasons = [str(reason) for reason in said.get("printer-state-reasons", ())]
    if state not in (IDLE, PROCESSING, STOPPED) or not reasons:
        return failing(fault_of(DocumentFault.NO_ANSWER))
    counted = reasons
    if state != STOPPED and tray_has(said, media):
        counted = [reason for reason in reasons if reason not in _ANOTHER_TRAY]
    causes = _wrong_settings(said, media, sides) | dict.fromkeys(faults_in(counted), "")
    if said.get("printer-is-accepting-jobs") == (False,):
        causes[DocumentFault.NOT_ACCEPTING] = ""
    stands = state == STOPPED
    if unknown := strange(reasons):
        stands = stands or any(reason.endswith("-error") for reason in unknown)
        causes[DocumentFault.OTHER] = keyword(unknown[0])
    elif stands and not causes:
        causes[DocumentFault.STOPPED] = ""
    fault = _worst(causes)
    working = DeviceState.BUSY if state == PROCESSING else DeviceState.ONLINE
    blocks = fault is not None and (stands or fault.code not in _MILD)
    shown = state_of(DocumentFault(fault.code)) if fault and blocks else working
    return DeviceStatus(DEVICE, shown, supplies_of(said, reasons, causes), fault, readings(said))


def readings(said: Attributes) -> dict[str, str]:
    """The printer's own counters over its whole life, where it has them."""
    counted = {name: said.get(attribute, ()) for name, attribute in _COUNTERS.items()}
    return {
        name: str(values[0])
        for name, values in counted.items()
        if values and type(values[0]) is int and values[0] >= 0  # a boolean is one, too
    }


def _worst(causes: dict[DocumentFault, str]) -> Fault | None:
    first = next((code for code in DocumentFault if code in causes), None)
    return fault_of(first, causes[first]) if first else None


def _wrong_settings(said: Attributes, media: str, sides: str) -> dict[DocumentFault, str]:
    """What the printer can't do of what the settings want; the code, and what is wanted."""
    wanted: Sequence[tuple[str, str, DocumentFault]] = (
        ("document-format-supported", PDF, DocumentFault.FORMAT_NOT_SUPPORTED),
        ("media-supported", media, DocumentFault.MEDIA_NOT_SUPPORTED),
        ("sides-supported", sides, DocumentFault.MEDIA_NOT_SUPPORTED),
        ("media-ready", media, DocumentFault.MEDIA_NOT_LOADED),
    )
    return {
        code: value
        for attribute, value, code in reversed(wanted)
        if value and attribute in said and value not in said[attribute]
    }
