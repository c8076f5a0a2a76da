"""A page found, flattened and judged, as ratios to the decoding of the same picture's JPEG.

Run by itself it also prints how often pages are found, how exactly, and how they are judged.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import papershots
from drivers.doccam.corners import ordered
from drivers.doccam.find import find
from drivers.doccam.flatten import flatten
from drivers.doccam.legible import legibility
from drivers.doccam.pictures import STAGES, Scene, picture
from drivers.doccam.steady import judge
from drivers.doccam.upright import quarters, upright

ROUNDS = 9
SEEDS = range(2)  # of each paper on each plate
BLURS = ((0.5, "sharp"), (1.0, "sharp"), (2.5, "blurred"), (4.0, "blurred"))


def measure() -> list[tuple[str, float, float]]:
    """(what, our seconds, the peer's seconds), each for one picture of 2048 x 1536, on one core."""
    cv2.setNumThreads(1)
    seen, _ = picture(STAGES[Scene.PAGE], 1)
    jpeg = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    corners = find(seen).corners
    assert corners is not None
    page = flatten(seen, corners)
    peer = _median(lambda: cv2.imdecode(jpeg, cv2.IMREAD_COLOR))
    rows: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("page found", lambda: find(seen)),
        ("page found and flattened", lambda: flatten(seen, _corners(seen))),
        ("picture judged (all of it)", lambda: judge(seen)),
        ("page stood upright, once", lambda: upright(page)),
    )
    return [(what, _median(work), peer) for what, work in rows]


def _corners(seen: np.ndarray) -> np.ndarray:
    corners = find(seen).corners
    assert corners is not None
    return corners


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


# ---- How good --------------------------------------------------------------------------------


def rates() -> Iterator[str]:
    """On synthetic shots: nothing here was measured on a real camera."""
    for kind in papershots.KINDS:
        errors, right, shots = [], 0, 0
        for seed in SEEDS:
            for name in papershots.NAMES:
                shot = papershots.shot(1000 + seed, kind, name)
                shots += 1
                found = find(shot.picture).corners
                if found is None:
                    continue
                errors.append(float(np.linalg.norm(found - ordered(shot.corners), axis=1).max()))
                first = int(np.linalg.norm(found - shot.corners[0], axis=1).argmin())
                right += quarters(flatten(shot.picture, found)) == first
        middle, largest = statistics.median(errors), max(errors)
        yield (
            f"{kind:<8} found {len(errors)}/{shots}, upright {right}/{shots}; "
            f"worst corner: median {middle:.2f}, largest {largest:.2f} px"
        )


def verdicts() -> Iterator[str]:
    for blur, wanted in BLURS:
        agree, shots = 0, 0
        for name in papershots.NAMES:
            for seed in SEEDS:
                shot = papershots.shot(2000 + seed, "dark", name, blur=blur)
                found = find(shot.picture).corners
                shots += 1
                if found is not None:
                    problem = legibility(flatten(shot.picture, found)).problem
                    agree += (problem is None) is (wanted == "sharp")
        yield f"blur of {blur} px: judged {wanted} {agree}/{shots}"


if __name__ == "__main__":
    for what, ours, peer in measure():
        print(f"{what:<30}{ours * 1000:8.1f} ms {ours / peer:6.2f} x decoding its JPEG")
    for line in (*rates(), *verdicts()):
        print(line)
