"""The picture of a seal: a red ring, a star, the authority's name along the arc. A sample seal."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
SC_FACE = 2  # index of the SC face inside the collection
SIZE = 720  # pixels; about 430 dpi at 42 mm
RED = (206, 17, 38)
OPACITY = 0.88  # what lies under the seal stays legible
_OVER = 3  # supersampling, for smooth edges
_RING = 0.022  # width of the ring; this and all below are parts of the diameter
_ARC_RADIUS = 0.4
_GLYPH = 0.112
_STAR_RADIUS = 0.15
_CAPTION_Y = 0.735


def seal(authority: str, caption: str) -> Image.Image:
    """RGBA, SIZE by SIZE. `authority` runs along the arc, `caption` stands below the star."""
    side = SIZE * _OVER
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((2, 2, side - 3, side - 3), outline=255, width=int(side * _RING))
    draw.polygon(_star(side / 2, side * 0.475, side * _STAR_RADIUS), fill=255)
    _caption(draw, caption, side)
    _arc(mask, authority, side)
    alpha = mask.resize((SIZE, SIZE), Image.Resampling.LANCZOS).point(_faded)
    picture = Image.new("RGBA", (SIZE, SIZE), (*RED, 0))
    picture.putalpha(alpha)
    return picture


def _faded(value: int) -> int:
    return int(value * OPACITY)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    return [
        (x + r * math.sin(i * math.pi / 5), y - r * math.cos(i * math.pi / 5))
        for i, r in enumerate([radius, inner] * 5)
    ]


def _caption(draw: ImageDraw.ImageDraw, caption: str, side: int) -> None:
    font = ImageFont.truetype(FONT, int(side * 0.066), index=SC_FACE)
    draw.text((side / 2, side * _CAPTION_Y), caption, fill=255, font=font, anchor="mm")


def _arc(mask: Image.Image, text: str, side: int) -> None:
    """Each glyph upright on its radius; long names are set narrower, never wrapped."""
    step = min(2 * math.degrees(_GLYPH * 0.62 / _ARC_RADIUS), 250 / max(len(text) - 1, 1))
    room = 2 * math.pi * _ARC_RADIUS * step / 360  # along the arc, per glyph
    font = ImageFont.truetype(FONT, int(side * _GLYPH), index=SC_FACE)
    box = int(side * _GLYPH * 1.5)
    width = int(box * min(1.0, room / _GLYPH * 0.98))
    start = -step * (len(text) - 1) / 2
    for i, character in enumerate(text):
        glyph = Image.new("L", (box, box), 0)
        ImageDraw.Draw(glyph).text((box / 2, box / 2), character, fill=255, font=font, anchor="mm")
        glyph = glyph.resize((width, box), Image.Resampling.LANCZOS)
        _set(mask, glyph, start + i * step, side)


def _set(mask: Image.Image, glyph: Image.Image, degrees: float, side: int) -> None:
    turned = glyph.rotate(-degrees, resample=Image.Resampling.BICUBIC, expand=True)
    angle = math.radians(degrees)
    x = side / 2 + side * _ARC_RADIUS * math.sin(angle)
    y = side / 2 - side * _ARC_RADIUS * math.cos(angle)
    mask.paste(255, (int(x - turned.width / 2), int(y - turned.height / 2)), turned)
