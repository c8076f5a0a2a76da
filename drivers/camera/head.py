"""A head's solid, so that a flat picture of a face can be turned: what is nearer moves farther.

Lengths are in distances between the eyes (some 63 mm); the origin is midway between them, x goes
along them to the picture's right, y down the nose.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.gestures import Motion

Point = tuple[float, float]  # pixels
Floats = npt.NDArray[np.float32]
Maps = tuple[Floats, Floats]  # height x width each: where in the source a pixel comes from

STEP = 8  # pixels between points of which the way is computed; those between follow
MIDDLE = 0.35  # of the head, below the eyes
WIDE, HIGH, DEEP = 1.35, 2.1, 1.25  # half axes, hair too; depth counts from the axis of turning
NOSE_BELOW, NOSE_WIDE, NOSE_HIGH, NOSE_DEEP = 0.6, 0.3, 0.41, 0.55
SHOULDERS, ACROSS = 2.3, 2.4  # how far below the eyes, and how far to either side
_ROUNDS = 8  # of searching the source of a point: each halves its error, or does better


class Head:
    """`eyes`: pixels, the picture's left one first, in a picture of that size."""

    def __init__(self, width: int, height: int, eyes: tuple[Point, Point]) -> None:
        (left_x, left_y), (right_x, right_y) = eyes
        self._unit = math.hypot(right_x - left_x, right_y - left_y)
        self._along = ((right_x - left_x) / self._unit, (right_y - left_y) / self._unit)
        self._size = (width, height)
        x = _between(width) - (left_x + right_x) / 2
        y = _between(height)[:, None] - (left_y + right_y) / 2
        cosine, sine = self._along
        self._x = np.asarray((x * cosine + y * sine) / self._unit, np.float32)
        self._y = np.asarray((y * cosine - x * sine) / self._unit, np.float32)
        self._body = _body(self._x, self._y)
        self._rest: Maps = (
            np.tile(np.arange(width, dtype=np.float32), (height, 1)),
            np.tile(np.arange(height, dtype=np.float32)[:, None], (1, width)),
        )

    def body(self) -> Floats:
        """Height x width; see `_body`."""
        return np.asarray(cv2.resize(self._body, self._size), np.float32)

    def maps(self, motion: Motion, sway: Point = (0.0, 0.0)) -> Maps:
        """For `cv2.remap`. `sway`: pixels by which the whole person has moved."""
        x, y = self._x, self._y
        for _ in range(_ROUNDS):
            over, down = _moved(x, y, motion)
            x, y = self._x - over, self._y - down
        cosine, sine = (part * self._unit for part in self._along)
        return (
            self._fine(0, (x - self._x) * cosine - (y - self._y) * sine - self._body * sway[0]),
            self._fine(1, (x - self._x) * sine + (y - self._y) * cosine - self._body * sway[1]),
        )

    def _fine(self, axis: int, back: Floats) -> Floats:
        """Where each pixel comes from, given how far back every `STEP`th one lies."""
        every = cv2.resize(back.astype(np.float32), self._size)
        return np.asarray(cv2.add(self._rest[axis], every), np.float32)


def _between(length: int) -> Floats:
    """Where `cv2.resize` takes the points of a smaller picture to be."""
    count = length // STEP
    return np.asarray((np.arange(count) + 0.5) * (length / count) - 0.5, np.float32)


def _moved(x: Floats, y: Floats, motion: Motion) -> Maps:
    """How far the points of the face have gone; nothing outside of the head."""
    ball = np.maximum(0, 1 - (x / WIDE) ** 2 - ((y - MIDDLE) / HIGH) ** 2)
    nose = np.exp(-((x / NOSE_WIDE) ** 2) - ((y - NOSE_BELOW) / NOSE_HIGH) ** 2)
    depth = DEEP * ball + NOSE_DEEP * nose
    over = depth * math.sin(motion.yaw) + x * ball * (math.cos(motion.yaw) - 1)
    down = depth * math.sin(motion.pitch) + (y - MIDDLE) * ball * (math.cos(motion.pitch) - 1)
    return over.astype(np.float32), down.astype(np.float32)


def _body(x: Floats, y: Floats) -> Floats:
    """1 on the person, 0 on what is far behind, soft between them."""
    head = (x / (WIDE + 0.2)) ** 2 + ((y - MIDDLE) / (HIGH + 0.1)) ** 2
    trunk = np.where(y > SHOULDERS, (x / ACROSS) ** 2, (x / ACROSS) ** 2 + (y - SHOULDERS) ** 2)
    near = np.minimum(head, trunk)
    return np.clip(1.8 - near, 0, 1).astype(np.float32)
