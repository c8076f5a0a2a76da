"""Has a camera frozen? A live sensor's pictures always differ a little, if only by its noise."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from drivers.camera.ring import Picture

# Grey levels beyond which a sensor has no noise: with its lens covered a camera may well give the
# same picture again and again, and nothing is wrong with it.
DARKEST, BRIGHTEST = 24, 231


class Standstill:
    """Fed with one picture after the other; those are kept, not copied."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._last: Picture | None = None
        self._since = 0.0  # when `_last` was first seen

    def repeats(self, picture: Picture) -> bool:
        """Is it bit for bit the one before?"""
        if self._last is not None and np.array_equal(picture, self._last) and _tells(picture):
            return True
        self._last, self._since = picture, self._now()
        return False

    @property
    def frozen(self) -> bool:
        """For `seconds` there has been one picture, and no other."""
        return self._last is not None and self._now() - self._since >= self._seconds


def _tells(picture: Picture) -> bool:
    return bool(picture.max() > DARKEST and picture.min() < BRIGHTEST)
