"""Real people before the simulated camera, by the real stream and the real driver."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from camerawork import OTHER, Visit, away, people_in, until, watching
from drivers.camera.cast import cast
from drivers.camera.gestures import STILL, Gesture, motion
from drivers.camera.pictures import STAGES, Scene
from drivers.camera.ring import Picture
from drivers.camera.simulator import CameraSimulator
from drivers.doccam import simulator as doccam
from drivers.face.detect import frontal_faces
from drivers.statefile import replace_json, write_state
from kiosk.model import FaceCapture, FaceHint

REAL = (Scene.PICTURE, Scene.PHOTO, Scene.SUNGLASSES, Scene.STRANGER)
SIDES = (1280, 720)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Paths: a real woman's and an invented man's."""
    paths = people_in(tmp_path_factory.mktemp("people"))
    return paths["woman"], paths["man"]


def after_jpeg(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


# ---- Scenes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [True, False], ids=["pictures", "invented"])
@pytest.mark.parametrize("scene", [Scene.PICTURE, Scene.PHOTO, Scene.STRANGER])
async def test_a_person_or_a_photograph_is_well_framed_and_captured(
    visit: Visit, tmp_path: Path, pictures: tuple[str, str], scene: Scene, given: bool
) -> None:
    paths = {"picture": pictures[0], "other": pictures[1]} if given else {}
    write_state(tmp_path / "camera.json", scene="far", **paths)
    running = asyncio.create_task(visit.capture())
    await visit.wait_for(FaceHint.CLOSER)
    write_state(tmp_path / "camera.json", scene=scene.value)
    result = await running
    assert isinstance(result, FaceCapture)
    assert (result.width, result.height) == SIDES


@pytest.mark.parametrize("scene", Scene)
def test_every_scene_has_the_size_of_the_camera(scene: Scene) -> None:
    actor = cast(scene, None, None)
    assert actor is not None
    assert actor.frame(0, STILL).shape == (*SIDES[::-1], 3)


def test_sunglasses_darken_the_eyes_and_nothing_below_them(pictures: tuple[str, str]) -> None:
    bare, dark = (cast(scene, *pictures) for scene in (Scene.PICTURE, Scene.SUNGLASSES))
    assert bare is not None
    assert dark is not None
    before, behind = (one.frame(0, STILL).astype(float) for one in (bare, dark))
    darker = (before - behind).mean(2)
    eyes = np.s_[255:305, 560:720]
    assert darker[eyes].mean() > 60
    assert abs(darker[380:420, 560:720].mean()) < 5


def test_a_photograph_has_a_white_border_and_a_smaller_face(pictures: tuple[str, str]) -> None:
    seen, held = (cast(scene, *pictures) for scene in (Scene.PICTURE, Scene.PHOTO))
    assert seen is not None
    assert held is not None
    person, sheet = seen.frame(0, STILL), held.frame(0, STILL)
    assert 100 < widest_face(sheet) < 0.95 * widest_face(person)
    column = sheet[:, 640].min(1)
    assert (column > 200).sum() > 30


def widest_face(picture: Picture) -> int:
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    return frontal_faces(gray, 100)[0][2]


@pytest.mark.parametrize("scene", Scene)
def test_no_two_pictures_of_a_camera_that_follow_each_other_are_equal(scene: Scene) -> None:
    """As a stream carries them: what is as small as noise may be lost in a JPEG."""
    actor = cast(scene, None, None)
    assert actor is not None
    shots = [actor.frame(100 + index / 16, STILL) for index in range(8)]
    seen = [after_jpeg(cv2.imencode(".jpg", shot)[1].tobytes()) for shot in shots]
    assert all((one != other).any() for one, other in pairwise(seen))


@pytest.mark.parametrize("scene", doccam.Scene)
def test_no_two_pictures_of_a_document_camera_are_equal(scene: doccam.Scene) -> None:
    seen = [after_jpeg(shot).tobytes() for shot in doccam.shots(scene)]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("scene", REAL)
def test_a_picture_costs_less_than_a_fifteenth_of_a_second(
    pictures: tuple[str, str], scene: Scene
) -> None:
    actor = cast(scene, *pictures)
    assert actor is not None
    seconds = []
    for index in range(12):
        begun = time.thread_time()
        shot = actor.frame(index / 16, motion(Gesture.TURN_LEFT, index / 8))
        cv2.imencode(".jpg", shot)
        seconds.append(time.thread_time() - begun)
    assert np.median(seconds) < 1 / 15


# ---- Pictures that are none ------------------------------------------------------------------


@pytest.mark.parametrize("content", [None, b"", b"\xff\xd8\xff rubbish", "no face"])
def test_a_picture_without_a_face_changes_nothing_and_is_told_without_its_name(
    tmp_path: Path,
    simulator: CameraSimulator,
    content: bytes | str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "somebody.png"
    if content == "no face":
        cv2.imwrite(str(path), np.full((300, 300, 3), 90, np.uint8))
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with watching(simulator) as see:
        [before] = see(0)
        write_state(tmp_path / "camera.json", scene="picture", picture=str(path))
        until(lambda: "no face" in caplog.text)
        assert caplog.records[-1].levelno == logging.WARNING
        assert "somebody" not in caplog.text
        assert away(before, see(0.5)[-1]) < OTHER
        write_state(tmp_path / "camera.json", scene="picture", picture=None)
        until(lambda: away(before, see(0)[0]) > OTHER)


@pytest.mark.parametrize("said", [["x"], {"x": 1}, 7, True])
def test_words_of_another_kind_change_nothing(
    tmp_path: Path, simulator: CameraSimulator, said: object
) -> None:
    with watching(simulator) as see:
        [before] = see(0)
        write_state(tmp_path / "camera.json", scene=said, gesture=said, fault=said, power=said)
        assert away(before, see(0.5)[-1]) < OTHER
        write_state(tmp_path / "camera.json", scene="stranger", picture=said, other=said)
        until(lambda: away(before, see(0)[0]) > OTHER)


def test_a_picture_that_is_painted_over_is_shown_when_the_file_is_written_again(
    tmp_path: Path, simulator: CameraSimulator, pictures: tuple[str, str]
) -> None:
    path = tmp_path / "somebody.png"
    shutil.copy(pictures[0], path)
    state = {"scene": "picture", "picture": str(path)}
    with watching(simulator) as see:
        [nobody] = see(0)
        replace_json(tmp_path / "camera.json", state)
        until(lambda: away(nobody, see(0)[0]) > OTHER)
        [first] = see(0)
        shutil.copy(pictures[1], path)
        replace_json(tmp_path / "camera.json", state)
        until(lambda: away(first, see(0)[0]) > OTHER)


def test_every_scene_is_cast() -> None:
    assert set(STAGES) | set(REAL) == set(Scene)
