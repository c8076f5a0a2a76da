"""Papers that a terminal prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model.devices import Fault


class Rung(StrEnum):
    """The ladder of a print job. Success is shown at PRESENTED, never before.

    QUEUED means that nothing has reached the printer; UNCONFIRMED that nobody can know.
    """

    QUEUED = "queued"
    SENT = "sent"
    PRINTED = "printed"
    PRESENTED = "presented"
    TAKEN = "taken"
    RETRACTED = "retracted"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """The last rung that was reached for certain, and the fault that stopped the climb.

    `sheets`: how many the printer says it has put out for this job; None: it does not count them.
    """

    rung: Rung
    fault: Fault | None = None
    sheets: int | None = None

    @property
    def done(self) -> bool:
        return self.rung in (Rung.PRESENTED, Rung.TAKEN)


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of print; the driver wraps it. `scale` 1 or 2 multiplies both dimensions."""

    text: str = field(repr=False)
    align: Align = Align.LEFT
    scale: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PairLine:
    """A label at the left edge, its value at the right; wraps below when too wide."""

    label: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class QrLine:
    """A QR code (ECC M), centred."""

    data: str = field(repr=False)


ReceiptLine = TextLine | PairLine | RuleLine | QrLine


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip, top to bottom; the driver feeds and cuts after the last line."""

    lines: tuple[ReceiptLine, ...]
