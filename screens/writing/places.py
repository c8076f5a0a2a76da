"""Strokes brought to one place and size, wherever and however large they were written."""

from __future__ import annotations

from collections.abc import Sequence

# Strokes around (0, 0), their longer side 1, as slim or as flat as they were; Y downward.
Squared = list[list[tuple[float, float]]]


class MissingError(RuntimeError):
    """A reader or its model is not installed; the message names the package."""


def squared(strokes: Sequence[Sequence[tuple[float, float]]]) -> Squared:
    """[] for no strokes; a dot is all in (0, 0)."""
    places = [place for stroke in strokes for place in stroke]
    if not places:
        return []
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*places, strict=True))
    unit = 1 / (max(right - left, bottom - top) or 1)
    x, y = (left + right) / 2, (top + bottom) / 2
    return [[((a - x) * unit, (b - y) * unit) for a, b in stroke] for stroke in strokes if stroke]
