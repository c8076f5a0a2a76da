"""Faces: each picture against the bare OpenCV calls in it, the mirror meanwhile, and who is who.

Needs KIOSK_TEST_MODELS; without it there is nothing to measure.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

import cv2
import numpy as np
import pytest

import facework
from drivers.camera.ring import Picture
from drivers.camera.transport import OpenCvFaceCamera
from drivers.face.finding import CLOSE_UP, SEARCH_PIXELS
from drivers.face.landmarks import ARCFACE_SIDE, Points
from drivers.face.parallax import AROUND, CONTRAST, LEVELS, ON_NOSE, WINDOW
from drivers.face.portrait import portrait_vector
from drivers.face.verification import Verification
from kiosk.model import FaceDecision, FaceHint
from kiosk.ports import FrameSlot

NAME, CARD = "obama", "obama2"
RUNS = 40
RULE_OF_THREE = 3.0  # 95 % sure that the rate is below 3 / n when none of n was seen
PER_SECOND = 15

Row = tuple[str, float, float]
R = TypeVar("R")


def measure() -> list[Row]:
    """(what, ours, limit): see `print_counts` for who is who."""
    try:
        facework.models()
    except pytest.skip.Exception:
        print(f"faces: not measured, {facework.VARIABLE} is not set")
        return []
    looking, bare_looking = look_seconds()
    following, bare_following = follow_seconds()
    with tempfile.TemporaryDirectory() as folder:
        rate, seconds = asyncio.run(mirror(facework.pack(Path(folder) / "pack")))
    print_counts()
    return [
        ("faces, a picture looked at, s", looking, bare_looking),
        ("faces, a picture in a gesture, s", following, bare_following),
        ("faces, mirror while comparing, 1/s", rate, float(PER_SECOND)),
        ("faces, first hint to decision, s", seconds, facework.GESTURE_SECONDS),
    ]


def looks(count: int) -> list[Picture]:
    sensor = facework.Sensor(1)
    return [sensor.see(facework.standing(NAME)) for _ in range(count)]


def begun() -> Verification:
    vector = portrait_vector(facework.loaded(), facework.portrait(CARD))
    assert vector is not None
    return Verification(facework.loaded(), vector, 1, float("inf"))


class Bare:
    """OpenCV's own calls that nobody could do without: to cut, to scale, to run the networks."""

    def __init__(self, picture: Picture) -> None:
        told, folder = facework.loaded().manifest, facework.models()
        file = str(folder / told.detector.file)
        self._detector = cv2.FaceDetectorYN.create(file, "", (320, 320), told.thresholds.face)
        embedding = (told.recogniser, told.recogniser)  # the face, and its mirror image
        self._nets = [cv2.dnn.readNetFromONNX(str(folder / one.file))
                      for one in (*embedding, *told.liveness)]  # fmt: skip
        self._sides = [ARCFACE_SIDE, ARCFACE_SIDE, *(one.input for one in told.liveness)]
        rows, columns = picture.shape[:2]
        middle = (CLOSE_UP - columns) / 2, (CLOSE_UP - rows) / 2
        self._close = np.array([(1, 0, middle[0]), (0, 1, middle[1])], np.float32)

    def find(self, picture: Picture) -> None:
        scale = SEARCH_PIXELS / min(picture.shape[:2])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        close = cv2.warpAffine(picture, self._close, (CLOSE_UP, CLOSE_UP))
        for one in (small, close):
            self._detector.setInputSize((one.shape[1], one.shape[0]))
            self._detector.detect(one)
        cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)

    def look(self, picture: Picture) -> None:
        self.find(picture)
        for net, side in zip(self._nets, self._sides, strict=True):
            cut = cv2.warpAffine(picture, self._close, (side, side))
            net.setInput(cv2.dnn.blobFromImage(cut))
            net.forward()

    def follow(self, picture: Picture, before: Picture, gray: Picture, marks: Points) -> None:
        self.find(picture)
        for one, other in ((before, gray), (gray, before)):
            start = marks.copy()
            cv2.calcOpticalFlowPyrLK(one, other, marks, start, winSize=WINDOW, maxLevel=LEVELS)
        cv2.findHomography(marks, start, cv2.LMEDS)


def look_seconds() -> tuple[float, float]:
    """Median seconds of a look at a good picture, ours and bare."""
    pictures = looks(RUNS)
    person, bare = begun(), Bare(pictures[0])
    ours, others = [], []
    for number, picture in enumerate(pictures):
        said, seconds = timed(person.offer, picture, picture, 0.1 + number / 100)
        if said in facework.FARTHEST:
            person = begun()
        elif said is FaceHint.HOLD_STILL:  # the first ones only see whether the head rests
            ours.append(seconds)
        others.append(timed(bare.look, picture)[1])
    return statistics.median(ours), statistics.median(others)


def follow_seconds() -> tuple[float, float]:
    """The same of a picture while a gesture is waited for."""
    pictures = looks(RUNS)
    person, bare = begun(), Bare(pictures[0])
    asked = iter(range(1, 1000))
    while person.offer(pictures[0], pictures[1], next(asked) / 100) not in facework.FARTHEST:
        pass
    grays = [np.asarray(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY), np.uint8) for one in pictures]
    found = cv2.goodFeaturesToTrack(grays[0][90:390, 327:527], ON_NOSE + AROUND, CONTRAST, 5)
    marks = np.asarray(found[:, 0] + (327, 90), np.float32)
    ours, others = [], []
    for picture, before, gray in zip(pictures[1:], grays, grays[1:], strict=False):
        ours.append(timed(person.offer, picture, picture, 5.0)[1])
        others.append(timed(bare.follow, picture, before, gray, marks)[1])
    return statistics.median(ours), statistics.median(others)


def timed(act: Callable[..., R], *given: object) -> tuple[R, float]:
    start = time.perf_counter()
    made = act(*given)
    return made, time.perf_counter() - start


async def mirror(pack: Path) -> tuple[float, float]:
    """Pictures a second on the mirror while a face is compared; seconds that it took."""
    for hint in facework.FARTHEST:
        facework.gesture(NAME, hint)
    person, slot = facework.Person(NAME), FrameSlot()
    stage = facework.Stage(person.picture, rate=PER_SECOND)
    options = OpenCvFaceCamera.Options(source=stage.url, models=str(pack))
    camera = OpenCvFaceCamera(options, slot)
    first: list[tuple[float, int]] = []

    def told(hint: FaceHint) -> None:
        first.append((time.perf_counter(), slot.newest()[0]))
        person.told(hint)

    try:
        await camera.status()
        decision = await camera.verify(facework.portrait(CARD), told, 30)
        assert isinstance(decision, FaceDecision)
        assert decision.matched, decision
    finally:
        await camera.close()
        stage.stop()
    (start, serial), (end, last) = first[0], first[-1]
    return (last - serial) / (end - start), end - start


def print_counts() -> None:
    """Who is taken for whom: test faces as they are, against card portraits of them."""
    pack = facework.loaded()
    least = pack.manifest.thresholds.match
    whose = {one: who for who, all_of in facework.PEOPLE.items() for one in all_of}
    live = {one: pack.recogniser.embed(facework.found(picture).aligned(picture))
            for one in whose for picture in [facework.photograph(one)]}  # fmt: skip
    cards = {one: portrait_vector(pack, facework.portrait(one)) for one in whose}
    same, different = [], []
    for card, face in itertools.permutations(whose, 2):
        vector = cards[card]
        score = float(vector @ live[face]) if vector is not None else -1.0
        (same if whose[card] == whose[face] else different).append(score)
    for what, wrong, of in (
        ("false match", sum(score >= least for score in different), len(different)),
        ("false non-match", sum(score < least for score in same), len(same)),
    ):
        bound = f"; 95 % sure of no more than {RULE_OF_THREE / of:.1%}" if not wrong else ""
        print(f"{f'faces, {what} at {least}':<44}{wrong:>7} of {of}{bound}")


if __name__ == "__main__":
    for what, ours, limit in measure():
        print(f"{what:<44}{ours:9.4f}{limit:9.4f}{ours / limit:8.2f} x")
