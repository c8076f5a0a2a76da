"""Decoded operations -> a picture of the slip, for people who look at a simulated printer."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

from drivers.receipt import glyphs
from drivers.receipt import operations as ops

_MARGIN = 32  # paper beside it
_HEAD, _FOOT = 40, 56  # paper before the first row, and to the knife
_SHADOW = 24  # transparent border that holds the shadow
_PAPER, _INK = (255, 254, 251), (36, 36, 44)
_LEVELS = {48: ERROR_CORRECT_L, 49: ERROR_CORRECT_M, 50: ERROR_CORRECT_Q, 51: ERROR_CORRECT_H}


@dataclass
class _Pen:
    """The printer's settings, and the row that is being filled."""

    align: int = 0
    bold: bool = False
    size: ops.Size = field(default_factory=lambda: ops.Size(1, 1))
    pitch: int = 36
    row: list[Image.Image] = field(default_factory=list)
    qr: dict[str, int] = field(default_factory=lambda: {"size": 3, "level": 49})
    qr_data: bytes = b""
    across: int = 576


def render(slip: Sequence[ops.Op], width_dots: int = 576) -> bytes:
    """A PNG with a transparent border; one dot is one pixel."""
    bands = list(_bands(slip, width_dots))
    height = _HEAD + sum(band.height for band in bands) + _FOOT
    ink = Image.new("L", (width_dots + 2 * _MARGIN, height))
    y = _HEAD
    for band in bands:
        ink.paste(band, (_MARGIN, y))
        y += band.height
    out = io.BytesIO()
    _on_paper(ink).save(out, "PNG")
    return out.getvalue()


def _bands(slip: Sequence[ops.Op], width_dots: int) -> Iterator[Image.Image]:
    """Full-width strips of ink, top to bottom."""
    pen = _Pen(across=width_dots)
    for op in slip:
        band = _band(op, pen)
        if band is not None:
            yield band


def _band(op: ops.Op, pen: _Pen) -> Image.Image | None:
    match op:
        case ops.LineFeed():
            return _row(pen)
        case ops.Feed(dots) | ops.Cut(dots):
            return Image.new("L", (pen.across, dots)) if dots else None
        case ops.Raster():
            size = (op.width * 8, op.height)
            return _placed(Image.frombytes("1", size, op.data).convert("L"), pen, op.height)
        case ops.QrPrint():
            code = _qr(pen)
            return _placed(code, pen, code.height)
        case ops.Unknown():
            pen.row.append(glyphs.paint(f"[{op.reason}]", 1, True))
        case _:
            _set(op, pen)
    return None


def _set(op: ops.Op, pen: _Pen) -> None:
    match op:
        case ops.Text(text):
            pen.row.append(_run(text, pen))
        case ops.SetAlign(value):
            pen.align = value
        case ops.Bold(on):
            pen.bold = on
        case ops.Size():
            pen.size = op
        case ops.Pitch(dots):
            pen.pitch = dots
        case ops.QrSetting(name, value):
            pen.qr[name] = value
        case ops.QrStore(data):
            pen.qr_data = data
        case ops.Initialise():
            pen.__init__(across=pen.across)  # type: ignore[misc]  # everything back to the start
        case _:
            pass


def _run(text: str, pen: _Pen) -> Image.Image:
    run = glyphs.paint(text, pen.size.height, pen.bold)
    if pen.size.width == pen.size.height:
        return run
    return run.resize((run.width * pen.size.width // pen.size.height, run.height))


def _row(pen: _Pen) -> Image.Image:
    runs, pen.row = pen.row, []
    row = Image.new("L", (sum(run.width for run in runs), max((r.height for r in runs), default=0)))
    x = 0
    for run in runs:
        row.paste(run, (x, 0))
        x += run.width
    return _placed(row, pen, max(pen.pitch, row.height))


def _placed(ink: Image.Image, pen: _Pen, height: int) -> Image.Image:
    band = Image.new("L", (pen.across, height))
    band.paste(ink, (pen.align * (pen.across - ink.width) // 2, 0))
    return band


def _qr(pen: _Pen) -> Image.Image:
    """The symbol alone, as printers draw it: the quiet zone is the paper."""
    code = QRCode(error_correction=_LEVELS[pen.qr["level"]], border=0)
    code.add_data(pen.qr_data)
    code.make(fit=True)
    modules = code.get_matrix()
    flat = bytes(255 * dark for line in modules for dark in line)
    image = Image.frombytes("L", (len(modules), len(modules)), flat)
    side = len(modules) * pen.qr["size"]
    return image.resize((side, side), Image.Resampling.NEAREST)


def _on_paper(ink: Image.Image) -> Image.Image:
    ink = ink.filter(ImageFilter.GaussianBlur(0.45))  # heat spreads a little
    paper = Image.new("RGB", ink.size, _PAPER)
    paper = ImageChops.multiply(paper, _shading(ink.size))
    paper.paste(
        Image.new("RGB", ink.size, _INK), mask=ink.point([v * 15 // 16 for v in range(256)])
    )
    outline = _outline(ink.size)
    whole = (ink.width + 2 * _SHADOW, ink.height + 2 * _SHADOW)
    shadow = Image.new("L", whole)
    shadow.paste(outline.point([v * 5 // 16 for v in range(256)]), (_SHADOW, _SHADOW + 5))
    picture = Image.new("RGBA", whole, (20, 24, 32, 0))
    picture.putalpha(shadow.filter(ImageFilter.GaussianBlur(9)))
    front = Image.new("RGBA", whole)
    front.paste(paper, (_SHADOW, _SHADOW), outline)
    return Image.alpha_composite(picture, front)


def _shading(size: tuple[int, int]) -> Image.Image:
    """The paper curls: a little darker toward its sides, hardly visible."""
    width, height = size
    darker = [round(9 * abs(2 * x / width - 1) ** 3) for x in range(width)]
    line = Image.new("RGB", (width, 1))
    line.putdata([(255 - d, 255 - d, 254 - d) for d in darker])
    return line.resize((width, height))


def _outline(size: tuple[int, int]) -> Image.Image:
    """Where paper is: knife-straight above, torn below; four times as fine, for soft edges."""
    width, height = size[0] * 4, size[1] * 4
    mask = Image.new("L", (width, height))
    chance = random.Random(size[1])
    depth = 20.0
    below = []
    for x in range(width, -1, -10):
        depth = min(34.0, max(6.0, depth + chance.uniform(-5, 5)))
        below.append((x, height - depth))
    ImageDraw.Draw(mask).polygon([(0, 0), (width, 0), *below, (0, height - 20)], fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)
