"""QR codes on paper: told to a printer that draws them by itself, else drawn for it."""

from __future__ import annotations

from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from drivers.receipt.dots import Dots

_TARGET = 320  # dots: 4 cm, easy to hold before a phone
_LARGEST, _SMALLEST = 8, 2  # dots a module
_QUIET = 4  # modules of white beside it; the paper's own margins add to it
_LEVEL_M = 49


class TooLongError(ValueError):
    """What a slip should hold does not fit on any paper."""


def module_dots(data: bytes, width_dots: int) -> int:
    """Size of a module so that the code is about 4 cm and fits; `TooLongError` if none does."""
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(data)
    try:
        modules = 17 + 4 * code.best_fit()
    except (DataOverflowError, ValueError):  # which one depends on how far it is beyond
        raise TooLongError from None
    room = width_dots // (modules + 2 * _QUIET)
    if room < _SMALLEST:
        raise TooLongError
    return min(_LARGEST, room, max(3, _TARGET // modules))


def told(data: bytes, width_dots: int) -> bytes:
    """`GS ( k`: model 2, size, level M, data, print."""
    return b"".join(
        (
            _function(65, b"2\x00"),
            _function(67, bytes([module_dots(data, width_dots)])),
            _function(69, bytes([_LEVEL_M])),
            _function(80, b"0" + data),
            _function(81, b"0"),
        )
    )


def drawn(data: bytes, width_dots: int) -> Dots:
    """From the paper's left edge on: not all printers heed the alignment of pictures."""
    size = module_dots(data, width_dots)
    code = QRCode(error_correction=ERROR_CORRECT_M, box_size=size, border=0)
    code.add_data(data)
    code.make(fit=True)
    rows = code.get_matrix()
    left = (width_dots - len(rows) * size) // 2
    across = (left + len(rows) * size + 7) // 8
    lines = (_line(row, size, left, across) * size for row in rows)
    return Dots(across, len(rows) * size, b"".join(lines))


def _line(row: list[bool], size: int, left: int, across: int) -> bytes:
    """One line of dots of one row of modules."""
    bits = "0" * left + "".join(str(int(dark)) * size for dark in row)
    return int(bits.ljust(across * 8, "0"), 2).to_bytes(across, "big")


def _function(function: int, parameters: bytes) -> bytes:
    body = bytes([49, function]) + parameters
    return b"\x1d(k" + len(body).to_bytes(2, "little") + body
