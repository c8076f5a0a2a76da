"""A face as a detector sees it: a box, five points, and the pose that they tell.

Right and left of a person, not of the picture: facing a camera that does not mirror, the right eye
is on the picture's left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.ring import Picture

Points = npt.NDArray[np.float32]  # rows of x, y

RIGHT_EYE, LEFT_EYE, NOSE, MOUTH_RIGHT, MOUTH_LEFT = range(5)
# The five points of an upright face in 112 x 112 pixels, as nearly all networks were trained.
ARCFACE: Points = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655),
     (70.7299, 92.2041)], np.float32,
)  # fmt: skip
ARCFACE_SIDE = 112
# Of an average head, in distances between the eyes.
NOSE_OUT = 0.5  # the tip of the nose before the plane of eyes and mouth; anatomy
MOUTH_BELOW = 1.03  # the eyes; median of 68 photographs
NOSE_SHARE = 0.59  # of the way from the eyes down to the mouth; of the same


@dataclass(frozen=True, slots=True)
class Pose:
    """Degrees, roughly: `yaw` to the person's left, `pitch` downwards, `roll` clockwise as seen."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """`box`: left, top, width, height. `points`: five, in the order of the names above."""

    box: tuple[float, float, float, float] = field(repr=False)
    points: Points = field(repr=False)
    score: float

    @property
    def eyes(self) -> float:
        """Pixels between the eyes."""
        return math.dist(self.points[RIGHT_EYE], self.points[LEFT_EYE])

    @property
    def middle(self) -> Points:
        """Between eyes and mouth."""
        four = [RIGHT_EYE, LEFT_EYE, MOUTH_RIGHT, MOUTH_LEFT]
        return np.asarray(self.points[four].mean(0), np.float32)

    def scaled(self, factor: float) -> Face:
        """The same face in a picture that is larger by the factor."""
        x, y, width, height = (length * factor for length in self.box)
        return Face((x, y, width, height), self.points * np.float32(factor), self.score)

    @property
    def pose(self) -> Pose:
        right, left, nose = self.points[RIGHT_EYE], self.points[LEFT_EYE], self.points[NOSE]
        across = (left - right) / max(self.eyes, 1e-3)
        down = np.array((-across[1], across[0]))
        brow = (right + left) / 2
        mouth = (self.points[MOUTH_RIGHT] + self.points[MOUTH_LEFT]) / 2
        height = max(float((mouth - brow) @ down), 1e-3)
        aside = float((nose - brow) @ across) / max(self.eyes, 1e-3)
        lower = (float((nose - brow) @ down) / height - NOSE_SHARE) * MOUTH_BELOW
        roll = math.degrees(math.atan2(across[1], across[0]))
        return Pose(_degrees(aside), _degrees(lower), roll)

    def aligned(self, picture: Picture, side: int = ARCFACE_SIDE) -> Picture:
        """The face cut out upright, `side` x `side`, its points where networks expect them."""
        wanted = ARCFACE * np.float32(side / ARCFACE_SIDE)
        move, _ = cv2.estimateAffinePartial2D(self.points, wanted, method=cv2.LMEDS)
        if move is None:  # points that fall together
            return np.zeros((side, side, 3), np.uint8)
        return np.asarray(cv2.warpAffine(picture, move, (side, side)), np.uint8)


def _degrees(shift: float) -> float:
    """How far a head is turned whose nose has moved by that, in distances between the eyes."""
    return math.degrees(math.asin(min(1.0, max(-1.0, shift / NOSE_OUT))))
