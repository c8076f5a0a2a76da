"""Codes and papers that are scanned."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MAX_CODE = 4296  # characters: the most that a QR code holds


@dataclass(frozen=True, slots=True)
class Code:
    """What a scanner read. `symbology`: qr, code128, ean13, ...; "unknown" from a wedge."""

    symbology: str
    data: str = field(repr=False)


class ScanFault(StrEnum):
    """Why nothing was scanned; text `problem.scan.<value>`."""

    NO_SCANNER = "no_scanner"
    TIMED_OUT = "timed_out"
    TOO_LONG = "too_long"  # a code beyond `MAX_CODE`, or pages beyond the size of one file
    NOT_READABLE = "not_readable"  # bytes that are no text


class PageHint(StrEnum):
    """What to tell who lays a paper under the document camera; text `scan.hint.<value>`."""

    SEARCHING = "searching"  # no page is seen
    WHOLE = "whole"  # a corner is outside the picture
    ONE_PAGE = "one_page"  # several lie there
    HOLD_STILL = "hold_still"
    TOO_DARK = "too_dark"
    GLARE = "glare"
    BLURRED = "blurred"
    CAPTURED = "captured"


@dataclass(frozen=True, slots=True)
class Page:
    """One page, flattened and upright, as JPEG."""

    width: int
    height: int
    jpeg: bytes = field(repr=False)
