"""The real camera driver against the simulator's real stream."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from camerawork import Visit
from drivers.camera.pictures import Scene, picture
from drivers.camera.simulator import CameraSimulator
from drivers.statefile import write_state
from kiosk.model import FaceCapture, FaceFault, FaceHint

# ---- The simulator's stream ------------------------------------------------------------------


async def test_a_well_framed_face_is_captured(visit: Visit) -> None:
    result = await visit.capture()
    assert isinstance(result, FaceCapture)
    assert (result.width, result.height) == (1280, 720)
    assert len(result.bgr) == 1280 * 720 * 3
    assert result.sharpness > 0
    assert visit.hints[-2:] == [FaceHint.HOLD_STILL, FaceHint.CAPTURED]


async def test_a_capture_shows_no_pixels_when_printed(visit: Visit) -> None:
    result = await visit.capture()
    assert isinstance(result, FaceCapture)
    assert "bgr" not in repr(result)
    assert len(repr(result)) < 100


@pytest.mark.parametrize(
    ("scene", "hint"),
    [
        (Scene.EMPTY, FaceHint.SEARCHING),
        (Scene.FAR, FaceHint.CLOSER),
        (Scene.NEAR, FaceHint.FARTHER),
        (Scene.DARK, FaceHint.TOO_DARK),
        (Scene.TURNED, FaceHint.STRAIGHT),
        (Scene.TWO, FaceHint.ONE_PERSON),
    ],
)
async def test_a_badly_framed_face_is_told_so_and_times_out(
    tmp_path: Path, scene: Scene, hint: FaceHint
) -> None:
    write_state(tmp_path / "camera.json", scene=scene.value)
    simulator = CameraSimulator(tmp_path)
    simulator.start()
    visit = Visit(f"http://127.0.0.1:{simulator.port}/stream.mjpg")
    try:
        running = asyncio.create_task(visit.capture(60))
        await visit.wait_for(hint)
        running.cancel()
        assert await visit.capture(1.5) is FaceFault.TIMED_OUT
    finally:
        await visit.camera.close()
        simulator.stop()
    assert set(visit.hints) <= {FaceHint.SEARCHING, hint}


async def test_the_scene_changes_while_the_camera_runs(visit: Visit, tmp_path: Path) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    running = asyncio.create_task(visit.capture())
    await visit.wait_for(FaceHint.CLOSER)
    write_state(tmp_path / "camera.json", scene="face")
    assert isinstance(await running, FaceCapture)


async def test_a_hint_is_told_once_and_on_the_loops_thread(visit: Visit) -> None:
    await visit.capture()
    assert all(a is not b for a, b in zip(visit.hints, visit.hints[1:], strict=False))
    assert visit.threads == {threading.get_ident()}


async def test_words_that_the_simulator_does_not_know_change_nothing(
    visit: Visit, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", scene="elephant", power=17)
    assert isinstance(await visit.capture(), FaceCapture)


# ---- The mirror ------------------------------------------------------------------------------


async def test_the_mirror_runs_during_a_capture_and_is_wiped_after_it(
    visit: Visit, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    running = asyncio.create_task(visit.capture())
    await visit.wait_for(FaceHint.CLOSER)
    serial, frame = visit.slot.newest()
    assert serial >= 2
    assert frame is not None
    width, height, bgr = frame
    assert (width, height, len(bgr)) == (853, 480, 853 * 480 * 3)
    write_state(tmp_path / "camera.json", scene="face")
    await running
    assert visit.slot.newest()[1] is None


async def test_the_mirror_is_mirrored_and_small_and_the_capture_is_neither(
    tmp_path: Path, of_source: type[Visit]
) -> None:
    large = cv2.resize(picture(Scene.FACE, 0), (1280, 960))
    large[:, :100] = (255, 0, 0)
    cv2.imwrite(str(tmp_path / "large.png"), large)
    visit = of_source(str(tmp_path / "large.png"))
    running = asyncio.create_task(visit.capture())
    await visit.wait_for(FaceHint.HOLD_STILL)
    _, frame = visit.slot.newest()
    assert frame is not None
    width, height, bgr = frame
    mirror = np.frombuffer(bgr, np.uint8).reshape(height, width, 3)
    assert (width, height) == (640, 480)
    assert mirror[200, 620].tolist() == [255, 0, 0]
    assert mirror[200, 20].tolist() != [255, 0, 0]
    result = await running
    assert isinstance(result, FaceCapture)
    assert result.bgr == large.tobytes()
