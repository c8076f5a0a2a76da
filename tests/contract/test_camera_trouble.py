"""A camera that is away, hangs, falls silent, or is let go too early."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from pathlib import Path

import cv2
import pytest

from camerawork import BOUND, Visit, camera_processes, powered, released
from drivers.camera.pictures import Scene, picture
from drivers.camera.simulator import CameraSimulator
from drivers.statefile import write_state
from kiosk.model import DeviceState, FaceCapture, FaceFault, FaceHint

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


async def test_a_camera_that_hangs_is_killed_and_works_when_it_is_well_again(
    tmp_path: Path, of_source: type[Visit]
) -> None:
    camera = tmp_path / "camera.png"
    os.mkfifo(camera)  # whoever opens it hangs until somebody writes
    visit = of_source(str(camera))
    assert await visit.capture(60) is FaceFault.NO_CAMERA
    assert camera_processes() == []
    status = await visit.camera.status()
    assert (status.state, status.usable) == (DeviceState.HARDWARE_ERROR, False)
    assert status.fault is not None
    assert status.fault.code == "no_picture"
    camera.unlink()
    cv2.imwrite(str(camera), picture(Scene.FACE, 0))
    assert isinstance(await visit.capture(), FaceCapture)


@pytest.mark.parametrize("fault", ["hang", "stop", "garbage", "frozen"])
@pytest.mark.parametrize("when", ["before", "during"])
async def test_a_fault_of_the_stream_is_no_camera_and_the_next_capture_works(
    simulator: CameraSimulator, tmp_path: Path, of_source: type[Visit], fault: str, when: str
) -> None:
    visit = of_source(f"http://127.0.0.1:{simulator.port}/stream.mjpg")
    write_state(tmp_path / "camera.json", scene="far", fault=fault if when == "before" else None)
    await asyncio.sleep(0.1)
    running = asyncio.create_task(visit.capture(60))
    if when == "during":
        await visit.wait_for(FaceHint.CLOSER)
        write_state(tmp_path / "camera.json", fault=fault)
    assert await running is FaceFault.NO_CAMERA
    assert camera_processes() == []
    assert visit.slot.newest()[1] is None
    write_state(tmp_path / "camera.json", scene="face", fault=None)
    await asyncio.sleep(0.1)
    assert isinstance(await visit.capture(), FaceCapture)


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


async def test_after_closing_there_is_no_camera_and_no_process(visit: Visit) -> None:
    await visit.camera.status()
    await visit.camera.close()
    assert (await visit.camera.status()).state is DeviceState.NO_DEVICE
    assert await visit.capture() is FaceFault.NO_CAMERA
    assert camera_processes() == []


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
    assert camera_processes() == []
