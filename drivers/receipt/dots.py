"""A picture for a thermal head."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Dots:
    """One bit a dot, 1 = black, rows of `width` bytes from the top, `height` dots of them."""

    width: int
    height: int
    data: bytes = field(repr=False)
