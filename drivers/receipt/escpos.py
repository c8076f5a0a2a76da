"""Receipt -> ESC/POS bytes. No port is opened here.

Text goes as GB18030 between `FS &` and `FS .`; a row with a character that a printer's font may
lack goes as a picture. Nothing in a receipt can become a command: control characters never reach
the text, and neither pictures nor codes hold a real-time command. Command names are those of
Epson's reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from drivers.receipt import glyphs, qr
from drivers.receipt.dots import Dots
from drivers.receipt.layout import pair, wrap
from drivers.receipt.qr import TooLongError
from kiosk.model import Align, PairLine, QrLine, Receipt, ReceiptLine, RuleLine, TextLine

INITIALISE = b"\x1b@"
NO_AUTOMATIC_STATUS = b"\x1da\x00"  # else its bytes could be taken for an answer
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: forget what is unprinted
TEAR_DOTS = 240  # from the head to the edge where a slip is torn off, and a little more
MAX_BYTES = 1 << 20  # several metres of paper

_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_ALIGN = {Align.LEFT: b"\x1ba\x00", Align.CENTRE: b"\x1ba\x01"}
_PITCH = {1: 36, 2: 64}  # dots from row to row, by scale
_RULE_GAP, _RULE_HEIGHT = 12, 2
_QR_GAP = 28
# Real-time commands are obeyed even inside a picture, so no picture may contain one: a dot
# beside the pattern is blackened.
_REAL_TIME = ((b"\x10\x04", b"\x10\x0c"), (b"\x10\x05", b"\x10\x0d"), (b"\x10\x14", b"\x10\x1c"))


class Cut(StrEnum):
    PARTIAL = "partial"
    FULL = "full"
    NONE = "none"


_CUTS = {
    Cut.PARTIAL: b"\x1dVB\x18",  # feed to the knife and 24 dots more
    Cut.FULL: b"\x1dVA\x18",
    Cut.NONE: b"\x1bJ%c" % TEAR_DOTS,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """How a printer takes a slip. `native_qr`: it draws QR codes by itself."""

    width_dots: int = 576
    native_qr: bool = True
    cut: Cut = Cut.PARTIAL


def encode(receipt: Receipt, paper: Paper = Paper()) -> bytes:
    """The whole job with its cut, without the question that follows it. May `TooLongError`."""
    parts, length = [INITIALISE + NO_AUTOMATIC_STATUS], 0
    for line in receipt.lines:
        for part in _line(line, paper):
            parts.append(part)
            length += len(part)
            if length > MAX_BYTES:
                raise TooLongError
    return b"".join(parts) + _CUTS[paper.cut]


def _line(line: ReceiptLine, paper: Paper) -> Iterator[bytes]:
    across = paper.width_dots // glyphs.COLUMN_DOTS
    match line:
        case TextLine(text, align, scale, bold):
            for row in wrap(text, across // scale):
                yield _row(row, across, align, scale, bold)
        case PairLine():
            for row in pair(line, across):
                yield _row(row, across)
        case RuleLine():
            yield _rule(paper.width_dots)
        case QrLine(data):
            yield _qr(data.encode(errors="replace"), paper)


def _row(
    text: str, across: int, align: Align = Align.LEFT, scale: int = 1, bold: bool = False
) -> bytes:
    pitch = _PITCH[scale]
    if not glyphs.native(text):
        centre = align is Align.CENTRE
        dots = glyphs.draw(text, across, pitch, scale=scale, bold=bold, centre=centre)
        return _picture(dots)
    size = (scale - 1) * 0x11
    style = _ALIGN[align] + b"\x1d!%c\x1bE%c\x1b3%c" % (size, bold, pitch)
    return style + _CHINESE_ON + text.encode("gb18030") + _CHINESE_OFF + b"\n"


def _rule(width_dots: int) -> bytes:
    across = (width_dots + 7) // 8
    line = Dots(across, _RULE_HEIGHT, b"\xff" * across * _RULE_HEIGHT)
    return _feed(_RULE_GAP) + _picture(line) + _feed(_RULE_GAP)


def _qr(data: bytes, paper: Paper) -> bytes:
    if not data:
        return b""
    code = _ALIGN[Align.CENTRE] + qr.told(data, paper.width_dots)
    if not paper.native_qr or any(command in code for command, _ in _REAL_TIME):
        code = _picture(qr.drawn(data, paper.width_dots))
    return _feed(_QR_GAP) + code + _feed(_QR_GAP)


def _picture(dots: Dots) -> bytes:
    """GS v 0, at the left edge."""
    data = dots.data
    for command, harmless in _REAL_TIME:
        data = data.replace(command, harmless)
    size = dots.width.to_bytes(2, "little") + dots.height.to_bytes(2, "little")
    return _ALIGN[Align.LEFT] + b"\x1dv0\x00" + size + data


def _feed(dots: int) -> bytes:
    return b"\x1bJ%c" % dots
