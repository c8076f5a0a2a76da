"""Somebody's picture as the person before a simulated camera: sways, and does what is asked."""

from __future__ import annotations

import math

import cv2
import numpy as np

from drivers.camera.gestures import Motion
from drivers.camera.head import Floats, Head, Point
from drivers.camera.likeness import Likeness, Picture, eyes_placed, placed
from drivers.camera.makeup import Lids, with_glasses
from drivers.camera.pictures import hall
from drivers.camera.sensor import sensed

SIZE = WIDTH, HEIGHT = 1280, 720
MIDDLE = (640.0, 320.0)  # of the face
FACE = 268.0  # pixels of its width, as the cascade frames it
SWAY = 4.0  # pixels by which a standing person sways
TREMBLE = math.radians(1.2)  # by which a head that is held still turns and nods
SOFT = 20.0  # pixels over which the person fades into what is behind
FAR = 30.0  # standard deviation of the blur there, in pixels
HALL = 0.5  # how much of the hall is seen there; the rest is what the picture shows


class Sitter:
    """See `drivers.camera.cast.Actor`."""

    def __init__(self, shown: Likeness, *, glasses: bool = False) -> None:
        eyes = eyes_placed(shown, MIDDLE, FACE)
        self._head = Head(WIDTH, HEIGHT, eyes)
        frame = _behind(shown, self._head.body())
        self._frame = with_glasses(frame, eyes) if glasses else frame
        self._lids = None if glasses else Lids(frame, eyes)

    def frame(self, seconds: float, motion: Motion) -> Picture:
        shown = self._frame
        if motion.lids and self._lids is not None:
            shown = shown.copy()
            self._lids.close(shown, motion.lids)
        maps = self._head.maps(_trembling(motion, seconds), _sway(seconds))
        seen = cv2.remap(shown, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return sensed(np.asarray(seen, np.uint8), seconds)


def _behind(shown: Likeness, body: Floats) -> Picture:
    """The person in the hall: sharp, as far as the picture goes, and all else out of focus."""
    frame = placed(shown, MIDDLE, FACE, SIZE)
    cover = cv2.GaussianBlur(body * _reached(shown), (0, 0), SOFT)[..., None]
    far = cv2.addWeighted(cv2.GaussianBlur(frame, (0, 0), FAR), 1 - HALL, hall(*SIZE), HALL, 0)
    return np.asarray(far + (frame - np.asarray(far, np.float32)) * cover, np.uint8)


def _reached(shown: Likeness) -> Floats:
    """1 where the picture is, but for its edge; 0 where it has nothing to show."""
    scale = FACE / shown.width
    rows, columns = shown.picture.shape[:2]
    left, top = (MIDDLE[axis] - scale * shown.middle[axis] for axis in (0, 1))
    corner = (round(left + SOFT), round(top + SOFT / 2))
    opposite = (round(left + columns * scale - SOFT), round(top + rows * scale))
    reached = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.rectangle(reached, corner, opposite, 1.0, cv2.FILLED)
    return reached


def _sway(seconds: float) -> Point:
    """Two slow waves and a breath."""
    over = SWAY * (math.sin(seconds * 0.9) + 0.4 * math.sin(seconds * 2.3))
    return over, SWAY * 0.4 * math.sin(seconds * 1.6)


def _trembling(motion: Motion, seconds: float) -> Motion:
    return Motion(
        motion.yaw + TREMBLE * math.sin(seconds * 1.1 + 1),
        motion.pitch + TREMBLE * 0.6 * math.sin(seconds * 1.7),
        motion.lids,
    )
