"""Papers in pictures: found to a pixel, told apart from what is none, flattened to their shape."""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import papershots
from drivers.doccam.corners import Corners, ordered
from drivers.doccam.find import find
from drivers.doccam.flatten import LONGEST_SIDE, extent, flatten
from drivers.doccam.legible import legibility
from drivers.doccam.pictures import STAGES, Scene, picture
from drivers.doccam.steady import GOOD_PICTURES, Steady, judge
from drivers.doccam.upright import upright
from drivers.scanner.codes import codes
from kiosk.model import Code, PageHint

NEAR = 4.0  # pixels of 2048 that a corner may be off
ODD_SIZES = [(1, 1), (1, 5000), (3000, 2), (16, 16), (17, 900), (6000, 5000)]


@pytest.fixture(autouse=True)
def _one_core() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


def off(found: Corners, truly: Corners) -> float:
    return float(np.linalg.norm(found - ordered(truly), axis=1).max())


# ---- Found -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["certificate", "form", "card"])
@pytest.mark.parametrize("kind", papershots.KINDS)
def test_a_paper_is_found_on_every_plate_and_in_every_light(kind: str, name: str) -> None:
    shot = papershots.shot(7, kind, name)
    found = find(shot.picture)
    assert found.corners is not None
    assert not found.several
    assert off(found.corners, shot.corners) < NEAR


@pytest.mark.parametrize(
    ("scene", "hint"),
    [
        (Scene.NONE, PageHint.SEARCHING),
        (Scene.PAGE, PageHint.HOLD_STILL),
        (Scene.TILTED, PageHint.HOLD_STILL),
        (Scene.UPSIDE_DOWN, PageHint.HOLD_STILL),
        (Scene.CARD, PageHint.HOLD_STILL),
        (Scene.BLURRED, PageHint.BLURRED),
        (Scene.GLARE, PageHint.GLARE),
        (Scene.DARK, PageHint.TOO_DARK),
        (Scene.CUT, PageHint.WHOLE),
        (Scene.TWO, PageHint.ONE_PAGE),
    ],
)
def test_each_scene_of_the_simulator_is_judged_as_it_is(scene: Scene, hint: PageHint) -> None:
    assert judge(picture(STAGES[scene], 3)[0]).hint is hint


def test_every_scene_is_tested() -> None:
    assert set(STAGES) == set(Scene)


@pytest.mark.parametrize("light", [(200, 30), (90, 60), (240, 200)])
def test_the_glow_of_a_lamp_on_an_empty_plate_is_no_paper(light: tuple[int, int]) -> None:
    y, x = np.mgrid[0:960, 0:1280]
    far = np.hypot((x - 500) / 1280, (y - 400) / 960)
    plate = light[0] - (light[0] - light[1]) * np.minimum(1, far)
    noise = np.random.default_rng(1).normal(0, 2.5, plate.shape)
    glowing = np.repeat(np.clip(plate + noise, 0, 255).astype(np.uint8)[..., None], 3, 2)
    found = find(glowing)
    assert found.corners is None
    assert not found.cut
    assert not found.several


def test_a_printed_frame_is_no_paper() -> None:
    sheet = np.full((900, 1200, 3), 235, np.uint8)
    cv2.rectangle(sheet, (300, 200), (800, 700), (20, 20, 20), 3)
    assert find(sheet).corners is None


@pytest.mark.parametrize("move", [(-420, 0), (0, 380), (560, -380)])
def test_a_paper_that_goes_on_outside_is_not_whole(move: tuple[int, int]) -> None:
    seen, _ = picture(STAGES[Scene.PAGE], 1)
    shift = np.array([[1, 0, move[0] * 2], [0, 1, move[1]]], np.float32)
    moved = cv2.warpAffine(seen, shift, (2048, 1536), borderValue=(60, 60, 60))
    assert judge(np.asarray(moved, np.uint8)).hint is PageHint.WHOLE


def test_no_light_is_too_dark() -> None:
    assert judge(np.full((480, 640, 3), 6, np.uint8)).hint is PageHint.TOO_DARK


# ---- Flattened -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height"), [(210, 297), (297, 210), (148, 210), (85.6, 53.98), (216, 279), (200, 200)]
)
def test_a_flattened_paper_has_its_own_proportion(width: float, height: float) -> None:
    """Seen by a camera that looks from 15 degrees aside, with a pixel of error."""
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * [width / 2, height / 2, 0]
    turn = cv2.Rodrigues(np.array([math.radians(12), math.radians(9), 0.3]))[0]
    seen = flat @ turn.T + [20, -10, 520]
    corners = seen[:, :2] / seen[:, 2:] * 2200 + [1024, 768]
    corners += np.random.default_rng(2).normal(0, 0.7, (4, 2))
    across, down = extent(np.asarray(corners, np.float32), 2048, 1536)
    assert across / down == pytest.approx(width / height, rel=0.03)


def test_what_is_flattened_can_be_read() -> None:
    seen, _ = picture(STAGES[Scene.UPSIDE_DOWN], 2)
    corners = judge(seen).corners
    assert corners is not None
    assert codes(flatten(seen, corners)) == [Code("qr", "KC1:SAMPLE-CERTIFICATE-000042")]


# ---- Steady ----------------------------------------------------------------------------------


def offered(steady: Steady, *scenes: Scene) -> list[PageHint]:
    told = []
    for scene in scenes:
        steady.offer(small(scene))
        told.append(steady.hint)
    return told


def small(scene: Scene) -> npt.NDArray[np.uint8]:
    if scene not in SHOTS:
        SHOTS[scene] = picture(STAGES[scene], 0)[0]
    return SHOTS[scene]


SHOTS: dict[Scene, npt.NDArray[np.uint8]] = {}


def test_a_page_is_captured_when_it_has_lain_still() -> None:
    steady = Steady()
    told = offered(steady, *[Scene.PAGE] * GOOD_PICTURES)
    assert told[-1] is PageHint.CAPTURED
    assert PageHint.CAPTURED not in told[:-1]
    assert steady.page is not None


def test_a_page_that_moves_or_goes_begins_anew() -> None:
    steady = Steady()
    run = [Scene.PAGE] * (GOOD_PICTURES - 1)
    told = offered(steady, *run, Scene.UPSIDE_DOWN, *run, Scene.NONE, *run)
    assert PageHint.CAPTURED not in told
    assert offered(steady, Scene.PAGE) == [PageHint.CAPTURED]


def test_one_picture_alone_changes_no_hint() -> None:
    steady = Steady()
    assert offered(steady, Scene.CUT, Scene.NONE, Scene.CUT) == [PageHint.SEARCHING] * 3
    assert offered(steady, Scene.CUT) == [PageHint.WHOLE]


# ---- Anything --------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 120), st.integers(1, 120), st.just(3))))
def test_any_picture_is_judged_read_and_turned(seen: npt.NDArray[np.uint8]) -> None:
    judge(seen)
    legibility(seen)
    assert upright(seen).size == seen.size


@pytest.mark.parametrize("size", ODD_SIZES)
@pytest.mark.parametrize("fill", ["black", "white", "noise"])
def test_pictures_of_odd_sizes_are_judged(size: tuple[int, int], fill: str) -> None:
    shape = (*size, 3)
    seen = np.full(shape, 255 * (fill == "white"), np.uint8)
    if fill == "noise":
        seen = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert judge(seen).hint in set(PageHint)


@settings(max_examples=200, deadline=None)
@given(arrays.arrays(np.float32, (4, 2), elements=st.floats(-3000, 3000, width=32)))
def test_any_corners_make_a_page_of_bounded_size(corners: Corners) -> None:
    width, height = extent(corners, 2048, 1536)
    assert 1 <= width <= LONGEST_SIDE
    assert 1 <= height <= LONGEST_SIDE
    if width * height < 200_000:
        flatten(np.zeros((48, 64, 3), np.uint8), corners)
