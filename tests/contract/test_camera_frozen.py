"""A camera that gives one and the same picture is ill, however good the picture is."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from camerawork import BOUND, Visit, camera_processes, watching
from drivers.camera.pictures import Scene, picture
from drivers.camera.process import End, Mode, ProcessGrabber
from drivers.camera.ring import Picture
from drivers.camera.simulator import CameraSimulator
from drivers.camera.source import always_differs
from drivers.camera.standstill import Standstill
from drivers.camera.status import Look, Presence
from drivers.doccam.pictures import Scene as Plate
from drivers.doccam.simulator import DocumentCameraSimulator
from drivers.statefile import write_state
from kiosk.model import DeviceState, FaceCapture, FaceFault, FaceHint, Fault, FaultAction

DEVICE = "0"  # names a device, in whose place an opener of the tests stands
FROZEN = Fault("frozen", FaultAction.RESET, "frozen")


# ---- A frozen stream -------------------------------------------------------------------------


async def test_a_camera_that_freezes_ends_the_capture_and_is_told(
    visit: Visit, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    running = asyncio.create_task(visit.capture(60))
    await visit.wait_for(FaceHint.CLOSER)
    begun = time.monotonic()
    write_state(tmp_path / "camera.json", fault="frozen")
    assert await running is FaceFault.NO_CAMERA
    assert time.monotonic() - begun >= 1.5
    assert visit.slot.newest()[1] is None
    assert camera_processes() == []
    status = await visit.camera.status()
    assert (status.state, status.usable, status.fault) == (
        DeviceState.HARDWARE_ERROR, False, FROZEN
    )  # fmt: skip


async def test_a_frozen_face_is_never_taken_for_one_that_holds_still(
    tmp_path: Path, simulator: CameraSimulator, of_source: type[Visit]
) -> None:
    write_state(tmp_path / "camera.json", scene="face", fault="frozen")
    visit = of_source(f"http://127.0.0.1:{simulator.port}/stream.mjpg")
    await asyncio.sleep(0.1)
    assert await visit.capture(60) is FaceFault.NO_CAMERA
    assert FaceHint.CAPTURED not in visit.hints
    assert (await visit.camera.status()).fault == FROZEN


async def test_the_fault_is_seen_until_pictures_differ_again(visit: Visit, tmp_path: Path) -> None:
    write_state(tmp_path / "camera.json", fault="frozen")
    assert await visit.capture(60) is FaceFault.NO_CAMERA
    assert await visit.capture(1) in (FaceFault.TIMED_OUT, FaceFault.NO_CAMERA)
    assert (await visit.camera.status()).fault == FROZEN, "too short a look to tell"
    write_state(tmp_path / "camera.json", fault=None)
    await asyncio.sleep(0.1)
    assert isinstance(await visit.capture(), FaceCapture)
    assert (await visit.camera.status()).state is DeviceState.ONLINE


def test_one_picture_lifts_every_doubt_but_that_of_a_frozen_camera() -> None:
    presence = Presence()
    for end, state in ((End.SILENT, DeviceState.ONLINE), (End.FROZEN, DeviceState.HARDWARE_ERROR)):
        presence.gave_none(end)
        presence.gave_pictures(1)
        assert presence.look(Look.PRESENT).state is state
    presence.gave_pictures(2)
    assert presence.look(Look.PRESENT).state is DeviceState.ONLINE


# ---- What is not frozen ----------------------------------------------------------------------


@pytest.mark.parametrize("scene", [Scene.EMPTY, Scene.DARK, Scene.PICTURE, Scene.PHOTO])
def test_no_scene_of_the_camera_is_called_frozen(
    tmp_path: Path, simulator: CameraSimulator, scene: Scene
) -> None:
    write_state(tmp_path / "camera.json", scene=scene.value)
    with watching(simulator) as see:
        see(2.5)


@pytest.mark.parametrize("scene", [Plate.NONE, Plate.DARK])
def test_no_scene_of_the_document_camera_is_called_frozen(tmp_path: Path, scene: Plate) -> None:
    write_state(tmp_path / "doccam.json", scene=scene.value)
    simulator = DocumentCameraSimulator(tmp_path)
    simulator.start()
    source = f"http://127.0.0.1:{simulator.port}/stream.mjpg"
    running = ProcessGrabber(source, Mode(rate=6))
    running.start()
    try:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            running.take(BOUND)
        assert running.end is None
    finally:
        running.halt()
        assert running.released(BOUND)
        simulator.stop()


async def test_a_picture_file_may_stand_still(tmp_path: Path, of_source: type[Visit]) -> None:
    cv2.imwrite(str(tmp_path / "far.png"), picture(Scene.FAR, 0))
    visit = of_source(str(tmp_path / "far.png"))
    assert await visit.capture(4) is FaceFault.TIMED_OUT
    assert visit.hints == [FaceHint.SEARCHING, FaceHint.CLOSER]
    assert (await visit.camera.status()).state is DeviceState.ONLINE


@pytest.mark.parametrize(
    ("source", "live"),
    [("0", True), ("/dev/video2", True), ("http://x/stream", True), ("https://x/stream", True),
     ("rtsp://x/stream", False), ("rtsps://x/stream", False), ("a.png", False), ("a.avi", False)],
)  # fmt: skip
def test_only_what_has_noise_in_every_picture_can_be_seen_to_freeze(
    source: str, live: bool
) -> None:
    assert always_differs(source) is live


def grabber(opener: str, source: str = DEVICE, **mode: float) -> ProcessGrabber:
    wanted = {"open_seconds": 5, "read_seconds": 5, "frozen_seconds": 0.6, **mode}
    chosen = Mode(64, 48, rate=1000, view=(32, 32), largest=64 * 48, **wanted)
    return ProcessGrabber(source, chosen, opener=f"camerasources:{opener}")


def looked_at(running: ProcessGrabber, seconds: float) -> list[Picture]:
    running.start()
    seen, end = [], time.monotonic() + BOUND
    while not running.ended and time.monotonic() < end:
        taken = running.take(0.1)
        if taken is not None and not seen:
            end = time.monotonic() + seconds  # from the first
        seen += [] if taken is None else [taken]
    running.halt()
    assert running.released(BOUND)
    return seen


def test_a_picture_that_comes_again_is_no_news_and_then_the_end() -> None:
    running = grabber("stuck")
    assert len(looked_at(running, BOUND)) == 1
    assert running.end is End.FROZEN


def test_a_camera_that_stands_still_is_frozen_and_not_silent() -> None:
    running = grabber("stuck", read_seconds=1, frozen_seconds=2)
    looked_at(running, BOUND)
    assert running.end is End.FROZEN


def test_a_camera_that_stutters_gives_each_picture_once() -> None:
    running = grabber("stutters")
    seen = looked_at(running, 2)
    assert running.end is End.HALTED
    assert len(seen) > 5
    assert all((one != other).any() for one, other in pairwise(seen))


@pytest.mark.parametrize("opener", ["covered", "dazzled"])
def test_a_lens_that_sees_nothing_but_black_or_white_is_not_frozen(opener: str) -> None:
    running = grabber(opener)
    assert len(looked_at(running, 1.5)) > 3
    assert running.end is End.HALTED


def test_a_source_that_may_stand_still_gives_its_picture_again_and_again() -> None:
    running = grabber("stuck", source="a.png")
    assert len(looked_at(running, 1.5)) > 3
    assert running.end is End.HALTED


def test_the_time_runs_from_the_first_of_the_equal_pictures() -> None:
    now = 0.0
    watched = Standstill(2, lambda: now)
    one, other = (np.full((4, 4, 3), level, np.uint8) for level in (100, 101))
    assert not watched.frozen
    for moment, seen, repeats, frozen in (
        (0, one, False, False), (1, one, True, False), (2, other, False, False),
        (3, other, True, False), (4, other, True, True), (5, one, False, False),
    ):  # fmt: skip
        now = moment
        assert (watched.repeats(seen), watched.frozen) == (repeats, frozen)


def test_a_picture_of_another_size_is_another() -> None:
    watched = Standstill(2)
    assert not watched.repeats(np.full((4, 4, 3), 100, np.uint8))
    assert not watched.repeats(np.full((2, 8, 3), 100, np.uint8))
