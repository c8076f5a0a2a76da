"""A copy of a scanned page that says across it what it may be used for, and for nothing else."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")  # Debian's fonts-noto-cjk
SIMPLIFIED = 2  # the face of that file whose glyphs are China's
MOST_PIXELS = 4096 * 4096
QUALITY = 88
_INK = (160, 30, 30, 96)  # seen, and what is below can still be read
_SLANT = 30  # degrees


class NotAPictureError(ValueError):
    """No picture, or a huge one."""


def watermarked(picture: bytes, text: str) -> bytes:
    """JPEG. Raises `NotAPictureError`."""
    try:
        with Image.open(io.BytesIO(picture), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPictureError("too many pixels")
            page = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPictureError(type(error).__name__) from None
    marked = Image.alpha_composite(page, _layer(page.size, text)).convert("RGB")
    file = io.BytesIO()
    marked.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _layer(size: tuple[int, int], text: str) -> Image.Image:
    """The text again and again, slanted, over the whole page."""
    width, height = size
    around = int((width**2 + height**2) ** 0.5) + 1
    letters = ImageFont.truetype(str(FONT), max(12, min(size) // 28), index=SIMPLIFIED)
    layer = Image.new("RGBA", (around, around))
    pen = ImageDraw.Draw(layer)
    long = int(pen.textlength(text, font=letters)) or 1
    across, down = long + around // 8, max(around // 7, 24)
    for row, y in enumerate(range(0, around, down)):
        for x in range(-(row % 2) * across // 2, around, across):
            pen.text((x, y), text, font=letters, fill=_INK)
    turned = layer.rotate(_SLANT, resample=Image.Resampling.BILINEAR)
    left, top = (around - width) // 2, (around - height) // 2
    return turned.crop((left, top, left + width, top + height))
