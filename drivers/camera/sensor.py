"""What a camera adds to what it sees: its lamps flicker, its sensor is noisy."""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR

NOISE = 2.5  # standard deviation of a sensor's noise, in grey levels
FLICKER = 0.012  # share of brightness by which lamps flicker
_SPARE = 61  # rows and columns of noise more than a picture has: where one begins is chance


def sensed(seen: Picture, seconds: float) -> Picture:
    """No two are alike, whatever is seen."""
    lit = cv2.convertScaleAbs(seen, alpha=1 + FLICKER * math.sin(seconds * 9.1))
    height, width = seen.shape[:2]
    tick = int(seconds * 1000)
    top, left = tick * 17 % _SPARE, tick * 29 % (_SPARE + 2)
    more, less = (part[top : top + height, left : left + width] for part in _noise(height, width))
    return np.asarray(cv2.subtract(cv2.add(lit, more), less), np.uint8)


@cache
def _noise(height: int, width: int) -> tuple[Picture, Picture]:
    """What is added, and what is taken away."""
    random = np.random.default_rng(1)
    grey = random.standard_normal((height + _SPARE, width + _SPARE + 2, 3), np.float32)
    levels = np.rint(grey * np.float32(NOISE))
    return np.maximum(levels, 0).astype(np.uint8), np.maximum(-levels, 0).astype(np.uint8)
