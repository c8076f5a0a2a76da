"""Files of a passport's chip, the logical data structure (ICAO 9303-10): bytes to meaning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from drivers.chipcard import tlv

COM, SOD = 0x011E, 0x011D
MAX_FILE = 0x7FFF  # bytes: as far as READ BINARY with a short offset gets
_TAGS = (0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E)
GROUPS: Mapping[int, int] = MappingProxyType(
    {tag: number for number, tag in enumerate((*_TAGS, 0x6F, 0x70), start=1)}
)
_SIGNATURES = (b"\xff\xd8\xff", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")
_FACE, _HEADER, _FACE_BLOCK, _POINT, _IMAGE = b"FAC\x00", 14, 20, 8, 12


def file_of(group: int) -> int:
    return 0x0100 | group


def groups_of(com: bytes) -> frozenset[int] | None:
    """The numbers of the data groups that EF.COM lists; None when it is no EF.COM."""
    tags = tlv.find(com, 0x60, 0x5C)
    if tags is None:
        return None
    return frozenset(GROUPS[tag] for tag in tags if tag in GROUPS)


def mrz_of(dg1: bytes) -> str | None:
    zone = tlv.find(dg1, 0x61, 0x5F1F)
    return zone.decode("ascii") if zone is not None and zone.isascii() else None


def portrait_of(dg2: bytes) -> bytes:
    """The first picture's file, JPEG or JPEG 2000; empty when there is none that is known."""
    template = tlv.find(dg2, 0x75, 0x7F61, 0x7F60)
    if template is None:
        return b""
    record = tlv.find(template, 0x5F2E) or tlv.find(template, 0x7F2E) or b""
    return _after_headers(record) or _anywhere(record)


def full_name_of(dg11: bytes) -> str:
    """The holder's name in national characters; empty when there is none."""
    name = tlv.find(dg11, 0x6B, 0x5F0E) or b""
    return " ".join(name.decode("utf-8", "ignore").replace("<", " ").split())


def issued_of(dg12: bytes) -> date | None:
    """Eight digits, or four bytes of them two to a byte (before edition 8)."""
    told = tlv.find(dg12, 0x6C, 0x5F26) or b""
    digits = told.hex() if len(told) == 4 else told.decode("ascii", "replace")
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _after_headers(record: bytes) -> bytes:
    """By the counts of ISO 19794-5; empty when they do not lead to a picture."""
    block = int.from_bytes(record[_HEADER : _HEADER + 4], "big")
    points = int.from_bytes(record[_HEADER + 4 : _HEADER + 6], "big")
    start = _HEADER + _FACE_BLOCK + points * _POINT + _IMAGE
    picture = record[start : _HEADER + block]
    known = record.startswith(_FACE) and picture.startswith(_SIGNATURES)
    return picture if known else b""


def _anywhere(record: bytes) -> bytes:
    """Other records (ISO 39794-5) also hold the file as it is."""
    places = [record.find(signature) for signature in _SIGNATURES]
    found = [place for place in places if place >= 0]
    return record[min(found) :] if found else b""
