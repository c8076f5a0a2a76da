"""Real faces: who is whom, from card portraits too; what hides a face; what moves like a head."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from drivers.camera.ring import Picture
from drivers.face.challenge import GESTURES
from drivers.face.finding import find
from drivers.face.landmarks import Face
from drivers.face.networks import Vector
from drivers.face.parallax import Track
from drivers.face.portrait import portrait_vector
from drivers.face.quality import judge
from facework import (
    FARTHEST,
    PEOPLE,
    SIZE,
    STRAIGHT,
    Sensor,
    bent,
    beside,
    encoded,
    found,
    loaded,
    photograph,
    portrait,
    standing,
    tilted,
    turned,
    with_glasses,
    with_mask,
)
from kiosk.model import FaceHint

WHOSE = {picture: person for person, pictures in PEOPLE.items() for picture in pictures}
PAIRS = [*itertools.combinations(WHOSE, 2)]


def vector(picture: Picture) -> Vector:
    return loaded().recogniser.embed(found(picture).aligned(picture))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_same_person_is_above_the_threshold_and_another_below(one: str, other: str) -> None:
    score = float(vector(photograph(one)) @ vector(photograph(other)))
    assert (score >= loaded().manifest.thresholds.match) is (WHOSE[one] == WHOSE[other])


@pytest.mark.parametrize(("one", "other"), [*PAIRS, *((b, a) for a, b in PAIRS)])
def test_a_cards_small_and_hard_compressed_portrait_is_enough(one: str, other: str) -> None:
    on_card = portrait_vector(loaded(), portrait(one, quality=25, size=(102, 126)))
    assert on_card is not None
    score = float(on_card @ vector(photograph(other)))
    assert (score >= loaded().manifest.thresholds.match) is (WHOSE[one] == WHOSE[other])


@pytest.mark.parametrize("kind", [".bmp", ".jpg", ".jp2", ".png"])
def test_a_portrait_may_be_any_kind_of_picture_file(kind: str) -> None:
    small = cv2.imdecode(np.frombuffer(portrait("biden", 90), np.uint8), cv2.IMREAD_COLOR)
    on_card = portrait_vector(loaded(), encoded(np.asarray(small, np.uint8), kind))
    assert on_card is not None
    assert float(on_card @ vector(photograph("biden2"))) > 0.4


@pytest.mark.parametrize(
    "file",
    [
        b"", b"\0" * 1024, b"\xff\xd8\xff\xe0" + b"\0" * 50, b"BM" + b"\xff" * 60,
        encoded(np.full((126, 102, 3), 128, np.uint8)),
        encoded(np.full((4, 4, 3), 128, np.uint8), ".png"),
        encoded(np.full((30, 4000, 3), 128, np.uint8), ".png"),
        encoded(np.full((126, 102, 3), 128, np.uint8))[:-300],
    ],
    ids=["empty", "zeros", "half a JPEG", "a BMP's head", "grey", "tiny", "a strip", "cut off"],
)  # fmt: skip
def test_a_portrait_without_a_face_is_none(file: bytes) -> None:
    assert portrait_vector(loaded(), file) is None


# ---- Quality ---------------------------------------------------------------------------------


def hint_of(picture: Picture) -> FaceHint:
    view = Sensor(5).see(picture)
    gray = np.asarray(cv2.cvtColor(view, cv2.COLOR_BGR2GRAY), np.uint8)
    return judge(view, gray, find(loaded().detector, view), 1.0).hint


def darker(picture: Picture, share: float) -> Picture:
    return np.asarray(picture * share, np.uint8)


def moved(picture: Picture, x: int) -> Picture:
    shift = np.array([[1, 0, x], [0, 1, 0]], np.float32)
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(picture, shift, SIZE, borderMode=border), np.uint8)


def centred(picture: Picture) -> Picture:
    left, _, width, _ = found(picture).box
    return moved(picture, round(SIZE[0] / 2 - left - width / 2))


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda one: one, FaceHint.HOLD_STILL),
        (with_glasses, FaceHint.UNCOVER),
        (with_mask, FaceHint.UNCOVER),
        (lambda one: with_mask(one, (235, 235, 235)), FaceHint.UNCOVER),
        (lambda one: with_mask(one, (40, 40, 40)), FaceHint.UNCOVER),
        (lambda one: darker(one, 0.22), FaceHint.TOO_DARK),
        (lambda one: darker(one, 0.02), FaceHint.TOO_DARK),
        (lambda one: beside(one, one), FaceHint.ONE_PERSON),
        (lambda one: moved(one, 150), FaceHint.CENTRE),
        (lambda one: np.full_like(one, 150), FaceHint.SEARCHING),
    ],
    ids=["plain", "glasses", "blue mask", "white mask", "black mask", "dark", "night", "two",
         "aside", "nobody"],
)  # fmt: skip
def test_what_is_wrong_with_a_face_is_told(
    name: str, change: Callable[[Picture], Picture], hint: FaceHint
) -> None:
    assert hint_of(change(standing(name))) is hint


@pytest.mark.parametrize("name", ["obama", "biden2", "astronaut"])
@pytest.mark.parametrize("degrees", [34, -34])
def test_a_head_that_looks_aside_is_asked_to_be_straight(name: str, degrees: float) -> None:
    picture = standing(name)
    assert hint_of(centred(turned(picture, found(picture), degrees))) is FaceHint.STRAIGHT


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize("degrees", [32, -32])
def test_a_tilted_head_is_asked_to_be_straight(name: str, degrees: float) -> None:
    assert hint_of(tilted(standing(name, share=0.34), 0, 0, degrees)) is FaceHint.STRAIGHT


@pytest.mark.parametrize("name", ["obama", "obama3", "biden", "astronaut"])
@pytest.mark.parametrize(("share", "hint"), [(0.15, FaceHint.CLOSER), (0.62, FaceHint.FARTHER)])
def test_a_face_of_the_wrong_size_is_told_so(name: str, share: float, hint: FaceHint) -> None:
    assert hint_of(standing(name, share=share)) is hint


def test_a_face_of_too_few_pixels_in_the_full_picture_is_asked_closer() -> None:
    view = standing("obama", share=0.3)
    gray = np.asarray(cv2.cvtColor(view, cv2.COLOR_BGR2GRAY), np.uint8)
    face = found(view)
    assert judge(view, gray, [face], 1.0).good
    assert judge(view, gray, [face], 0.5).hint is FaceHint.CLOSER


# ---- Heads and pictures of heads -------------------------------------------------------------

FLAT = 0.035  # the most that any flat or bent picture may reach; gestures begin at 0.045
STEPS = 8


def played(frames: list[Picture]) -> list[tuple[float, float]]:
    """Parallax after each frame; a lost face ends it."""
    sensor = Sensor(7)
    seen = [sensor.see(frame) for frame in frames]
    grays = [np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8) for frame in seen]
    track = Track(grays[0], found(seen[0]))
    out = []
    for frame, gray in zip(seen[1:], grays[1:], strict=True):
        track.follow(gray, found(frame))
        parallax = track.parallax()
        if parallax is None:
            break
        out.append(parallax)
    return out


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize("hint", FARTHEST)
def test_a_head_that_turns_has_the_parallax_of_its_gesture(name: str, hint: FaceHint) -> None:
    yaw, pitch = FARTHEST[hint]
    picture = standing(name)
    face = found(picture)
    steps = [step / STEPS for step in range(STEPS + 1)]
    path = played([turned(picture, face, yaw * step, pitch * step) for step in steps])
    assert len(path) == STEPS
    (across, down), (x, y) = GESTURES[hint], path[-1]
    if across:
        assert x / across > 1.2
        assert abs(y) < abs(x) / 2
    else:
        assert y / down > 1.2
        assert abs(x) < y / 2


Trick = Callable[[Picture, Face, float], Picture]
TRICKS: dict[str, Trick] = {
    "turned about its middle": lambda one, _face, step: tilted(one, 40 * step),
    "bowed": lambda one, _face, step: tilted(one, 0, 40 * step),
    "about a slanting axis": lambda one, _face, step: tilted(one, 30 * step, 30 * step, 12 * step),
    "bent, then turned": lambda one, face, step: bent(one, face, 2.0, 40 * step),
    "bent ever more": lambda one, face, step: bent(one, face, 6 - 4 * step, 25 * step),
    "held still": lambda one, _face, _step: one,
}


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize("trick", TRICKS)
def test_a_picture_has_hardly_any_parallax_however_it_is_held(name: str, trick: str) -> None:
    picture = standing(name)
    face = found(picture)
    steps = [step / STEPS for step in range(STEPS + 1)]
    path = played([TRICKS[trick](picture, face, step) for step in steps])
    assert len(path) >= STEPS // 2
    assert max(max(abs(x), abs(y)) for x, y in path) < FLAT


def test_another_face_in_the_same_place_is_lost_at_once() -> None:
    assert len(played([standing("obama"), standing("obama"), standing("biden2")])) == 1
