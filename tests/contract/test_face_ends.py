"""The real driver's way out: cancelled, closed, a camera that goes, and nothing in the logs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from drivers.mjpeg import FROZEN
from facevisits import BOUND, CAMERA, CHILD, Visit, acted, gone, processes, shared
from facework import (
    FARTHEST,
    Person,
    Stage,
)
from kiosk.model import DeviceState, FaceDecision, FaceFault, FaceHint

LABEL = "yunet-mobilefacenet 2023.1"


pytestmark = pytest.mark.timeout(180)


# ---- The way out -----------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["at once", "while it is looked", "in a gesture"])
async def test_cancelling_leaves_no_process_no_picture_and_no_hint(obama: Visit, when: str) -> None:
    await obama.checked()
    obama.hears = lambda _hint: None
    running = asyncio.create_task(obama.verify())
    await {
        "at once": lambda: asyncio.sleep(0.01),
        "while it is looked": lambda: obama.wait_for(FaceHint.HOLD_STILL),
        "in a gesture": lambda: obama.wait_for(*FARTHEST),
    }[when]()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert obama.slot.newest()[1] is None
    told = len(obama.hints)
    async with asyncio.timeout(BOUND):
        while shared() or len(processes(CAMERA)) > 1:
            await asyncio.sleep(0.02)
    assert len(obama.hints) == told
    assert obama.slot.newest()[1] is None


async def test_after_a_cancelled_one_the_next_passes(before: Callable[..., Visit]) -> None:
    person = Person("obama")
    visit = acted(before, person)
    for _ in range(3):
        running = asyncio.create_task(visit.verify())
        await asyncio.sleep(0.1)
        running.cancel()
        await asyncio.wait([running])
    assert (await visit.verify()).fault is None


async def test_closing_ends_a_running_comparison(obama: Visit) -> None:
    obama.hears = lambda _hint: None
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    await obama.camera.close()
    assert (await running).fault is FaceFault.NO_CAMERA
    await gone()
    assert (await obama.verify()).fault in {FaceFault.NO_CAMERA, FaceFault.NO_MODEL}
    assert (await obama.camera.status()).state is DeviceState.NO_DEVICE
    assert processes(CHILD, CAMERA) == []


# ---- The camera ------------------------------------------------------------------------------


async def test_a_camera_that_is_unplugged_in_the_middle_is_no_camera(models: Path) -> None:
    stage = Stage(Person("obama").picture)
    visit = Visit(stage.url, models)
    try:
        running = asyncio.create_task(visit.verify())
        await visit.wait_for(FaceHint.HOLD_STILL)
        stage.stop()
        assert await running == FaceDecision(FaceFault.NO_CAMERA, LABEL)
        assert processes(CHILD) == []
    finally:
        await visit.camera.close()
        await gone()


async def test_a_camera_that_freezes_in_the_middle_is_no_camera(models: Path) -> None:
    fault: list[str | None] = [None]
    stage = Stage(Person("obama").picture, fault=lambda: fault[0])
    visit = Visit(stage.url, models)
    try:
        running = asyncio.create_task(visit.verify())
        await visit.wait_for(FaceHint.HOLD_STILL)
        fault[0] = FROZEN
        assert (await running).fault is FaceFault.NO_CAMERA
        assert (await visit.camera.status()).fault is not None
    finally:
        await visit.camera.close()
        stage.stop()
        await gone()


async def test_no_camera_is_no_camera(models: Path) -> None:
    visit = Visit("97", models)
    assert (await visit.verify()).fault is FaceFault.NO_CAMERA
    await visit.camera.close()
    await gone()


async def test_status_is_busy_and_tells_of_the_pack_meanwhile(obama: Visit) -> None:
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    status = await obama.camera.status()
    assert (status.state, status.readings) == (DeviceState.BUSY, {"face_models": "ready"})
    assert (await running).fault is None


async def test_nothing_of_a_person_is_logged(obama: Visit) -> None:
    with capture_logs() as lines:
        await obama.camera.status()
        decision = await obama.verify()
    allowed = {"event", "state", "pack", "about", "log_level"}
    assert all(set(line) <= allowed for line in lines)
    assert "bgr" not in repr(decision)
    assert len(repr(decision)) < 400
