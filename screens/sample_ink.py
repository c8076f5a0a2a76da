"""How the sample citizen 张小满 signs: for played visits, pictures and tests."""

from __future__ import annotations

from itertools import pairwise

Place = tuple[float, float]

# Each character's strokes in a square of 100 × 100, from its upper left corner.
_ZHANG = (
    "12,20 24,18 38,15 38,24 37,33", "15,36 26,34 37,32",
    "14,36 12,46 11,55 24,53 39,53 38,66 35,80 30,91 22,84",
    "85,14 74,24 58,35", "47,50 70,47 95,43", "63,12 63,40 62,84 68,82 78,74",
    "66,49 76,66 97,87",
)  # fmt: skip
_XIAO = ("51,8 51,40 50,88 46,90 38,81", "30,38 24,53 11,69", "69,37 80,50 90,64")
_MAN = (
    "14,14 18,18 22,24", "7,37 12,40 17,45", "8,90 15,76 25,57", "32,23 60,21 95,18",
    "50,9 50,20 51,32", "75,8 74,20 73,31", "34,43 60,41 93,38", "41,51 40,70 38,93",
    "41,52 66,50 90,48 91,70 89,90 81,85", "56,54 53,67 45,82", "54,64 58,69 61,76",
    "75,53 72,66 64,81", "73,63 78,69 84,77",
)  # fmt: skip

_CHARACTERS = {"张": _ZHANG, "小": _XIAO, "满": _MAN}
_PLACES = ((0.06, 0.92, _ZHANG), (0.42, 0.80, _XIAO), (0.66, 0.95, _MAN))  # left, size, strokes
_LEAN = 0.14  # how far the writing leans to the right
_BETWEEN = 6  # places between two of a stroke's own


def strokes() -> list[list[Place]]:
    """In shares of a box that is 3.2 times as wide as high, from its lower left corner."""
    return [
        _rounded([_laid(left, size, *map(float, place.split(","))) for place in stroke.split()])
        for left, size, character in _PLACES
        for stroke in character
    ]


def character(sign: str) -> list[list[Place]]:
    """One of the name, upright, in shares of a square from its lower left corner."""
    squares = [[tuple(map(float, place.split(","))) for place in stroke.split()]
               for stroke in _CHARACTERS[sign]]  # fmt: skip
    return [_rounded([(x / 100, 1 - y / 100) for x, y in stroke]) for stroke in squares]


def _laid(left: float, size: float, x: float, y: float) -> Place:
    up = (1 - y / 100) * size
    return left + (x / 100 * size + up * _LEAN) / 3.2, up


def _rounded(places: list[Place]) -> list[Place]:
    """Catmull and Rom's curve through the places."""
    knots = [places[0], *places, places[-1]]
    line = [places[0]]
    for (a, b), (c, d) in zip(pairwise(knots), pairwise(knots[2:]), strict=False):
        for step in range(1, _BETWEEN + 1):
            u = step / _BETWEEN
            x, y = (_between(*four, u) for four in zip(a, b, c, d, strict=True))
            line.append((x, y))
    return line


def _between(a: float, b: float, c: float, d: float, u: float) -> float:
    """Catmull and Rom's cubic between `b` and `c`."""
    bend = 2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3
    return bend / 2
