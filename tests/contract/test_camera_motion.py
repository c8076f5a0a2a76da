"""Gestures before the simulated camera, as its real stream shows them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from camerawork import OTHER, away, people_in, until, watching
from drivers.camera.cast import cast
from drivers.camera.gestures import Gesture, motion
from drivers.camera.pictures import Scene
from drivers.camera.ring import Picture
from drivers.camera.simulator import CameraSimulator
from drivers.statefile import replace_json
from kiosk.dock import run_dock


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Paths: a real woman's and an invented man's."""
    paths = people_in(tmp_path_factory.mktemp("people"))
    return paths["woman"], paths["man"]


def liveliness(seen: list[Picture]) -> float:
    """By how much a picture is unlike the one before, in the livelier quarter of them."""
    return float(np.percentile([away(one, other) for one, other in pairwise(seen)], 75))


@pytest.mark.parametrize(("scene", "gesture"), [("picture", "turn_left"), ("face", "nod")])
def test_a_gesture_is_made_at_each_writing_and_ends_by_itself(
    tmp_path: Path, pictures: tuple[str, str], scene: str, gesture: str
) -> None:
    state = {"scene": scene, "picture": pictures[0], "gesture": gesture}
    replace_json(tmp_path / "camera.json", state)  # before the start: nobody is asked anything
    simulator = CameraSimulator(tmp_path)
    simulator.start()
    try:
        with watching(simulator) as see:
            for _ in range(2):
                still = liveliness(see(2))
                replace_json(tmp_path / "camera.json", state)
                assert liveliness(see(2)) > 2 * still
            assert liveliness(see(2)) < 2 * still
    finally:
        simulator.stop()


@pytest.mark.parametrize(("scene", "flat"), [(Scene.PHOTO, True), (Scene.PICTURE, False)])
@pytest.mark.parametrize("gesture", [Gesture.TURN_LEFT, Gesture.NOD])
def test_a_photograph_turns_as_a_plane_and_a_head_does_not(
    pictures: tuple[str, str], scene: Scene, flat: bool, gesture: Gesture
) -> None:
    actor = cast(scene, *pictures)
    assert actor is not None
    half_way = 0.4 if gesture is Gesture.TURN_LEFT else 0.25
    shots = [actor.frame(50 + at, motion(gesture, at)) for at in np.linspace(0, half_way, 9)]
    grays = [cv2.cvtColor(cv2.GaussianBlur(shot, (0, 0), 2), cv2.COLOR_BGR2GRAY) for shot in shots]
    face = np.zeros_like(grays[0])
    cv2.ellipse(face, (640, 330), (90, 130), 0, 0, 360, 255, cv2.FILLED)
    start = cv2.goodFeaturesToTrack(grays[0], 120, 0.01, 6, mask=face)
    now, kept = start, np.ones(len(start), bool)
    for before, after in pairwise(grays):
        now, found, _ = cv2.calcOpticalFlowPyrLK(before, after, now, None)
        kept &= found[:, 0] == 1
    plane, _ = cv2.findHomography(start[kept], now[kept], cv2.LMEDS)
    off = np.linalg.norm(cv2.perspectiveTransform(start, plane) - now, axis=2)[kept]
    assert kept.sum() > 40
    assert (float(np.percentile(off, 80)) < 2) is flat


def test_the_dock_shows_a_picture_and_has_the_person_nod(
    tmp_path: Path, simulator: CameraSimulator, pictures: tuple[str, str]
) -> None:
    words = ["camera", "scene=picture", f"picture={pictures[0]}", "gesture=nod"]
    with watching(simulator) as see:
        [before] = see(0)
        assert run_dock(tmp_path, words) == 0
        said = json.loads((tmp_path / "camera.json").read_text())
        assert said == {"scene": "picture", "picture": pictures[0], "gesture": "nod"}
        until(lambda: away(before, see(0)[0]) > OTHER)
        assert run_dock(tmp_path, ["camera", "scene=face"]) == 0
        assert json.loads((tmp_path / "camera.json").read_text())["gesture"] is None
        until(lambda: away(before, see(0)[0]) < OTHER)
