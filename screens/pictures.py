"""Drawn pictures in the place of a camera's: 640 × 480, BGR, for the gallery."""

from __future__ import annotations

from PIL import Image, ImageDraw

Picture = tuple[int, int, bytes]
_SIZE = (640, 480)


def nobody() -> Picture:
    """A figure before the camera."""
    image = Image.new("RGB", _SIZE, (196, 208, 220))
    pen = ImageDraw.Draw(image)
    pen.ellipse((160, 360, 480, 700), fill=(74, 98, 130))
    pen.rectangle((285, 300, 355, 400), fill=(205, 165, 140))
    pen.ellipse((230, 110, 410, 345), fill=(222, 184, 158))
    pen.pieslice((222, 80, 418, 320), 180, 360, fill=(52, 44, 42))
    for x in (278, 346):
        pen.ellipse((x, 222, x + 16, 234), fill=(40, 36, 36))
    pen.arc((288, 262, 352, 302), 20, 160, fill=(150, 80, 80), width=5)
    return _as_frame(image)


def paper() -> Picture:
    """A sheet on the document camera's plate."""
    image = Image.new("RGB", _SIZE, (62, 64, 66))
    pen = ImageDraw.Draw(image)
    pen.polygon(((170, 34), (462, 22), (480, 446), (182, 456)), fill=(248, 247, 243))
    for row in range(13):
        y, long = 96 + row * 25, 250 if row % 4 else 190
        pen.line((200 + row * 0.6, y, 200 + long, y - 4), fill=(92, 96, 104), width=6)
    pen.ellipse((384, 356, 452, 424), outline=(196, 52, 48), width=6)
    return _as_frame(image)


def _as_frame(image: Image.Image) -> Picture:
    blue, green, red = image.split()[::-1]
    return *_SIZE, Image.merge("RGB", (blue, green, red)).tobytes()
