"""The real driver against the simulator's real stream, against files, and against trouble."""

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.pictures import Scene, picture
from drivers.camera.simulator import CameraSimulator
from drivers.camera.status import DOUBT_SECONDS, Look, Presence
from drivers.camera.transport import OpenCvFaceCamera
from drivers.statefile import write_state
from kiosk.model import DeviceState, DeviceStatus, FaceCapture, FaceFault, FaceHint
from kiosk.ports import FrameSlot

BOUND = 15  # seconds: far more than any of this should take


class Visit:
    """A camera with its slot, and the hints that were told."""

    def __init__(self, source: str) -> None:
        self.slot = FrameSlot()
        self.camera = OpenCvFaceCamera(source, self.slot)
        self.hints: list[FaceHint] = []
        self.threads: set[int] = set()

    def told(self, hint: FaceHint) -> None:
        self.hints.append(hint)
        self.threads.add(threading.get_ident())

    async def capture(self, seconds: float = 10) -> FaceCapture | FaceFault:
        async with asyncio.timeout(BOUND):
            return await self.camera.capture(self.told, seconds)

    async def wait_for(self, hint: FaceHint) -> None:
        async with asyncio.timeout(BOUND):
            while hint not in self.hints:
                await asyncio.sleep(0.02)

    async def looks(self, count: int) -> list[DeviceStatus]:
        return [await self.camera.status() for _ in range(count)]


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[CameraSimulator]:
    simulator = CameraSimulator(tmp_path)
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
async def visit(simulator: CameraSimulator) -> AsyncIterator[Visit]:
    visit = Visit(f"http://127.0.0.1:{simulator.port}/stream.mjpg")
    yield visit
    await visit.camera.close()
    await released()


@pytest.fixture
async def of_source() -> AsyncIterator[object]:
    visits: list[Visit] = []

    def make(source: str) -> Visit:
        visits.append(Visit(source))
        return visits[-1]

    yield make
    for visit in visits:
        await visit.camera.close()
    await released()


def grabbers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "camera-grabber"]


async def released() -> None:
    """No thread holds a source any more."""
    async with asyncio.timeout(BOUND):
        while grabbers():
            await asyncio.sleep(0.02)


async def powered(simulator: CameraSimulator, *, on: bool) -> None:
    """Wait until the simulator takes connections, or takes them no more."""
    async with asyncio.timeout(BOUND):
        while True:
            with socket.socket() as probe:
                if (probe.connect_ex(("127.0.0.1", simulator.port)) == 0) is on:
                    return
            await asyncio.sleep(0.02)


# ---- The simulator's stream ------------------------------------------------------------------


async def test_a_well_framed_face_is_captured(visit: Visit) -> None:
    result = await visit.capture()
    assert isinstance(result, FaceCapture)
    assert (result.width, result.height) == (640, 480)
    assert len(result.bgr) == 640 * 480 * 3
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
    assert (width, height, len(bgr)) == (640, 480, 640 * 480 * 3)
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


# ---- Trouble ---------------------------------------------------------------------------------


async def test_a_camera_without_power_is_no_camera(
    visit: Visit, simulator: CameraSimulator, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", power="off")
    await powered(simulator, on=False)
    assert await visit.capture() is FaceFault.NO_CAMERA
    assert visit.hints == []


async def test_a_camera_that_vanishes_during_a_capture_is_no_camera(
    visit: Visit, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    running = asyncio.create_task(visit.capture(60))
    await visit.wait_for(FaceHint.CLOSER)
    write_state(tmp_path / "camera.json", power="off")
    assert await running is FaceFault.NO_CAMERA
    assert visit.slot.newest()[1] is None


async def test_a_camera_that_comes_back_captures_again(
    visit: Visit, simulator: CameraSimulator, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", power="off")
    await powered(simulator, on=False)
    assert await visit.capture() is FaceFault.NO_CAMERA
    write_state(tmp_path / "camera.json", power="on")
    await powered(simulator, on=True)
    assert isinstance(await visit.capture(), FaceCapture)


def stream_that_stalls(frames: int) -> tuple[socket.socket, threading.Thread]:
    """A server that sends so many frames and then nothing, without closing."""
    jpeg = cv2.imencode(".jpg", picture(Scene.FAR, 0))[1].tobytes()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            if frames:
                kind = b"multipart/x-mixed-replace; boundary=frame"
                connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: " + kind + b"\r\n\r\n")
            for _ in range(frames):
                length = str(len(jpeg)).encode()
                head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + length
                connection.sendall(head + b"\r\n\r\n" + jpeg + b"\r\n")
                time.sleep(0.05)
            connection.recv(4096)  # until the other side gives up

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return server, thread


@pytest.mark.parametrize("frames", [0, 6])
async def test_a_camera_that_falls_silent_is_no_camera(of_source: type[Visit], frames: int) -> None:
    server, thread = stream_that_stalls(frames)
    visit = of_source(f"http://127.0.0.1:{server.getsockname()[1]}/")
    try:
        assert await visit.capture(60) is FaceFault.NO_CAMERA
        assert bool(visit.hints) is bool(frames)
        await asyncio.to_thread(thread.join, BOUND)
        assert not thread.is_alive()  # the connection was let go
    finally:
        server.close()


async def test_a_camera_that_hangs_is_given_up_and_not_opened_twice(
    tmp_path: Path, of_source: type[Visit]
) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)  # whoever opens it hangs until somebody writes
    visit = of_source(str(pipe))
    try:
        assert await visit.capture(60) is FaceFault.NO_CAMERA
        assert await visit.capture(60) is FaceFault.NO_CAMERA
        assert len(grabbers()) == 1
        assert (await visit.camera.status()).state is DeviceState.HARDWARE_ERROR
    finally:
        while grabbers():
            with contextlib.suppress(OSError):  # nobody reads at this moment
                os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "source",
    ["97", "/dev/video97", "no/such/film.mp4", "no/such/picture.png", "http://127.0.0.1:1/x",
     "rtsp://127.0.0.1:1/x", "http://", "nonsense://x", ""],
)  # fmt: skip
async def test_a_source_that_cannot_be_opened_is_no_camera_and_prints_nothing(
    source: str, of_source: type[Visit], capfd: pytest.CaptureFixture[str]
) -> None:
    assert await of_source(source).capture(5) is FaceFault.NO_CAMERA
    assert capfd.readouterr() == ("", "")


async def test_an_address_without_a_stream_is_no_camera_and_prints_nothing(
    simulator: CameraSimulator, of_source: type[Visit], capfd: pytest.CaptureFixture[str]
) -> None:
    visit = of_source(f"http://127.0.0.1:{simulator.port}/elsewhere")
    assert await visit.capture(5) is FaceFault.NO_CAMERA
    assert capfd.readouterr() == ("", "")


async def test_a_file_of_rubbish_is_no_camera_and_prints_nothing(
    tmp_path: Path, of_source: type[Visit], capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("rubbish.png", "rubbish.mp4"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 40)
        assert await of_source(str(tmp_path / name)).capture(5) is FaceFault.NO_CAMERA
    assert capfd.readouterr() == ("", "")


# ---- Letting go ------------------------------------------------------------------------------


async def test_cancelling_wipes_at_once_and_the_next_capture_works(
    visit: Visit, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    running = asyncio.create_task(visit.capture(60))
    await visit.wait_for(FaceHint.CLOSER)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    wiped, frame = visit.slot.newest()
    assert frame is None
    told = len(visit.hints)
    await released()
    assert visit.slot.newest() == (wiped, None)
    assert len(visit.hints) == told
    write_state(tmp_path / "camera.json", scene="face")
    assert isinstance(await visit.capture(), FaceCapture)


async def test_a_second_capture_right_after_a_cancelled_one_waits_for_the_camera(
    visit: Visit,
) -> None:
    for _ in range(5):
        running = asyncio.create_task(visit.capture(60))
        await asyncio.sleep(0.05)
        running.cancel()
    assert isinstance(await visit.capture(), FaceCapture)


async def test_closing_ends_a_running_capture(visit: Visit, tmp_path: Path) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    running = asyncio.create_task(visit.capture(60))
    await visit.wait_for(FaceHint.CLOSER)
    await visit.camera.close()
    assert isinstance(await running, FaceFault)
    await released()


async def test_the_loop_is_free_while_the_camera_works(visit: Visit) -> None:
    running = asyncio.create_task(visit.capture())
    turns = 0
    while not running.done():
        await asyncio.sleep(0)
        turns += 1
    assert isinstance(await running, FaceCapture)
    assert turns > 1000


# ---- Files -----------------------------------------------------------------------------------


async def test_a_picture_file_is_a_camera(tmp_path: Path, of_source: type[Visit]) -> None:
    cv2.imwrite(str(tmp_path / "face.jpg"), picture(Scene.FACE, 0))
    assert isinstance(await of_source(str(tmp_path / "face.jpg")).capture(), FaceCapture)


async def test_a_film_plays_over_and_over(tmp_path: Path, of_source: type[Visit]) -> None:
    film = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 15, (640, 480))
    for index in range(5):  # shorter than a capture takes
        writer.write(picture(Scene.FACE, index / 15))
    writer.release()
    visit = of_source(str(film))
    assert isinstance(await visit.capture(), FaceCapture)
    await released()
    held = [link for link in Path("/proc/self/fd").iterdir() if link.exists()]
    assert film not in {link.resolve() for link in held}


# ---- Status ----------------------------------------------------------------------------------


async def test_a_camera_that_is_there_is_online_and_busy_during_a_capture(
    visit: Visit, tmp_path: Path
) -> None:
    write_state(tmp_path / "camera.json", scene="far")
    assert (await visit.camera.status()).state is DeviceState.ONLINE
    running = asyncio.create_task(visit.capture(60))
    await visit.wait_for(FaceHint.CLOSER)
    busy = await visit.camera.status()
    assert (busy.device, busy.state, busy.usable) == ("camera", DeviceState.BUSY, True)
    running.cancel()
    await asyncio.wait([running])
    assert (await visit.camera.status()).state is DeviceState.ONLINE


async def test_a_camera_is_missed_only_after_three_looks(
    visit: Visit, simulator: CameraSimulator, tmp_path: Path
) -> None:
    await visit.camera.status()
    write_state(tmp_path / "camera.json", power="off")
    await powered(simulator, on=False)
    states = [status.state for status in await visit.looks(3)]
    assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.NO_DEVICE]
    write_state(tmp_path / "camera.json", power="on")
    await powered(simulator, on=True)
    assert (await visit.camera.status()).state is DeviceState.ONLINE


@pytest.mark.parametrize(
    ("source", "fault"),
    [("97", "not_connected"), ("no/such.mp4", "not_connected"), ("http://", "misnamed"),
     ("http://x:port/", "misnamed"), ("http://127.0.0.1:1/", "not_connected")],
)  # fmt: skip
async def test_an_unknown_camera_is_never_fine(
    source: str, fault: str, of_source: type[Visit]
) -> None:
    statuses = await of_source(source).looks(3)
    assert [status.state for status in statuses[:2]] == [DeviceState.STARTING] * 2
    assert statuses[2].state is DeviceState.NO_DEVICE
    assert statuses[2].fault is not None
    assert statuses[2].fault.code == fault


async def test_a_present_camera_without_a_picture_is_a_hardware_error(
    tmp_path: Path, of_source: type[Visit]
) -> None:
    (tmp_path / "rubbish.mp4").write_bytes(b"rubbish")
    visit = of_source(str(tmp_path / "rubbish.mp4"))
    assert (await visit.camera.status()).state is DeviceState.ONLINE
    assert await visit.capture(5) is FaceFault.NO_CAMERA
    status = await visit.camera.status()
    assert (status.state, status.usable) == (DeviceState.HARDWARE_ERROR, False)


def test_doubt_ends_with_time_with_a_new_plug_or_with_a_picture() -> None:
    now = 0.0
    presence = Presence(lambda: now)

    def state(seen: Look) -> DeviceState:
        return presence.look(seen).state

    assert state(Look.PRESENT) is DeviceState.ONLINE
    presence.gave_pictures(False)
    now += DOUBT_SECONDS - 1
    assert state(Look.PRESENT) is DeviceState.HARDWARE_ERROR
    now += 1
    assert state(Look.PRESENT) is DeviceState.ONLINE
    presence.gave_pictures(False)
    assert state(Look.PRESENT) is DeviceState.HARDWARE_ERROR
    assert state(Look.ABSENT) is DeviceState.HARDWARE_ERROR
    assert state(Look.PRESENT) is DeviceState.ONLINE
    presence.gave_pictures(False)
    presence.gave_pictures(True)
    assert state(Look.PRESENT) is DeviceState.ONLINE
    assert [state(Look.DENIED) for _ in range(3)][-1] is DeviceState.OFFLINE
