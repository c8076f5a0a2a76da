"""Characters as a finger writes them: corners of strokes in a box of 100 x 100, Y downward."""

from __future__ import annotations

import math
import random
from itertools import pairwise

Place = tuple[float, float]
Strokes = list[list[Place]]

_STEP = 3.0  # units from one point of a stroke to the next

CHARACTERS: dict[str, list[list[Place]]] = {
    "一": [[(10, 52), (90, 48)]],
    "十": [[(10, 45), (90, 43)], [(50, 8), (50, 95)]],
    "人": [[(50, 8), (46, 45), (12, 92)], [(48, 40), (62, 66), (90, 92)]],
    "大": [[(12, 36), (88, 33)], [(50, 6), (48, 38), (14, 92)], [(50, 38), (64, 66), (90, 92)]],
    "小": [[(50, 8), (50, 90), (38, 82)], [(30, 38), (14, 68)], [(68, 38), (88, 66)]],
    "山": [[(50, 6), (50, 86)], [(20, 40), (20, 88), (82, 86)], [(82, 38), (82, 92)]],
    "口": [[(18, 22), (20, 80)], [(18, 22), (82, 22), (79, 80)], [(21, 78), (78, 77)]],
    "王": [[(18, 14), (82, 13)], [(22, 48), (78, 47)], [(50, 14), (50, 86)], [(10, 88), (90, 86)]],
    "李": [
        [(14, 20), (86, 18)], [(50, 4), (50, 50)], [(47, 20), (32, 38), (14, 50)],
        [(53, 20), (68, 36), (88, 48)], [(30, 55), (68, 54), (50, 66)],
        [(50, 66), (52, 94), (40, 90)], [(10, 76), (90, 74)],
    ],
    "明": [
        [(12, 20), (12, 76)], [(12, 20), (40, 20), (40, 76)], [(13, 47), (40, 46)],
        [(13, 74), (40, 74)], [(60, 12), (58, 62), (46, 92)],
        [(60, 12), (88, 12), (88, 90), (78, 84)], [(61, 36), (87, 36)], [(60, 60), (87, 60)],
    ],
}  # fmt: skip


def written(
    character: str, *, size: float = 100, at: Place = (0, 0), unsteady: float = 0, seed: int = 1
) -> Strokes:
    """With the points that a touch screen reports. `unsteady`: units that a hand trembles."""
    chance, unit = random.Random(seed), size / 100
    shaken = [
        [(x + chance.gauss(0, unsteady), y + chance.gauss(0, unsteady)) for x, y in stroke]
        for stroke in CHARACTERS[character]
    ]
    return [
        [(at[0] + x * unit, at[1] + y * unit) for x, y in dense(stroke, _STEP)] for stroke in shaken
    ]


def dense(stroke: list[Place], step: float) -> list[Place]:
    """Straight from corner to corner, with points not further apart than that."""
    points = [stroke[0]]
    for (x, y), (to_x, to_y) in pairwise(stroke):
        count = max(1, math.ceil(math.dist((x, y), (to_x, to_y)) / step))
        points += [(x + (to_x - x) * i / count, y + (to_y - y) * i / count)
                   for i in range(1, count + 1)]  # fmt: skip
    return points
