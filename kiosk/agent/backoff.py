"""How long to wait before trying again: full jitter, so that a county's terminals, cut off at once,
do not come back at once."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST, LONGEST = 1.0, 120.0  # seconds


class Backoff:
    """`draw(a, b)`: any number between."""

    def __init__(
        self,
        first: float = FIRST,
        longest: float = LONGEST,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._first, self._longest, self._draw = first, longest, draw
        self._failures = 0

    def next(self) -> float:
        bound = min(self._longest, self._first * 2 ** min(self._failures, 30))
        self._failures += 1
        return self._draw(0, bound)

    def reset(self) -> None:
        self._failures = 0
