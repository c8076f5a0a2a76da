"""Text as dots, for characters that a printer's own font may lack.

Every character stands in the printer's own grid (12 dots a column), so that a drawn row lines up
with the printed ones. Fonts are asked in turn; a character that none of them has is drawn as its
number in a frame, so that no two of them look alike and no name loses a character unseen.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.receipt.dots import Dots
from drivers.receipt.layout import columns, is_mark

COLUMN_DOTS = 12
CHAR_DOTS = 24
_NOTO = Path("/usr/share/fonts/opentype/noto")  # Debian's fonts-noto-cjk
_FAMILY = "Noto Sans Mono CJK SC"  # its Latin letters are exactly half an em wide
# Debian's fonts-hanazono, which may be absent: all of CJK extensions B to F, where Noto has
# 2,300 of 60,000 characters.
_RARE = tuple(Path(f"/usr/share/fonts/truetype/hanazono/HanaMin{part}.ttf") for part in "BA")
_NO_CHARACTER = "\U0010ffff"  # never assigned: shows a font's sign for what it lacks
_BASELINE, _BELOW = 21, 4  # dots of a character of 24: as in printers' fonts
_INK = 112  # of 255: thin strokes stay whole when grey becomes black or white

Font = ImageFont.FreeTypeFont


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


def missing_package() -> str:
    """The Debian package without which nothing can be drawn; empty when it is there."""
    return "" if (_NOTO / "NotoSansCJK-Regular.ttc").exists() else "fonts-noto-cjk"


@cache
def fonts(size: int, bold: bool = False) -> tuple[Font, ...]:
    """In the order of preference; `OSError` when Debian's Noto Sans CJK is not installed."""
    path = _NOTO / f"NotoSansCJK-{'Bold' if bold else 'Regular'}.ttc"
    index = 0
    while (face := ImageFont.truetype(path, size, index=index)).getname()[0] != _FAMILY:
        index += 1
    return face, *(ImageFont.truetype(rare, size) for rare in _RARE if rare.exists())


def font_of(char: str, size: int, bold: bool = False) -> Font | None:
    """The first font that has it; None: no font has. Nothing is kept: it may be of a name."""
    return next((face for face in fonts(size, bold) if _has(face, char)), None)


def paint(text: str, scale: int, bold: bool) -> Image.Image:
    """One run of text in grey, 255 = ink; as wide as its columns, 4 dots a scale below it."""
    cell = COLUMN_DOTS * scale
    image = Image.new("L", (max(1, columns(text) * cell), (CHAR_DOTS + _BELOW) * scale))
    pen, x = ImageDraw.Draw(image), 0
    for cluster in _clusters(text):
        face = font_of(cluster[0], CHAR_DOTS * scale, bold)
        if face:
            pen.text((x, _BASELINE * scale), cluster, fill=255, font=face, anchor="ls")
        else:
            image.paste(_numbered(cluster[0], scale), (x, 0))
        x += columns(cluster) * cell
    return image


def draw(text: str, row_columns: int, height: int, *, scale: int, bold: bool, centre: bool) -> Dots:
    """One row of text, `row_columns` (of 12 dots, unscaled) wide."""
    image = Image.new("L", (row_columns * COLUMN_DOTS, height))
    run = paint(text, scale, bold)
    image.paste(run, ((image.width - run.width) // 2 if centre else 0, 0))
    black = image.point([0] * _INK + [255] * (256 - _INK), "1")
    return Dots((image.width + 7) // 8, height, black.tobytes())


def _has(face: Font, char: str) -> bool:
    return char.isspace() or _shape(face, char) != _shape(face, _NO_CHARACTER)


def _shape(face: Font, char: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(char)
    return mask.size, bytes(mask)


def _numbered(char: str, scale: int) -> Image.Image:
    """The character's number in hexadecimal, in a frame: U+2B740 is `02B` over `740`."""
    image = Image.new("L", (CHAR_DOTS, CHAR_DOTS + _BELOW))
    pen, digits = ImageDraw.Draw(image), f"{ord(char):06X}"
    pen.rectangle((0, 1, CHAR_DOTS - 2, CHAR_DOTS), outline=255)
    small = ImageFont.load_default_imagefont()
    for y, part in ((1, digits[:3]), (12, digits[3:])):
        pen.text((3, y), part, fill=255, font=small)
    size = (image.width * scale, image.height * scale)
    return image.resize(size, Image.Resampling.NEAREST)


def _clusters(text: str) -> list[str]:
    """Characters, each with the marks that stand on it."""
    found: list[str] = []
    for char in text:
        if found and is_mark(char):
            found[-1] += char
        else:
            found.append(char)
    return found
