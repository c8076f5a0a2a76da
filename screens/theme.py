"""Design tokens: colours, type, space, and the one factor that scales them to the window."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
_GROWS = ("small", "body", "lead", "head", "title")  # the others are large at any text size

THEMES = ("light", "dark", "contrast_dark", "contrast_light")  # files of `config/themes`
TEXT_SIZES = (100, 115, 130, 150)  # per cent

RADIUS = {"tile": 28, "button": 24, "field": 20, "pill": 26}
TOUCH = 128  # height of a main button
EDGE = 56  # from the window's edge to what stands on it

# Millimetres on the glass. Characters: ADA 707.7.2, by the height of a capital I.
TOUCH_MM, GAP_MM, CHARACTER_MM = 15.0, 3.0, 4.8
REACH_MM = 1220.0  # above the floor: the highest that a wheelchair user's hand is asked to go
_CAPITAL = 0.733  # a capital's height, of the type size


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a citizen may choose. `text`: one of `TEXT_SIZES`. `low`: all within reach."""

    theme: str = THEMES[0]
    text: int = TEXT_SIZES[0]
    low: bool = False


@dataclass(frozen=True)
class Look:
    """How this window draws: passed to every widget.

    `text`: per cent of the design's type sizes. `pitch`: window pixels in a millimetre, 0 when
    nobody has measured. `motion` False: nothing turns or slides.
    """

    colours: Mapping[str, Colour]
    words: Words
    width: int
    height: int
    text: int = TEXT_SIZES[0]
    pitch: float = 0
    motion: bool = True

    @property
    def portrait(self) -> bool:
        return self.height >= self.width

    @cached_property
    def factor(self) -> float:
        return _factor(self.width, self.height)

    def u(self, pixels: float) -> float:
        """Design pixels → window pixels, on whole pixels so that edges stay crisp."""
        return float(round(pixels * self.factor))

    def apart(self, pixels: float) -> float:
        """As `u`, between things to press: never less than fingers need."""
        return max(self.u(pixels), float(math.ceil(GAP_MM * self.pitch)))

    def tall(self, pixels: float, share: float = 1) -> float:
        """As `u`, of a height that grows with the text in it; `share`: of so much of it."""
        return self.u(pixels * (1 + (self.text / 100 - 1) * share))

    def type(self, name: str) -> float:
        return self._size(name, self.text)

    def types(self, name: str) -> list[float]:
        """The sizes that a text may take, in turn, until it fits: its own at each text size from
        this one down, then smaller ones."""
        own = [self._size(name, text) for text in reversed(TEXT_SIZES) if text <= self.text]
        smaller = [self._size(one, 100) for one in STEPS[STEPS.index(name) + 1 :]]
        return list(dict.fromkeys([*own, *smaller]))

    def smaller(self) -> list[Look]:
        """The same with the text sizes below, the largest first."""
        return [replace(self, text=text) for text in reversed(TEXT_SIZES) if text < self.text]

    def colour(self, name: str) -> Colour:
        return self.colours[name]

    @cached_property
    def least_type(self) -> float:
        """Window pixels of the smallest type there is."""
        return self._size("small", 100)

    def _size(self, name: str, text: int) -> float:
        grown = TYPE[name] * (text / 100 if name in _GROWS else 1)
        readable = math.ceil(CHARACTER_MM * self.pitch / _CAPITAL)
        return max(1.0, self.u(grown), float(readable))


def _factor(width: int, height: int) -> float:
    across, down = (1080, 1920) if height >= width else (1920, 1080)
    return min(width / across, height / down)


@dataclass(frozen=True, slots=True)
class Glass:
    """The panel: pixels, millimetres from corner to corner, and from the floor to its picture."""

    width: int
    height: int
    diagonal: float = 0
    lower_edge: float = 0  # of the picture

    @property
    def pitch(self) -> float:
        """Pixels in a millimetre; 0: not known."""
        return math.hypot(self.width, self.height) / self.diagonal if self.diagonal else 0.0

    @property
    def reachable(self) -> int:
        """Pixels from the lower edge up that are within reach; 0 when no lower page is needed,
        or when its characters would be too small to read."""
        within = round((REACH_MM - self.lower_edge) * self.pitch)
        capital = TYPE["small"] * _factor(self.width, within) * _CAPITAL
        readable = capital >= CHARACTER_MM * self.pitch
        return within if readable and within < self.height else 0


class Looks:
    """The Look of each Appearance on one panel."""

    def __init__(self, folder: Path, words: Words, glass: Glass, *, motion: bool = True) -> None:
        self.glass = glass
        self.colours = {name: load_colours(folder / f"{name}.toml") for name in THEMES}
        self._words, self._motion = words, motion

    def of(self, wanted: Appearance) -> Look:
        glass = self.glass
        height = glass.reachable if wanted.low and glass.reachable else glass.height
        colours = self.colours[wanted.theme]
        return Look(
            colours, self._words, glass.width, height, wanted.text, glass.pitch, self._motion
        )


def load_colours(path: Path) -> dict[str, Colour]:
    """`name = "#RRGGBB"` or `"#RRGGBBAA"` in a TOML file of `config/themes`."""
    return {name: _parse(value) for name, value in tomllib.loads(path.read_text("utf-8")).items()}


def _parse(value: str) -> Colour:
    digits = value.removeprefix("#").ljust(8, "F")
    red, green, blue, alpha = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4, 6))
    return red, green, blue, alpha
