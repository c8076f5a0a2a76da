"""Design tokens: colours, type, space, and the one factor that scales them to the window."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from screens.words import Words

Colour = tuple[float, float, float, float]

# Pixels on the design window (1080 × 1920 or 1920 × 1080). Few sizes: each costs 2 MB of glyphs.
TYPE: Mapping[str, int] = {
    "small": 30,
    "body": 36,
    "lead": 44,
    "head": 52,
    "title": 66,
    "display": 92,
    "clock": 190,
}

# When a text does not fit its box, the next smaller size is tried.
STEPS = tuple(reversed(tuple(TYPE)))

RADIUS = {"tile": 28, "button": 24, "field": 20, "pill": 26}
TOUCH = 128  # height of a main button
EDGE = 56  # from the window's edge to what stands on it


@dataclass(frozen=True)
class Look:
    """How this window draws: passed to every widget."""

    colours: Mapping[str, Colour]
    words: Words
    width: int
    height: int

    @property
    def portrait(self) -> bool:
        return self.height >= self.width

    @cached_property
    def factor(self) -> float:
        across, down = (1080, 1920) if self.portrait else (1920, 1080)
        return min(self.width / across, self.height / down)

    def u(self, pixels: float) -> float:
        """Design pixels → window pixels, on whole pixels so that edges stay crisp."""
        return float(round(pixels * self.factor))

    def type(self, name: str) -> float:
        return max(1.0, self.u(TYPE[name]))

    def colour(self, name: str) -> Colour:
        return self.colours[name]


def load_colours(path: Path) -> dict[str, Colour]:
    """`name = "#RRGGBB"` or `"#RRGGBBAA"` in a TOML file of `config/themes`."""
    return {name: _parse(value) for name, value in tomllib.loads(path.read_text("utf-8")).items()}


def _parse(value: str) -> Colour:
    digits = value.removeprefix("#").ljust(8, "F")
    red, green, blue, alpha = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4, 6))
    return red, green, blue, alpha
