"""The face in a picture of somebody: for simulators, which show real people."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.head import Point
from drivers.face.detect import Gray, eyes, frontal_faces

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

SEARCH_PIXELS = 480  # the shorter side of the picture in which a face is looked for
SMALLEST = 0.08  # of that side
FACE = 200  # pixels to which a face is scaled before its eyes are looked for
EYES = (30, 120)  # its rows in which they lie
USUAL = ((62.0, 78.0), (136.0, 78.0))  # where they are when they are not found


@dataclass(frozen=True, slots=True)
class Likeness:
    """`middle`, `width`: of the face as the cascade frames it; all in pixels of the picture."""

    picture: Picture = field(repr=False)
    middle: Point
    width: float
    eyes: tuple[Point, Point]


def of_file(path: Path) -> Likeness | None:
    """None for what is no picture, or shows no face."""
    try:
        packed = np.fromfile(path, np.uint8)
        picture = cv2.imdecode(packed, cv2.IMREAD_COLOR) if packed.size else None
    except (OSError, ValueError, cv2.error):  # no such file, no name of one, too many pixels
        return None
    return None if picture is None else likeness(np.asarray(picture, np.uint8))


def likeness(picture: Picture) -> Likeness | None:
    """Of the widest face."""
    scale = min(1.0, SEARCH_PIXELS / min(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    found = frontal_faces(gray, round(SMALLEST * min(gray.shape)))
    if not found:
        return None
    left, top, width, height = found[0]
    face = np.asarray(
        cv2.resize(gray[top : top + height, left : left + width], (FACE, FACE)), np.uint8
    )
    first, second = (
        ((left + x * width / FACE) / scale, (top + y * height / FACE) / scale)
        for x, y in _eyes(face)
    )
    middle = ((left + width / 2) / scale, (top + height / 2) / scale)
    return Likeness(picture, middle, width / scale, (first, second))


def placed(shown: Likeness, middle: Point, width: float, size: tuple[int, int]) -> Picture:
    """The picture scaled and moved until its face is there and so wide, on a frame of that size.

    Beyond the picture's edge its last pixels go on.
    """
    scale = width / shown.width
    source = shown.picture
    if scale < 0.7:  # fewer pixels than there were: they melt into each other
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), 0.4 / scale), np.uint8)
    move = np.array(_moving(shown, middle, scale), np.float32)
    laid = cv2.warpAffine(
        source, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(laid, np.uint8)


def eyes_placed(shown: Likeness, middle: Point, width: float) -> tuple[Point, Point]:
    """Where its eyes are then."""
    (a, _, x), (_, d, y) = _moving(shown, middle, width / shown.width)
    first, second = ((a * eye[0] + x, d * eye[1] + y) for eye in shown.eyes)
    return first, second


def _moving(shown: Likeness, middle: Point, scale: float) -> tuple[tuple[float, ...], ...]:
    return (
        (scale, 0.0, middle[0] - scale * shown.middle[0]),
        (0.0, scale, middle[1] - scale * shown.middle[1]),
    )


def _eyes(face: Gray) -> tuple[Point, Point]:
    """In a face of `FACE` pixels; one that is not found is where eyes usually are."""
    top, bottom = EYES
    strip = np.ascontiguousarray(face[top:bottom])
    found = eyes(strip, FACE * 3 // 20, FACE * 3 // 8)
    middles = [(x + width / 2, y + height / 2 + top) for x, y, width, height in found]
    left, right = (
        min((one for one in middles if abs(one[0] - usual[0]) < FACE / 8), default=usual,
            key=lambda one: abs(one[0] - usual[0]))
        for usual in USUAL
    )  # fmt: skip
    return left, right
