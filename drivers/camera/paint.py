"""Paints groups of soft shapes onto transparent layers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.shapes import Group, Points, Shape, Solid

Layer = npt.NDArray[np.float32]  # height x width x 4: BGR times alpha (0-255), alpha (0-1)
Mask = npt.NDArray[np.float32]  # height x width: cover, 0-1
Curve = npt.NDArray[np.float64]  # n x 2

OVERSAMPLING = 2
STEPS = 12  # points of a curve between two of its given points
SUBPIXEL_BITS = 4  # fixed-point coordinates, as OpenCV's drawing takes them


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head goes: pixels of its middle, pixels of one head unit, radians of its turn."""

    x: float
    y: float
    unit: float
    turn: float = 0.0


def paint(groups: Iterable[Group], pose: Pose, width: int, height: int) -> Layer:
    """A layer of that many pixels with the shapes on it."""
    big = Pose(pose.x * OVERSAMPLING, pose.y * OVERSAMPLING, pose.unit * OVERSAMPLING, pose.turn)
    layer: Layer = np.zeros((height * OVERSAMPLING, width * OVERSAMPLING, 4), np.float32)
    named: dict[str, Mask] = {}
    for group in groups:
        for shape in group.shapes:
            curves = [_pixels(outline, shape, group.solid, big) for outline in shape.outlines()]
            where = _reach(curves, shape, big, layer)
            if where.empty or (shape.clip and shape.clip not in named):
                continue
            mask = _mask(curves, shape, big, where)
            if shape.clip:
                mask *= named[shape.clip][where.slices]
            if shape.name:
                named[shape.name] = np.zeros(layer.shape[:2], np.float32)
                named[shape.name][where.slices] = mask
            _lay(layer[where.slices], mask, shape)
    return np.asarray(cv2.resize(layer, (width, height), interpolation=cv2.INTER_AREA), np.float32)


@dataclass(frozen=True, slots=True)
class _Where:
    """The part of a layer that a shape can touch, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def empty(self) -> bool:
        return self.left >= self.right or self.top >= self.bottom

    @property
    def slices(self) -> tuple[slice, slice]:
        return np.s_[self.top : self.bottom, self.left : self.right]


def _pixels(outline: Points, shape: Shape, solid: Solid | None, pose: Pose) -> Curve:
    curve = _smooth(_turned(outline, solid, pose.turn), closed=not shape.width)
    return np.asarray(curve * pose.unit + np.array([pose.x, pose.y]), np.float64)


def _reach(curves: list[Curve], shape: Shape, pose: Pose, layer: Layer) -> _Where:
    points = np.vstack(curves)
    edge = (shape.width + 4 * shape.blur) * pose.unit + 2
    left, top = np.floor(points.min(0) - edge).astype(int)
    right, bottom = np.ceil(points.max(0) + edge).astype(int)
    rows, columns = layer.shape[:2]
    return _Where(max(0, left), max(0, top), min(columns, right), min(rows, bottom))


def _mask(curves: list[Curve], shape: Shape, pose: Pose, where: _Where) -> Mask:
    drawn = np.zeros((where.bottom - where.top, where.right - where.left), np.uint8)
    for curve in curves:
        fixed = (curve - np.array([where.left, where.top])) * (1 << SUBPIXEL_BITS)
        pixels = np.round(fixed).astype(np.int32)
        if shape.width:
            thick = max(1, round(shape.width * pose.unit))
            cv2.polylines(drawn, [pixels], False, 255, thick, cv2.LINE_AA, SUBPIXEL_BITS)
        else:
            cv2.fillPoly(drawn, [pixels], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    mask: Mask = drawn.astype(np.float32) / np.float32(255)
    soft = shape.blur * pose.unit
    return mask if soft < 0.3 else np.asarray(cv2.GaussianBlur(mask, (0, 0), soft), np.float32)


def _lay(layer: Layer, mask: Mask, shape: Shape) -> None:
    cover = mask[..., None] * np.float32(shape.alpha)
    red, green, blue = shape.colour
    layer *= 1 - cover
    layer += cover * np.array([blue, green, red, 1], np.float32)


def _turned(outline: Points, solid: Solid | None, turn: float) -> Points:
    """The outline after the solid that it lies on has turned about its upright axis."""
    if solid is None or not turn:
        return outline
    cosine, sine = math.cos(turn * solid.follows), math.sin(turn * solid.follows)
    return tuple((x * cosine + _depth(x, y, solid) * sine, y) for x, y in outline)


def _depth(x: float, y: float, solid: Solid) -> float:
    round_part = solid.z * math.sqrt(max(0.0, 1 - (x / solid.x) ** 2 - (y / solid.y) ** 2))
    return round_part + solid.nose * math.exp(-((x / 0.11) ** 2) - ((y - 0.3) / 0.16) ** 2)


def _smooth(points: Points, *, closed: bool) -> Curve:
    """A Catmull-Rom curve through the points."""
    p = np.array(points, np.float64)
    p = np.vstack([p[-1], p, p[:2]]) if closed else np.vstack([p[0], p, p[-1]])
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    rest = t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * b - a - 3 * c + d)))
    return np.vstack([(b + 0.5 * rest).reshape(-1, 2), p[-2]])
