"""How long each network of a pack takes on this machine, with one picture."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from drivers.face.landmarks import ARCFACE, Face
from drivers.face.packs import GREY, Pack

VIEW = (320, 569)  # rows and columns of the picture in which faces are looked for
RUNS = 12


def times(pack: Pack) -> Iterator[tuple[str, float]]:
    """What, and the median of its seconds."""
    told, side = pack.manifest, pack.recogniser.side
    view = np.full((*VIEW, 3), GREY, np.uint8)
    aligned = np.full((side, side, 3), GREY, np.uint8)
    box = (VIEW[1] / 2 - 50.0, VIEW[0] / 2 - 65.0, 100.0, 130.0)
    face = Face(box, ARCFACE, 1.0)
    yield f"detector {told.detector.kind}", _seconds(lambda: pack.detector.faces(view))
    yield f"recogniser {told.recogniser.kind}", _seconds(lambda: pack.recogniser.embed(aligned))
    if pack.liveness:
        yield f"liveness, {len(pack.liveness)} networks", _seconds(lambda: pack.real(view, face))


def _seconds(act: Callable[[], object]) -> float:
    act()
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
