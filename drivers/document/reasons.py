"""Keywords of `printer-state-reasons` (RFC 8011, PWG 5100.9, IANA; CUPS) -> faults and supplies.

Matched without their `-report`, `-warning` or `-error`: printers choose these with little
agreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from drivers.document.faults import DocumentFault

_SEVERITIES = ("-report", "-warning", "-error")


def base(reason: str) -> str:
    """The reason without its severity (nor the `-error` that is part of a name)."""
    while reason.endswith(_SEVERITIES):
        reason = reason.rpartition("-")[0]
    return reason


_REASONS: Mapping[str, DocumentFault] = {
    base(reason): fault
    for fault, reasons in {
        DocumentFault.PAPER_OUT: "media-empty media-needed input-media-tray-empty",
        DocumentFault.JAM: "media-jam media-path-jam input-media-tray-jam output-media-jam "
        "input-media-tray-feed-error media-path-media-tray-feed-error",
        DocumentFault.TRAY_MISSING: "input-tray-missing input-media-tray-missing",
        DocumentFault.COVER_OPEN: "cover-open door-open interlock-open input-tray-open "
        "input-cover-open input-door-open output-cover-open output-door-open",
        DocumentFault.TONER_OUT: "toner-empty marker-supply-empty marker-toner-empty "
        "marker-ink-empty marker-supply-missing marker-toner-missing "
        "marker-toner-cartridge-missing marker-ink-cartridge-missing "
        "marker-print-cartridge-missing opc-life-over developer-empty marker-developer-empty",
        DocumentFault.WASTE_FULL: "marker-waste-full marker-waste-toner-receptacle-full "
        "marker-waste-ink-receptacle-full marker-waste-toner-receptacle-missing",
        DocumentFault.OUTPUT_FULL: "output-area-full output-mailbox-full output-tray-missing "
        "output-media-tray-full output-media-tray-missing",
        DocumentFault.FUSER: "fuser-over-temp fuser-under-temp marker-fuser-thermistor-failure",
        DocumentFault.PAUSED: "paused moving-to-paused",
        DocumentFault.SHUT_DOWN: "shutdown deactivated power-down",
        DocumentFault.SPOOL_FULL: "spool-area-full",
        DocumentFault.STOPPED: "stopping stopped-partly printer-stopped",
        DocumentFault.UNREACHABLE: "timed-out offline",
    }.items()
    for reason in reasons.split()
}
_LOW: Mapping[str, str] = {
    "media-low": "paper",
    "input-media-tray-almost-empty": "paper",
    "toner-low": "toner",
    "marker-supply-low": "toner",
    "marker-toner-low": "toner",
    "marker-ink-low": "toner",
    "marker-ink-almost-empty": "toner",
    "marker-toner-almost-empty": "toner",
    "developer-low": "toner",
    "opc-near-eol": "toner",
}
# Said in good health: needs nobody.
_HARMLESS = (
    "none", "connecting-to-device", "identify-printer-requested", "hold-new-jobs", "testing",
    "configuration-change", "marker-waste-almost-full", "output-area-almost-full", "warming-up",
    "power-saver", "sleep-mode", "moving-to-sleep", "hibernate", "cups-waiting-for-job-completed",
)  # fmt: skip


_PRINTABLE = re.compile(r"[^a-zA-Z0-9._-]")


def faults_in(reasons: Iterable[str]) -> set[DocumentFault]:
    return {_REASONS[base(reason)] for reason in reasons if base(reason) in _REASONS}


def low_in(reasons: Iterable[str]) -> set[str]:
    """Supplies that will soon be out."""
    return {_LOW[base(reason)] for reason in reasons if base(reason) in _LOW}


def strange(reasons: Iterable[str]) -> list[str]:
    """Those that no table knows."""
    known = {*_REASONS, *_LOW, *_HARMLESS}
    return [reason for reason in reasons if base(reason) not in known]


def keyword(reason: str) -> str:
    """As it may go into a log: a keyword's letters, and no more of them than one has."""
    return _PRINTABLE.sub("_", reason)[:60]
