"""Heads that turn and nod before the simulated camera, as a real detector of landmarks sees them.

It needs the folder of models that KIOSK_TEST_MODELS names, with its pictures of real people.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from drivers.camera.cast import Actor, cast
from drivers.camera.gestures import STILL, Gesture, Motion, motion
from drivers.camera.pictures import Scene
from drivers.camera.ring import Picture

MODELS = Path(os.environ.get("KIOSK_TEST_MODELS", ""))
DETECTOR = "face_detection_yunet_2023mar.onnx"
PEOPLE = ("obama", "obama3", "biden2", "astronaut")  # who look straight ahead
RATE = 12.0
SIZE = (640, 360)  # in which faces are looked for

pytestmark = pytest.mark.skipif(
    not os.environ.get("KIOSK_TEST_MODELS"), reason="KIOSK_TEST_MODELS names no folder"
)


class Seen(NamedTuple):
    """Of one face, in distances between its eyes, in the picture's directions."""

    nose_right: float  # of the middle between the eyes
    nose_share: float  # of the way from the eyes down to the mouth
    eyes_down: float  # in pixels of that size
    score: float


@cache
def detector() -> cv2.FaceDetectorYN:
    return cv2.FaceDetectorYN.create(str(MODELS / DETECTOR), "", SIZE, 0.8)


@cache
def actor(scene: Scene, name: str) -> Actor:
    [picture] = (MODELS / "test-faces").glob(f"{name}.*")
    made = cast(scene, str(picture), None)
    assert made is not None
    return made


def seen(picture: Picture) -> Seen:
    _, faces = detector().detect(cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA))
    assert faces is not None, "nobody is seen"
    face = max(faces, key=lambda one: one[2])
    points = face[4:14].reshape(5, 2)
    along = points[1] - points[0]
    unit = float(np.hypot(*along))
    right, down = along / unit, np.array([-along[1], along[0]]) / unit
    middle = points[:2].mean(0)
    nose, mouth = points[2] - middle, points[3:].mean(0) - middle
    share = float(nose @ down) / float(mouth @ down)
    return Seen(float(nose @ right) / unit, share, float(middle[1]), float(face[14]))


def course(scene: Scene, name: str, gesture: Gesture) -> list[Seen]:
    """As a stream shows it, from before the gesture to its end."""
    times = np.arange(-0.2, 2.2, 1 / RATE)
    return [seen(actor(scene, name).frame(50 + at, motion(gesture, at))) for at in times]


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(("gesture", "way"), [(Gesture.TURN_LEFT, 1), (Gesture.TURN_RIGHT, -1)])
def test_a_turned_head_shows_its_nose_to_that_side_and_comes_back(
    name: str, gesture: Gesture, way: int
) -> None:
    moved = [way * one.nose_right for one in course(Scene.PICTURE, name, gesture)]
    assert max(moved) - moved[0] > 0.09
    assert min(moved) - moved[0] > -0.05
    assert abs(moved[-1] - moved[0]) < 0.05


@pytest.mark.parametrize("name", PEOPLE)
def test_a_nodding_head_goes_down_and_its_nose_goes_before(name: str) -> None:
    path = course(Scene.PICTURE, name, Gesture.NOD)
    assert max(one.eyes_down for one in path) - path[0].eyes_down > 10
    assert max(one.nose_share for one in path) - path[0].nose_share > 0.03
    assert max(abs(one.nose_right - path[0].nose_right) for one in path) < 0.15
    assert abs(path[-1].eyes_down - path[0].eyes_down) < 4


@pytest.mark.parametrize("name", PEOPLE)
def test_eyes_close_and_open_while_the_head_is_still(name: str) -> None:
    before, closed, after = (
        actor(Scene.PICTURE, name).frame(50, moved) for moved in (STILL, Motion(lids=1), STILL)
    )
    there, shut = seen(before), seen(closed)
    assert abs(shut.nose_right - there.nose_right) < 0.05
    changed = cv2.absdiff(before, closed).max(2) > 25
    rows = np.nonzero(changed)[0] * SIZE[1] / len(changed)
    assert changed.sum() > 400
    assert abs(rows - there.eyes_down).max() < 30, "and nothing but the eyes"
    assert (cv2.absdiff(before, after) == 0).all()


@pytest.mark.parametrize("name", PEOPLE)
def test_a_face_behind_sunglasses_is_still_a_face(name: str) -> None:
    assert seen(actor(Scene.SUNGLASSES, name).frame(50, STILL)).score > 0.8
