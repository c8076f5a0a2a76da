"""Does a frontal face look straight into the camera? Tilt from its eyes, turn from its symmetry.

The frontal cascade still finds heads that are turned by 40 degrees. Two weak signs together make
a strong one: the halves of the face differ, and the profile cascade sees it from one side only.
Real frontal faces show one of them now and then, hardly ever both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from drivers.face.detect import Box, Gray, eyes, profile

FACE = 200  # pixels to which the box of a face is scaled before its eyes are looked for
EYE_LEVEL = (0.15, 0.6)  # eyes lie between these shares of the box's height
USUAL_EYES = ((62.0, 78.0), (136.0, 78.0))  # in a face of 200 x 200, when they are not found
PATCH = 128  # pixels of the picture in which halves are compared, eyes 40 apart at (64, 40)
BANDS = ((28, 52), (54, 80), (82, 104))  # its rows of eyes, nose, mouth
HALF = 26  # its columns to either side of the axis
SHIFTS = range(-14, 15, 2)  # axes that are tried, since eyes are found roughly

Point = tuple[float, float]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pose:
    """`tilt`: degrees by which the eyes are off the level, None when they were not both seen.

    `symmetry`: likeness of the halves, 1 = the same.
    """

    tilt: float | None
    symmetry: float


def pose(gray: Gray, box: Box) -> Pose:
    """`box` is a frontal face in the picture."""
    found = _eyes(gray, box)
    left, right = found or tuple(_within(box, point) for point in USUAL_EYES)
    tilt = math.degrees(math.atan2(right[1] - left[1], right[0] - left[0]))
    return Pose(
        tilt=tilt if found else None,
        symmetry=_symmetry(_levelled(gray, left, right, tilt)),
    )


def one_sided(gray: Gray, box: Box) -> bool:
    """Does the profile cascade see the frontal face too, from one side only?"""
    x, y, width, height = box
    around = gray[
        max(0, y - height // 3) : y + height * 4 // 3, max(0, x - width // 3) : x + width * 4 // 3
    ]
    scale = 96 / width
    scaled = cv2.resize(around, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return profile(np.asarray(scaled, np.uint8), 70) is not None


def _eyes(gray: Gray, box: Box) -> tuple[Point, Point] | None:
    x, y, width, height = box
    top, bottom = (round(y + height * share) for share in EYE_LEVEL)
    strip = gray[top:bottom, x : x + width]
    rows = round(FACE * (EYE_LEVEL[1] - EYE_LEVEL[0]))
    scaled: Gray = np.asarray(cv2.resize(strip, (FACE, rows)), np.uint8)
    found = eyes(scaled, FACE * 3 // 20, FACE * 3 // 8)
    middles = [(ex + ew / 2, ey + eh / 2 + FACE * EYE_LEVEL[0]) for ex, ey, ew, eh in found]
    if len(middles) != 2 or middles[1][0] - middles[0][0] < FACE / 4:
        return None
    return _within(box, middles[0]), _within(box, middles[1])


def _within(box: Box, point: Point) -> Point:
    """A point of the scaled face, as a point of the picture."""
    x, y, width, height = box
    return x + point[0] * width / FACE, y + point[1] * height / FACE


def _levelled(gray: Gray, left: Point, right: Point, tilt: float) -> Gray:
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    turn = cv2.getRotationMatrix2D(middle, tilt, 40 / math.dist(left, right))
    turn[:, 2] += np.array([64 - middle[0], 40 - middle[1]])
    return np.asarray(cv2.warpAffine(gray, turn, (PATCH, PATCH)), np.uint8)


def _symmetry(patch: Gray) -> float:
    """Mean over the bands of the best correlation of one half with the other's mirror image."""
    soft = cv2.GaussianBlur(patch.astype(np.float32), (0, 0), 1.5)
    local = soft - cv2.GaussianBlur(soft, (0, 0), 10)  # side light makes no asymmetry
    even = local / (np.sqrt(cv2.GaussianBlur(local * local, (0, 0), 10)) + 3)
    middle = PATCH // 2
    best = []
    for top, bottom in BANDS:
        band = even[top:bottom]
        axes = (middle + shift for shift in SHIFTS)
        best.append(max(_likeness(band[:, a - HALF : a], band[:, a : a + HALF]) for a in axes))
    return sum(best) / len(best)


def _likeness(left: Floats, right: Floats) -> float:
    return float(np.corrcoef(left.ravel(), right[:, ::-1].ravel())[0, 1])
