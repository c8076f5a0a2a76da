"""The document camera's driver on a simulated camera's stream."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.camera.status import CameraFault
from drivers.doccam.pictures import STAGES, Scene, picture
from drivers.doccam.simulator import DocumentCameraSimulator, shots
from drivers.doccam.status import FAULTS
from drivers.doccam.transport import OpenCvDocumentCamera
from drivers.mjpeg import PATH
from drivers.options import Site
from drivers.registry import find
from drivers.scanner.codes import codes
from drivers.statefile import write_state
from kiosk.model import Code, DeviceState, Page, PageHint, ScanFault

BOUND = 20.0  # seconds: far more than any of this should take


class Plate:
    """A camera with its simulator's state, and the hints that were told."""

    def __init__(self, folder: Path, source: str) -> None:
        self._state = folder / "doccam.json"
        self.site = Site()
        options = OpenCvDocumentCamera.Options(source=source, rate=12)
        self.camera = OpenCvDocumentCamera.build(options, self.site)
        self.hints: list[PageHint] = []

    async def lay(self, scene: Scene, **more: Any) -> None:
        shots(scene)
        write_state(self._state, scene=scene.value, **more)
        await asyncio.sleep(0.2)

    async def capture(self, seconds: float = 15) -> Page | ScanFault:
        self.hints.clear()
        async with asyncio.timeout(BOUND):
            return await self.camera.capture(self.hints.append, seconds)

    async def told(self, hint: PageHint) -> None:
        async with asyncio.timeout(BOUND):
            while hint not in self.hints:
                await asyncio.sleep(0.02)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[DocumentCameraSimulator]:
    simulator = DocumentCameraSimulator(tmp_path)
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
async def plate(simulator: DocumentCameraSimulator, tmp_path: Path) -> AsyncIterator[Plate]:
    plate = Plate(tmp_path, f"http://127.0.0.1:{simulator.port}{PATH}")
    yield plate
    await plate.camera.close()


async def powered(simulator: DocumentCameraSimulator, *, on: bool) -> None:
    async with asyncio.timeout(BOUND):
        while True:
            with socket.socket() as probe:
                if (probe.connect_ex(("127.0.0.1", simulator.port)) == 0) is on:
                    return
            await asyncio.sleep(0.02)


# ---- Pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", [Scene.PAGE, Scene.UPSIDE_DOWN])
async def test_a_page_is_captured_flat_and_upright(plate: Plate, scene: Scene) -> None:
    await plate.lay(scene)
    page = await plate.capture()
    assert isinstance(page, Page)
    assert page.height / page.width == pytest.approx(2**0.5, rel=0.01)
    flat = np.asarray(cv2.imdecode(np.frombuffer(page.jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    assert flat.shape == (page.height, page.width, 3)
    assert codes(flat) == [Code("qr", "KC1:SAMPLE-CERTIFICATE-000042")]
    code = flat[round(0.68 * page.height) : round(0.78 * page.height), : round(0.28 * page.width)]
    assert code.mean() < flat.mean() - 20  # the QR code is at the lower left
    assert plate.hints[-2:] == [PageHint.HOLD_STILL, PageHint.CAPTURED]


async def test_a_card_keeps_its_proportion(plate: Plate) -> None:
    await plate.lay(Scene.CARD)
    page = await plate.capture()
    assert isinstance(page, Page)
    assert page.width / page.height == pytest.approx(85.6 / 53.98, rel=0.01)


@pytest.mark.parametrize(
    ("scene", "hint"),
    [
        (Scene.NONE, PageHint.SEARCHING),
        (Scene.CUT, PageHint.WHOLE),
        (Scene.TWO, PageHint.ONE_PAGE),
        (Scene.BLURRED, PageHint.BLURRED),
        (Scene.GLARE, PageHint.GLARE),
        (Scene.DARK, PageHint.TOO_DARK),
    ],
)
async def test_a_person_is_told_what_is_wrong_and_then_captured(
    plate: Plate, scene: Scene, hint: PageHint
) -> None:
    await plate.lay(scene)
    running = asyncio.create_task(plate.capture())
    await plate.told(hint)
    await plate.lay(Scene.PAGE)
    assert isinstance(await running, Page)


async def test_pages_become_one_file(plate: Plate) -> None:
    await plate.lay(Scene.CARD)
    page = await plate.capture()
    assert isinstance(page, Page)
    made = await plate.camera.bind([page] * 3, 200_000)
    assert isinstance(made, bytes)
    assert made.startswith(b"%PDF-")
    assert await plate.camera.bind([page] * 3, 2_000) is ScanFault.TOO_LONG
    await plate.camera.close()
    assert await plate.camera.bind([page], 10**6) is ScanFault.NO_SCANNER


# ---- Ends ------------------------------------------------------------------------------------


async def test_without_a_page_a_capture_ends_in_its_time_and_leaves_no_picture(
    plate: Plate,
) -> None:
    assert await plate.capture(1.5) is ScanFault.TIMED_OUT
    assert plate.site.frames.newest()[1] is None


async def test_the_plate_is_shown_meanwhile_and_a_cancelled_capture_wipes_it(plate: Plate) -> None:
    running = asyncio.create_task(plate.capture())
    async with asyncio.timeout(BOUND):
        while plate.site.frames.newest()[1] is None:
            await asyncio.sleep(0.02)
        assert (await plate.camera.status()).state is DeviceState.BUSY
        running.cancel()
        await asyncio.wait([running])
        told = len(plate.hints)
        await plate.lay(Scene.PAGE)
        assert plate.site.frames.newest()[1] is None
        assert (await plate.camera.status()).usable
    assert len(plate.hints) == told
    assert isinstance(await plate.capture(), Page)


async def test_closing_ends_a_capture(plate: Plate) -> None:
    running = asyncio.create_task(plate.capture(60))
    await plate.told(PageHint.SEARCHING)
    async with asyncio.timeout(BOUND):
        await plate.camera.close()
        assert await running is ScanFault.NO_SCANNER
    assert not (await plate.camera.status()).usable
    assert await plate.capture() is ScanFault.NO_SCANNER


async def test_one_capture_at_a_time(plate: Plate) -> None:
    first = asyncio.create_task(plate.camera.capture(plate.hints.append, 15))
    await plate.told(PageHint.SEARCHING)
    assert await plate.camera.capture(lambda _hint: None, 0.2) is ScanFault.TIMED_OUT
    await plate.lay(Scene.PAGE)
    assert isinstance(await first, Page)


# ---- Trouble ---------------------------------------------------------------------------------


async def test_a_camera_without_power_is_no_scanner_and_captures_again_once_it_is_back(
    plate: Plate, simulator: DocumentCameraSimulator
) -> None:
    await plate.lay(Scene.CARD, power="off")
    await powered(simulator, on=False)
    assert await plate.capture() is ScanFault.NO_SCANNER
    await plate.lay(Scene.CARD, power="on")
    await powered(simulator, on=True)
    assert (await plate.camera.status()).usable
    assert isinstance(await plate.capture(), Page)


@pytest.mark.parametrize("fault", ["stop", "hang", "garbage"])
async def test_a_stream_that_fails_in_a_capture_is_no_scanner_and_a_fault(
    plate: Plate, fault: str
) -> None:
    running = asyncio.create_task(plate.capture(60))
    await plate.told(PageHint.SEARCHING)
    await plate.lay(Scene.NONE, fault=fault)
    assert await running is ScanFault.NO_SCANNER
    status = await plate.camera.status()
    assert status.device == "doccam"
    assert status.fault is not None
    assert status.fault.code == CameraFault.NO_PICTURE


async def test_a_camera_is_missed_only_after_three_looks(
    plate: Plate, simulator: DocumentCameraSimulator
) -> None:
    assert (await plate.camera.status()).state is DeviceState.ONLINE
    await plate.lay(Scene.NONE, power="off")
    await powered(simulator, on=False)
    states = [(await plate.camera.status()).state for _ in range(3)]
    assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.NO_DEVICE]


@pytest.mark.parametrize(
    ("source", "code"), [("97", "not_connected"), ("http://", "misnamed"), ("x.png", "no_picture")]
)
async def test_a_source_that_can_not_be_says_why(
    source: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.png").write_bytes(b"rubbish")
    plate = Plate(tmp_path, source)
    assert await plate.capture(5) is ScanFault.NO_SCANNER
    status = [await plate.camera.status() for _ in range(3)][-1]
    await plate.camera.close()
    assert status.fault is not None
    assert (status.device, status.fault.code, status.usable) == ("doccam", code, False)
    assert status.fault.action is FAULTS[code]


async def test_a_picture_file_is_a_camera_and_may_be_mounted_turned(tmp_path: Path) -> None:
    seen = picture(STAGES[Scene.TILTED], 1)[0]
    cv2.imwrite(str(tmp_path / "plate.png"), np.ascontiguousarray(np.rot90(seen, -1)))
    options = OpenCvDocumentCamera.Options(source=str(tmp_path / "plate.png"), turned=90)
    camera = OpenCvDocumentCamera.build(options, Site())
    async with asyncio.timeout(BOUND):
        page = await camera.capture(lambda _hint: None, 15)
    await camera.close()
    assert isinstance(page, Page)
    assert page.height > page.width


# ---- Rules -----------------------------------------------------------------------------------


async def test_nothing_of_a_page_shows_in_results_or_logs(
    plate: Plate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    await plate.lay(Scene.CARD)
    page = await plate.capture()
    assert len(repr(page)) < 100
    assert "SAMPLE" not in repr(page) + caplog.text


def test_the_registry_finds_it_and_every_option_is_described() -> None:
    driver: object = find("doccam.opencv")
    assert driver is OpenCvDocumentCamera
    assert all(field.description for field in OpenCvDocumentCamera.Options.model_fields.values())
    assert set(FAULTS) == set(CameraFault)
