"""The pen's way on the touch screen: its points, and its picture.

Channels are those of ISO/IEC 19794-7: X to the right and Y upward from the field's lower left
corner, in units of which the field is `WIDTH` wide; T in milliseconds since the first touch. A
stroke lasts from pen down to pen up.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Point = tuple[int, int, int]  # X, Y, T
Stroke = tuple[Point, ...]

WIDTH = 10_000  # units across the field, which is at most as high as wide
PEN = 75  # units: how thick a line is drawn
MAX_STROKES = 200
MAX_POINTS = 1_200  # after thinning: the case must fit into one message
MAX_RAW = 10_000  # before: most of a minute with the pen down, on the fastest touch screens
MAX_MILLISECONDS = 3_600_000
MAX_IMAGE = 9_000  # bytes

_CHANNELS = ("X", "Y", "T")
_MOST = (WIDTH, WIDTH, MAX_MILLISECONDS)
_LEAST_INK = 1_000  # units of pen's way; less is a dot or a slip of the finger
_TOLERANCE = 8.0  # units that thinning may move the line: about a pixel of the screen
_RUN = 128  # points that are thinned together: bounds the time that the worst scribble takes
_SIDES = (640, 480, 320, 200, 140)  # pixels; the last one stays below MAX_IMAGE for any ink
_FINE = 3  # the picture is drawn so many times larger, then reduced: smooth edges


@dataclass(frozen=True, slots=True)
class Signature:
    """Made by `record` or `decode`, which keep every bound."""

    strokes: tuple[Stroke, ...] = field(default=(), repr=False)


def record(strokes: Iterable[Iterable[Sequence[float]]]) -> Signature:
    """From raw points: inside the field, in order of time, without points that tell nothing."""
    clean = [stroke for stroke in map(_inside, strokes) if stroke]
    if len(clean) > MAX_STROKES:
        least = sorted(map(_way, clean), reverse=True)[MAX_STROKES - 1]
        clean = [stroke for stroke in clean if _way(stroke) >= least][:MAX_STROKES]
    step = -(-sum(map(len, clean)) // MAX_RAW) or 1
    clean = [(*stroke[:-1:step], stroke[-1]) for stroke in clean]
    tolerance, thinned = _TOLERANCE, _thin(clean, _TOLERANCE)
    while sum(map(len, thinned)) > MAX_POINTS:
        tolerance *= 2
        thinned = _thin(thinned, tolerance)
    return Signature(thinned)


def problem(signature: Signature) -> str:
    """What is wrong with it: `empty` or `too_short` (a dot is not a signature); or ""."""
    if not signature.strokes:
        return "empty"
    return "too_short" if sum(map(_way, signature.strokes)) < _LEAST_INK else ""


def _inside(raw: Iterable[Sequence[float]]) -> Stroke:
    points: list[Point] = []
    for one in raw:
        if not all(map(math.isfinite, one)):
            continue
        x, y, t = (min(max(0, round(v)), most) for v, most in zip(one, _MOST, strict=True))
        if not points or points[-1][:2] != (x, y):
            points.append((x, y, max(t, points[-1][2] if points else 0)))
    return tuple(points)


def _way(stroke: Stroke) -> float:
    return sum(math.dist(a[:2], b[:2]) for a, b in pairwise(stroke))


def _thin(strokes: Iterable[Stroke], tolerance: float) -> tuple[Stroke, ...]:
    return tuple(
        (stroke[0], *(p for run in _runs(stroke) for p in _simplified(run, tolerance)))
        for stroke in strokes
    )


def _runs(stroke: Stroke) -> Iterator[Stroke]:
    """Pieces that share their ends."""
    for start in range(0, len(stroke) - 1, _RUN):
        yield stroke[start : start + _RUN + 1]


def _simplified(run: Stroke, tolerance: float) -> list[Point]:
    """Ramer, Douglas and Peucker's points of a run, but the first."""
    keep, ranges = {len(run) - 1}, [(0, len(run) - 1)]
    while ranges:
        first, last = ranges.pop()
        between = range(first + 1, last)
        far, at = max(((_off(run[i], run[first], run[last]), i) for i in between), default=(0, 0))
        if far > tolerance:
            keep.add(at)
            ranges += [(first, at), (at, last)]
    return [run[i] for i in sorted(keep)]


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point is from the straight way between two others."""
    (px, py, _), (ax, ay, _), (bx, by, _) = point, start, end
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    along = ((px - ax) * dx + (py - ay) * dy) / square if square else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(px - ax - along * dx, py - ay - along * dy)


def encode(signature: Signature) -> str:
    """Canonical JSON: the same signature is always the same text."""
    channels = ((list(values) for values in zip(*s, strict=True)) for s in signature.strokes)
    return canonical([dict(zip(_CHANNELS, values, strict=True)) for values in channels])


def decode(vector: str) -> Signature | None:
    """None for whatever `encode` cannot have written."""
    try:
        said = json.loads(vector)
        strokes = (zip(*(one[name] for name in _CHANNELS), strict=True) for one in said)
        found = Signature(tuple(map(tuple, strokes)))
        return found if _bounded(found) and encode(found) == vector else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _bounded(signature: Signature) -> bool:
    strokes = signature.strokes
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS:
        return False
    return all(strokes) and all(
        type(value) is int and 0 <= value <= most
        for stroke in strokes
        for point in stroke
        for value, most in zip(point, _MOST, strict=True)
    )


def image(signature: Signature) -> bytes:
    """PNG of the ink, dark on white, as large as `MAX_IMAGE` allows."""
    return next(png for side in _SIDES if len(png := _png(signature, side)) <= MAX_IMAGE)


def _png(signature: Signature, side: int) -> bytes:
    from PIL import Image, ImageDraw

    xs = [x for stroke in signature.strokes for x, _, _ in stroke] or [0]
    ys = [y for stroke in signature.strokes for _, y, _ in stroke] or [0]
    left, top, edge = min(xs) - PEN, max(ys) + PEN, 2 * PEN
    wide, high = max(xs) - min(xs) + edge, max(ys) - min(ys) + edge
    scale = _FINE * min(side / max(wide, high), side / 2000)
    size = [max(_FINE, math.ceil(length * scale / _FINE) * _FINE) for length in (wide, high)]
    canvas = Image.new("L", (size[0], size[1]), 255)
    pen, thick = ImageDraw.Draw(canvas), max(PEN * scale, 2.0)
    for stroke in signature.strokes:
        line = [((x - left) * scale, (top - y) * scale) for x, y, _ in stroke]
        pen.line(line, fill=0, width=round(thick), joint="curve")
        for x, y in (line[0], line[-1]):
            pen.circle((x, y), thick / 2, fill=0)
    file = io.BytesIO()
    canvas.reduce(_FINE).quantize(16).save(file, "PNG", optimize=True, bits=4)
    return file.getvalue()


def canonical(said: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"))
