"""From one picture after the other to what a person is told, and to the page that is kept."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.doccam.corners import Corners, Picture
from drivers.doccam.find import find
from drivers.doccam.flatten import flatten
from drivers.doccam.legible import legibility
from kiosk.model import PageHint

HINT_PICTURES = 2  # a hint is told when so many in a row say it: words must not flicker
GOOD_PICTURES = 4  # that a page lies still, whole and legible
STILL = 0.004  # share of the picture's longest side that a corner may move
UNLIT = 24  # grey level of the brightest tenth of a picture in which nothing can be seen


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one picture. `corners` are there when nothing is wrong with it."""

    hint: PageHint
    corners: Corners | None = None
    sharpness: float = 0.0


def judge(picture: Picture) -> Verdict:
    """Of any picture."""
    seen = find(picture)
    if seen.several:
        return Verdict(PageHint.ONE_PAGE)
    if seen.cut:
        return Verdict(PageHint.WHOLE)
    if seen.corners is None:
        return Verdict(PageHint.TOO_DARK if _unlit(picture) else PageHint.SEARCHING)
    read = legibility(flatten(picture, seen.corners, fine=False))
    if read.problem is not None:
        return Verdict(read.problem)
    sharpness = read.text / read.blur if read.blur else 0.0
    return Verdict(PageHint.HOLD_STILL, seen.corners, sharpness)


class Steady:
    """`hint` is what to tell; `page` the sharpest one of an unbroken run of good pictures."""

    def __init__(self) -> None:
        self.hint = PageHint.SEARCHING
        self._best: tuple[Picture, Corners] | None = None
        self._sharpness = 0.0
        self._good = 0
        self._first: Corners | None = None  # of the run: a slow drift is a move, too
        self._last: PageHint | None = None
        self._same = 0

    @property
    def captured(self) -> bool:
        return self.hint is PageHint.CAPTURED

    @property
    def page(self) -> Picture | None:
        """Flattened; as it was laid."""
        return None if self._best is None else flatten(*self._best)

    def offer(self, picture: Picture) -> None:
        """Take the next picture into account."""
        verdict = judge(picture)
        self._same = self._same + 1 if verdict.hint is self._last else 1
        self._last = verdict.hint
        if self._same >= HINT_PICTURES:
            self.hint = verdict.hint
        if verdict.corners is None or not self._still(verdict.corners, max(picture.shape)):
            self._begin(verdict.corners)
        if verdict.corners is None:
            return
        self._good += 1
        if self._best is None or verdict.sharpness > self._sharpness:
            self._best, self._sharpness = (picture, verdict.corners), verdict.sharpness
        if self._good >= GOOD_PICTURES:
            self.hint = PageHint.CAPTURED

    def _still(self, corners: Corners, longest: int) -> bool:
        if self._first is None:
            return False
        moved = np.abs(corners - self._first).max()
        return bool(moved <= STILL * longest)

    def _begin(self, corners: Corners | None) -> None:
        self._first, self._good = corners, 0
        self._best, self._sharpness = None, 0.0


def _unlit(picture: Picture) -> bool:
    if not picture.size:
        return False
    small = cv2.resize(picture, (64, 48), interpolation=cv2.INTER_AREA)
    return bool(np.percentile(small, 90) < UNLIT)
