"""Text as dots, for characters that a printer's own font may lack.

Every character stands in the printer's own grid (12 dots a column), so that a drawn row lines up
with the printed ones.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.receipt.layout import columns

COLUMN_DOTS = 12
CHAR_DOTS = 24
_FOLDER = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk
_FAMILY = "Noto Sans Mono CJK SC"  # its Latin letters are exactly half an em wide
_BASELINE, _BELOW = 21, 4  # dots of a character of 24: as in printers' fonts
_INK = 112  # of 255: thin strokes stay whole when grey becomes black or white


@dataclass(frozen=True, slots=True)
class Dots:
    """A picture of one bit a dot, 1 = black, rows of `width` bytes from the top."""

    width: int
    height: int
    data: bytes


def native(text: str) -> bool:
    """Can be trusted to a printer's own font: ASCII and the two-byte area of GBK.

    Four-byte GB18030, and what moved into its two-byte area later (䶮), prints as a blank or a
    wrong character on many printers.
    """
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def available() -> bool:
    return (_FOLDER / "NotoSansCJK-Regular.ttc").exists()


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """`OSError` when Debian's Noto Sans CJK is not installed."""
    path = _FOLDER / f"NotoSansCJK-{'Bold' if bold else 'Regular'}.ttc"
    index = 0
    while (face := ImageFont.truetype(path, size, index=index)).getname()[0] != _FAMILY:
        index += 1
    return face


def paint(text: str, scale: int, bold: bool) -> Image.Image:
    """One run of text in grey, 255 = ink; as wide as its columns, 4 dots a scale below it."""
    cell, face = COLUMN_DOTS * scale, font(CHAR_DOTS * scale, bold)
    image = Image.new("L", (max(1, columns(text) * cell), (CHAR_DOTS + _BELOW) * scale))
    pen, x = ImageDraw.Draw(image), 0
    for cluster in _clusters(text):
        pen.text((x, _BASELINE * scale), cluster, fill=255, font=face, anchor="ls")
        x += columns(cluster) * cell
    return image


def draw(text: str, row_columns: int, height: int, *, scale: int, bold: bool, centre: bool) -> Dots:
    """One row of text, `row_columns` (of 12 dots, unscaled) wide."""
    image = Image.new("L", (row_columns * COLUMN_DOTS, height))
    run = paint(text, scale, bold)
    image.paste(run, ((image.width - run.width) // 2 if centre else 0, 0))
    black = image.point([0] * _INK + [255] * (256 - _INK), "1")
    return Dots((image.width + 7) // 8, height, black.tobytes())


def _clusters(text: str) -> list[str]:
    """Characters, each with the combining marks that follow it."""
    found: list[str] = []
    for char in text:
        if found and unicodedata.combining(char):
            found[-1] += char
        else:
            found.append(char)
    return found
