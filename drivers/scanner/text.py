"""What a scanned code's bytes say. Pure; nothing here raises on any bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kiosk.model import MAX_CODE, Code, ScanFault

UNKNOWN = "unknown"
MAX_BYTES = 4 * MAX_CODE  # a character has at most four bytes in UTF-8 and in GB18030

# What codes hold between their parts: tab, line ends, and the separators of GS1 and ISO 15434.
_CONTROLS = frozenset("\t\n\r\x04\x1c\x1d\x1e\x1f")
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})  # control, unassigned, private, half a pair

# ISO/IEC 15424: `]`, the code's kind, a modifier.
_AIM: Mapping[str, str] = MappingProxyType(
    {
        "A": "code39",
        "C": "code128",
        "E": "ean13",
        "F": "codabar",
        "G": "code93",
        "I": "itf",
        "L": "pdf417",
        "Q": "qr",
        "U": "maxicode",
        "d": "datamatrix",
        "e": "databar",
        "z": "aztec",
    }
)
_AIM_EAN8 = "]E4"


class Charset(StrEnum):
    """`AUTO`: UTF-8, else GB18030. Few and short texts of GB18030 are UTF-8, too: `示` is."""

    AUTO = "auto"
    UTF_8 = "utf-8"
    GB18030 = "gb18030"


def decode(data: bytes, charset: Charset = Charset.AUTO) -> str | None:
    """None for what is no text."""
    for one in (Charset.UTF_8, Charset.GB18030) if charset is Charset.AUTO else (charset,):
        try:
            text = data.decode(one)
        except UnicodeDecodeError:
            continue
        if plausible(text):
            return text
    return None


def plausible(text: str) -> bool:
    """Only characters that texts have: garbage of a line decodes, too, now and then."""
    return all(one in _CONTROLS or unicodedata.category(one) not in _NO_TEXT for one in text)


def code(data: bytes, *, aim: bool, charset: Charset = Charset.AUTO) -> Code | ScanFault:
    """`aim`: the scanner says before each code what kind it is, as `]Q1` does."""
    if len(data) > MAX_BYTES:
        return ScanFault.TOO_LONG
    text = decode(data, charset)
    if text is None:
        return ScanFault.NOT_READABLE
    symbology, text = _told(text) if aim else (UNKNOWN, text)
    return bounded(symbology, text)


def bounded(symbology: str, text: str) -> Code | ScanFault:
    if not text:
        return ScanFault.NOT_READABLE
    return Code(symbology, text) if len(text) <= MAX_CODE else ScanFault.TOO_LONG


def _told(text: str) -> tuple[str, str]:
    kind = _AIM.get(text[1:2]) if text.startswith("]") else None
    modifier = text[2:3]
    if kind is None or not (modifier.isascii() and modifier.isalnum()):
        return UNKNOWN, text
    return ("ean8" if text.startswith(_AIM_EAN8) else kind), text[3:]
