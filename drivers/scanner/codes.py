"""Codes in a picture, by ZXing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from drivers.scanner.text import bounded, decode, plausible
from kiosk.model import Code, ScanFault

Picture = npt.NDArray[np.uint8]  # height x width x 3 (BGR), or height x width

LONGEST_SIDE = 2600  # pixels; larger pictures are scaled down first


class Symbology(StrEnum):
    QR = "qr"
    CODE128 = "code128"
    EAN13 = "ean13"
    CODE39 = "code39"
    PDF417 = "pdf417"
    DATAMATRIX = "datamatrix"


ALL = tuple(Symbology)
LINEAR = frozenset({Symbology.CODE128, Symbology.EAN13, Symbology.CODE39})
_FORMATS: Mapping[Symbology, Any] = MappingProxyType(
    {
        Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
        Symbology.CODE128: zxingcpp.BarcodeFormat.Code128,
        Symbology.EAN13: zxingcpp.BarcodeFormat.EAN13,
        Symbology.CODE39: zxingcpp.BarcodeFormat.Code39,
        Symbology.PDF417: zxingcpp.BarcodeFormat.PDF417,
        Symbology.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    }
)
_NAMES: Mapping[Any, Symbology] = MappingProxyType({code: name for name, code in _FORMATS.items()})


def codes(picture: Picture, wanted: Iterable[Symbology] = ALL) -> list[Code | ScanFault]:
    """What each code in the picture says, the largest first; none for what is no picture."""
    formats = zxingcpp.BarcodeFormats([_FORMATS[one] for one in wanted])
    found = zxingcpp.read_barcodes(_bounded(picture), formats) if picture.size else []
    found = [one for one in found if one.format in _NAMES]
    return [_code(one) for one in sorted(found, key=_size, reverse=True)]


def turns(picture: Picture) -> list[int]:
    """By how many degrees each code stands turned in the picture, -180 to 180."""
    return [int(one.orientation) for one in zxingcpp.read_barcodes(_bounded(picture))]


def _bounded(picture: Picture) -> Picture:
    longest = max(picture.shape[:2])
    if longest <= LONGEST_SIDE:
        return np.ascontiguousarray(picture)
    height, width = (max(1, side * LONGEST_SIDE // longest) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _code(barcode: Any) -> Code | ScanFault:
    text = _text(barcode)
    if text is None:
        return ScanFault.NOT_READABLE
    return bounded(_NAMES[barcode.format], text)


def _text(barcode: Any) -> str | None:
    """ZXing takes bytes of GB18030 without a mark for Latin 1 or half-width kana; nobody here
    writes either. A character set that the code names itself, and Kanji mode, it gets right."""
    data: bytes = barcode.bytes
    told: str | None = str(barcode.text)
    if barcode.content_type == zxingcpp.ContentType.Binary or not plausible(told or ""):
        told = None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        foreign = told is None or any("\x80" <= one <= "\xff" or "｡" <= one <= "ﾟ" for one in told)
        return (decode(data) or told) if foreign else told
    return decode(data) or told


def _size(barcode: Any) -> int:
    at = barcode.position
    across = (at.bottom_right.x - at.top_left.x) * (at.bottom_left.y - at.top_right.y)
    return abs(
        int(across - (at.bottom_left.x - at.top_right.x) * (at.bottom_right.y - at.top_left.y))
    )
