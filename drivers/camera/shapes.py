"""Soft shapes that make a head and shoulders.

Coordinates are in head units: the middle of the face is (0, 0), y grows downwards, the chin is at
y = 1. Colours are RGB.
"""

from __future__ import annotations

from dataclasses import dataclass

Points = tuple[tuple[float, float], ...]
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """A smooth closed curve, or with `width` (head units) an open stroke.

    `blur` is the soft edge in head units; `clip` names an earlier shape that it stays within;
    `mirror` paints it on both sides; `halves` closes the curve with its own mirror image.
    """

    points: Points
    colour: Rgb
    alpha: float = 1.0
    blur: float = 0.0
    width: float = 0.0
    name: str = ""
    clip: str = ""
    mirror: bool = False
    halves: bool = False

    def outlines(self) -> tuple[Points, ...]:
        """The curve with its mirror image, as one outline or as two."""
        flipped = tuple((-x, y) for x, y in self.points)
        if self.halves:
            return ((*self.points, *(p for p in reversed(flipped) if p[0])),)
        return (self.points, flipped) if self.mirror else (self.points,)


@dataclass(frozen=True, slots=True)
class Solid:
    """The ellipsoid that shapes lie on when a head turns: half axes in head units, and how much
    of the head's turn it follows. `nose` is how far the nose stands out."""

    x: float
    y: float
    z: float
    follows: float = 1.0
    nose: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that turn together; without a solid they stay as they are."""

    shapes: tuple[Shape, ...]
    solid: Solid | None = None
