"""Several pages → one PDF of bounded size. Pure; holds one decoded page at a time."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from drivers.doccam.corners import Picture
from kiosk.model import Page, ScanFault

MOST_PAGES = 20
MOST_PIXELS = 4096 * 4096  # of one page
QUALITY = 90  # of a captured page
# Share of a page's size, JPEG quality: the first rung that fits is taken.
LADDER = ((1.0, 85), (1.0, 70), (0.8, 65), (0.65, 55), (0.5, 45))
A4_INCHES = 210 / 25.4  # the widest page is taken for so wide; the others keep their proportion


class _Full(Exception):  # noqa: N818 - no error: the rung is too high
    """More than the limit was written."""


class _Bounded(io.BytesIO):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._limit:
            raise _Full
        return super().write(data)


def page_of(picture: Picture) -> Page:
    kind = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    return Page(
        picture.shape[1],
        picture.shape[0],
        np.asarray(cv2.imencode(".jpg", picture, kind)[1]).tobytes(),
    )


def bind(pages: Sequence[Page], max_bytes: int) -> bytes | ScanFault:
    """`NOT_READABLE` without pages, or when one is no JPEG. The file says nothing but its pages."""
    if not pages:
        return ScanFault.NOT_READABLE
    if len(pages) > MOST_PAGES:
        return ScanFault.TOO_LONG
    try:
        for scale, quality in LADDER:
            try:
                return _bound(pages, max_bytes, scale, quality)
            except _Full:
                continue
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # Pillow's, of no JPEG
        return ScanFault.NOT_READABLE
    return ScanFault.TOO_LONG


def _bound(pages: Sequence[Page], max_bytes: int, scale: float, quality: int) -> bytes:
    """Raises `_Full` as soon as it is too much."""
    widest = max(min(page.width, page.height) for page in pages)
    resolution = max(1.0, widest * scale / A4_INCHES)
    out = _Bounded(max_bytes)
    for number, page in enumerate(pages):
        with Image.open(io.BytesIO(page.jpeg), formats=["JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("a page beyond all measure")
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            shown = image if scale == 1 else image.resize(size, Image.Resampling.LANCZOS)
            shown.save(
                out, "PDF", append=number > 0, quality=quality, resolution=resolution,
                producer="", creationDate=None, modDate=None,
            )  # fmt: skip
    return out.getvalue()
