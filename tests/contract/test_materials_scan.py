"""A visit's scan step with the real driver on a simulated document camera."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import fakes
from drivers.doccam.pictures import Scene
from drivers.doccam.simulator import DocumentCameraSimulator, shots
from drivers.doccam.transport import OpenCvDocumentCamera
from drivers.mjpeg import PATH
from drivers.options import Site
from drivers.statefile import write_state
from fakes import Bench
from kiosk import events as e
from kiosk.model import DeviceState, DeviceStatus, PageHint
from kiosk.session.terminal import Limits
from kiosk.view import MaterialsBody, QuestionBody, ScanBody, State

ANSWERS = {
    "address_unit": "3-502", "moved_in": "2024-05-01", "reason": "work", "phone": "13800138000",
}  # fmt: skip


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A terminal of fakes but for its document camera."""
    for scene in (Scene.NONE, Scene.DARK, Scene.CUT, Scene.PAGE):
        shots(scene)  # painted before anybody waits for it
    simulator = DocumentCameraSimulator(tmp_path)
    simulator.start()
    made = fakes.bench(tmp_path / "terminal", Limits(ack=0.1, decision=0.1, poll=0.01, thanks=1))
    devices = made.terminal.devices
    options = OpenCvDocumentCamera.Options(
        source=f"http://127.0.0.1:{simulator.port}{PATH}", rate=8
    )
    camera = OpenCvDocumentCamera.build(options, Site(devices.frames))
    devices.beside = {"doccam": camera}
    made.terminal.condition.statuses["doccam"] = DeviceStatus("doccam", DeviceState.ONLINE)
    task = asyncio.create_task(made.engine.run())
    await asyncio.sleep(0)
    made.post(e.ServiceRestored())
    await made.until(State.ATTRACT)
    yield made
    await made.engine.stop()
    task.cancel()
    await camera.close()
    simulator.stop()


async def to_scan(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await bench.until(State.QUESTION)
    for name, value in ANSWERS.items():
        bench.post(e.Answered(name, value))
    await bench.until(State.MATERIALS)
    bench.post(e.MaterialOpened("residence_proof"), e.MaterialWayChosen("scan"))
    await bench.until(State.SCAN)


async def until(bench: Bench, phase: str, hint: PageHint | None = None) -> ScanBody:
    async with asyncio.timeout(30):
        while True:
            body = bench.view.body
            if isinstance(body, ScanBody) and body.phase == phase and hint in (None, body.hint):
                return body
            await asyncio.sleep(0.02)


@pytest.mark.timeout(120)
async def test_two_pages_are_scanned_by_a_camera_that_is_shown_bad_ones_first(
    bench: Bench, tmp_path: Path
) -> None:
    plate = tmp_path / "doccam.json"
    assert not isinstance(bench.view.body, QuestionBody)
    await to_scan(bench)
    write_state(plate, scene=Scene.DARK.value)
    await until(bench, "watching", PageHint.TOO_DARK)
    assert bench.terminal.devices.frames.newest()[1] is not None, "what the camera sees is shown"
    write_state(plate, scene=Scene.CUT.value)
    await until(bench, "watching", PageHint.WHOLE)
    write_state(plate, scene=Scene.PAGE.value)
    await until(bench, "review")
    frame = bench.terminal.devices.frames.newest()[1]
    assert frame is not None
    width, height, _ = frame
    assert 1.3 < height / width < 1.5, "the page alone, upright"
    bench.post(e.PageKept())
    await until(bench, "turn")
    bench.post(e.PageLaid())
    await until(bench, "review")
    vault = bench.engine.visit.vault
    bench.post(e.PageKept())
    body = (await bench.until(State.MATERIALS)).body
    assert isinstance(body, MaterialsBody)
    assert body.done
    scans = vault.scans["residence_proof"]
    assert vault.given["residence_proof"].pages == [
        hashlib.sha256(scan.jpeg).hexdigest() for scan in scans
    ]
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert all(set(scan.jpeg) == {0} for scan in scans)
    assert bench.terminal.devices.frames.newest()[1] is None


@pytest.mark.timeout(120)
async def test_going_back_lets_the_camera_go_and_its_picture(bench: Bench, tmp_path: Path) -> None:
    await to_scan(bench)
    write_state(tmp_path / "doccam.json", scene=Scene.CUT.value)
    await until(bench, "watching", PageHint.WHOLE)
    bench.post(e.WentBack())
    await bench.until(State.MATERIALS)
    async with asyncio.timeout(60):
        while (await bench.terminal.devices.beside["doccam"].status()).state is DeviceState.BUSY:
            await asyncio.sleep(0.02)
    assert bench.terminal.devices.frames.newest()[1] is None
