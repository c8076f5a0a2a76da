"""Where a face is in a picture, and what to tell its owner. Pixels in, a hint out; no camera.

It finds and frames a face; it can't tell whose face it is, nor whether it is alive.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from drivers.face.detect import Box, Gray, frontal_faces, profile, tilted_faces
from drivers.face.pose import one_sided, pose
from kiosk.model import FaceHint

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

SEARCH_PIXELS = 240  # the shorter side of the picture in which faces are looked for
SHARPNESS_PIXELS = 160  # width to which a face is scaled before its sharpness is measured


@dataclass(frozen=True, slots=True)
class Limits:
    """When a face is well framed. Lengths are shares of the picture's shorter side."""

    dark: float = 55  # mean grey level, 0-255, of the face, or of the picture without one
    bright: float = 225
    smallest: float = 0.11  # narrower faces are people at the other end of the hall
    narrow: float = 0.27
    wide: float = 0.60
    beside: float = 0.16  # from the picture's middle, sideways
    above: float = 0.20  # and up or down
    bystander: float = 0.55  # of the widest face's width: who is smaller stands in the queue
    tilt: float = 14  # degrees
    symmetry: float = 0.78
    blurred: float = 30  # variance of the Laplacian, in grey levels squared


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Framing:
    """`box`: the widest face, in pixels of the picture that was given; `sharpness`: variance of
    the face's Laplacian. `good`: may be captured."""

    hint: FaceHint
    brightness: float
    box: Box | None = field(default=None, repr=False)
    faces: int = 0
    sharpness: float = 0.0

    @property
    def good(self) -> bool:
        return self.hint is FaceHint.HOLD_STILL and self.sharpness >= LIMITS.blurred


def frame_face(bgr: Picture) -> Framing:
    """What to tell the person; `HOLD_STILL` when the face is well framed."""
    gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    scale = min(1.0, SEARCH_PIXELS / min(gray.shape))
    small = np.asarray(
        cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    smallest = round(LIMITS.smallest * min(small.shape))
    found = frontal_faces(small, smallest)
    if not found:
        return _nobody(small, smallest)
    near = [box for box in found if box[2] >= LIMITS.bystander * found[0][2]]
    x, y, width, height = near[0]
    brightness = float(small[y : y + height, x : x + width].mean())
    hint = _exposure(brightness) or _placing(near, small)
    if hint is None:
        hint = FaceHint.HOLD_STILL if _straight(small, near[0]) else FaceHint.STRAIGHT
    left, top, across, down = (round(length / scale) for length in near[0])
    sharpness = sharpness_of(gray[top : top + down, left : left + across])
    return Framing(hint, brightness, (left, top, across, down), len(near), sharpness)


def _nobody(small: Gray, smallest: int) -> Framing:
    brightness = float(small.mean())
    hint = _exposure(brightness)
    if hint is None:
        smallest = max(smallest, round(LIMITS.narrow * min(small.shape) / 2))
        askew = profile(small, smallest) is not None or tilted_faces(small, smallest)
        hint = FaceHint.STRAIGHT if askew else FaceHint.SEARCHING
    return Framing(hint, brightness)


def _exposure(brightness: float) -> FaceHint | None:
    if brightness < LIMITS.dark:
        return FaceHint.TOO_DARK
    return FaceHint.TOO_BRIGHT if brightness > LIMITS.bright else None


def _placing(near: list[Box], small: Gray) -> FaceHint | None:
    """The first thing that is wrong with the number, size or place of the faces."""
    x, y, width, height = near[0]
    rows, columns = small.shape
    side = min(rows, columns)
    beside = abs(x + width / 2 - columns / 2) / side
    above = abs(y + height / 2 - rows / 2) / side
    wrong = (
        (len(near) > 1, FaceHint.ONE_PERSON),
        (width < LIMITS.narrow * side, FaceHint.CLOSER),
        (width > LIMITS.wide * side, FaceHint.FARTHER),
        (beside > LIMITS.beside or above > LIMITS.above, FaceHint.CENTRE),
    )
    return next((hint for is_wrong, hint in wrong if is_wrong), None)


def _straight(small: Gray, face: Box) -> bool:
    seen = pose(small, face)
    if seen.tilt is not None and abs(seen.tilt) > LIMITS.tilt:
        return False
    return seen.symmetry >= LIMITS.symmetry or not one_sided(small, face)


def sharpness_of(face: Gray) -> float:
    """Variance of the Laplacian, at one size for all faces."""
    rows = max(1, round(SHARPNESS_PIXELS * face.shape[0] / face.shape[1]))
    scaled = cv2.resize(face, (SHARPNESS_PIXELS, rows), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(scaled, cv2.CV_64F).var())
