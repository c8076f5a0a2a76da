"""Receipt -> ESC/POS bytes. No port is opened here.

Text goes as GB18030 between `FS &` and `FS .`; a row with a character that a printer's font may
lack goes as a picture. Command names are those of Epson's reference.
"""

from __future__ import annotations

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from drivers.receipt import glyphs
from drivers.receipt.layout import pair, wrap
from kiosk.model import Align, PairLine, QrLine, Receipt, ReceiptLine, RuleLine, TextLine

INITIALISE = b"\x1b@"
NO_AUTOMATIC_STATUS = b"\x1da\x00"  # else its bytes could be taken for an answer to GS r
ASK_BUFFERED = b"\x1dr\x01"  # GS r 1: answered in its turn, after all that was sent before
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: forget what is unprinted
CUT = b"\x1dVB\x18"  # feed to the knife and 24 dots more, partial cut

_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_ALIGN = {Align.LEFT: b"\x1ba\x00", Align.CENTRE: b"\x1ba\x01"}
_PITCH = {1: 36, 2: 64}  # dots from row to row, by scale
_RULE_GAP, _RULE_HEIGHT = 12, 2
_QR_GAP = 28
_QR_TARGET = 320  # dots: 4 cm, easy to hold before a phone
_QR_SMALLEST, _QR_LARGEST = 3, 8  # dots a module
_QR_LEVEL_M = 49
# Real-time commands are obeyed even inside a picture, so no picture may contain one: a dot
# beside the pattern is blackened.
_REAL_TIME = ((b"\x10\x04", b"\x10\x0c"), (b"\x10\x05", b"\x10\x0d"), (b"\x10\x14", b"\x10\x1c"))


def encode(receipt: Receipt, width_dots: int = 576) -> bytes:
    """The whole job with its cut, without the status request that follows it."""
    body = b"".join(_line(line, width_dots) for line in receipt.lines)
    return INITIALISE + NO_AUTOMATIC_STATUS + body + CUT


def module_dots(data: bytes) -> int:
    """Size of a QR module so that the code is about 4 cm, whatever its length."""
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(data)
    modules = 17 + 4 * code.best_fit()
    return max(_QR_SMALLEST, min(_QR_LARGEST, _QR_TARGET // modules))


def _line(line: ReceiptLine, width_dots: int) -> bytes:
    across = width_dots // glyphs.COLUMN_DOTS
    match line:
        case TextLine(text, align, scale, bold):
            rows = wrap(text, across // scale)
            return b"".join(_row(row, across, align, scale, bold) for row in rows)
        case PairLine():
            return b"".join(_row(row, across) for row in pair(line, across))
        case RuleLine():
            return _rule(width_dots)
        case QrLine(data):
            return _qr(data.encode())


def _row(
    text: str, across: int, align: Align = Align.LEFT, scale: int = 1, bold: bool = False
) -> bytes:
    pitch = _PITCH[scale]
    if not glyphs.native(text) and glyphs.available():
        centre = align is Align.CENTRE
        dots = glyphs.draw(text, across, pitch, scale=scale, bold=bold, centre=centre)
        return _ALIGN[Align.LEFT] + _raster(dots)
    size = (scale - 1) * 0x11
    style = _ALIGN[align] + b"\x1d!%c\x1bE%c\x1b3%c" % (size, bold, pitch)
    return style + _CHINESE_ON + text.encode("gb18030") + _CHINESE_OFF + b"\n"


def _rule(width_dots: int) -> bytes:
    across = (width_dots + 7) // 8
    line = glyphs.Dots(across, _RULE_HEIGHT, b"\xff" * across * _RULE_HEIGHT)
    return _feed(_RULE_GAP) + _ALIGN[Align.LEFT] + _raster(line) + _feed(_RULE_GAP)


def _raster(dots: glyphs.Dots) -> bytes:
    data = dots.data
    for command, harmless in _REAL_TIME:
        data = data.replace(command, harmless)
    size = dots.width.to_bytes(2, "little") + dots.height.to_bytes(2, "little")
    return b"\x1dv0\x00" + size + data


def _qr(data: bytes) -> bytes:
    parts = (
        _qr_function(65, b"2\x00"),  # model 2
        _qr_function(67, bytes([module_dots(data)])),
        _qr_function(69, bytes([_QR_LEVEL_M])),
        _qr_function(80, b"0" + data),
        _qr_function(81, b"0"),
    )
    return _feed(_QR_GAP) + _ALIGN[Align.CENTRE] + b"".join(parts) + _feed(_QR_GAP)


def _qr_function(function: int, parameters: bytes) -> bytes:
    body = bytes([49, function]) + parameters
    return b"\x1d(k" + len(body).to_bytes(2, "little") + body


def _feed(dots: int) -> bytes:
    return b"\x1bJ%c" % dots
