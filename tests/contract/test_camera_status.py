"""What a camera's status says, and how sure it must be."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from camerawork import Visit, camera_processes, powered
from drivers.camera.process import ProcessGrabber
from drivers.camera.simulator import CameraSimulator
from drivers.camera.status import DOUBT_SECONDS, FAULTS, Look, Presence
from drivers.statefile import write_state
from kiosk.model import DeviceState, FaceFault, FaceHint, Fault, FaultAction

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
    ("source", "code"),
    [("97", "not_connected"), ("no/such.mp4", "not_connected"), ("http://", "misnamed"),
     ("http://x:port/", "misnamed"), ("http://127.0.0.1:1/", "not_connected")],
)  # fmt: skip
async def test_an_unknown_camera_is_never_fine(
    source: str, code: str, of_source: type[Visit]
) -> None:
    statuses = await of_source(source).looks(3)
    assert [status.state for status in statuses[:2]] == [DeviceState.STARTING] * 2
    assert statuses[2].state is DeviceState.NO_DEVICE
    assert statuses[2].fault is not None
    assert statuses[2].fault == Fault(code, FAULTS[code])


async def test_a_present_camera_without_a_picture_is_a_hardware_error(
    tmp_path: Path, of_source: type[Visit]
) -> None:
    (tmp_path / "rubbish.mp4").write_bytes(b"rubbish")
    visit = of_source(str(tmp_path / "rubbish.mp4"))
    assert (await visit.camera.status()).state is DeviceState.ONLINE
    assert await visit.capture(5) is FaceFault.NO_CAMERA
    status = await visit.camera.status()
    assert (status.state, status.usable) == (DeviceState.HARDWARE_ERROR, False)


async def test_a_camera_that_may_not_be_opened_is_denied(
    tmp_path: Path, of_source: type[Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "camera.png").write_bytes(b"")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may open everything
    status = (await of_source(str(tmp_path / "camera.png")).looks(3))[-1]
    assert status.state is DeviceState.OFFLINE
    assert status.fault == Fault("denied", FaultAction.CONFIGURATION)


@pytest.mark.parametrize(
    ("opener", "code"),
    [("ends", "no_picture"), ("cv_error_in_read", "no_picture"), ("grey", "no_picture"),
     ("hangs_in_read", "no_picture"), ("aborts_in_open", "process_failed"),
     ("crashes_in_read", "process_failed"), ("fails_in_open", "process_failed")],
)  # fmt: skip
async def test_a_failed_capture_leaves_its_reason(
    tmp_path: Path, of_source: type[Visit], opener: str, code: str
) -> None:
    (tmp_path / "there").touch()
    visit = of_source(
        str(tmp_path / "there"), partial(ProcessGrabber, opener=f"camerasources:{opener}")
    )
    assert await visit.capture(20) is FaceFault.NO_CAMERA
    assert camera_processes() == []
    status = await visit.camera.status()
    assert (status.state, status.usable) == (DeviceState.HARDWARE_ERROR, False)
    assert status.fault is not None
    assert (status.fault.code, status.fault.action) == (code, FAULTS[code])


async def test_pictures_that_are_too_large_are_a_matter_of_settings(
    tmp_path: Path, of_source: type[Visit]
) -> None:
    cv2.imwrite(str(tmp_path / "huge.png"), np.zeros((4000, 4000, 3), np.uint8))
    visit = of_source(str(tmp_path / "huge.png"))
    assert await visit.capture(20) is FaceFault.NO_CAMERA
    status = await visit.camera.status()
    assert status.fault == Fault("too_large", FaultAction.CONFIGURATION, "too_large")


def test_doubt_ends_with_time_with_a_new_plug_or_with_a_picture() -> None:
    now = 0.0
    presence = Presence(lambda: now)

    def state(seen: Look) -> DeviceState:
        return presence.look(seen).state

    assert state(Look.PRESENT) is DeviceState.ONLINE
    presence.gave_none(None)
    now += DOUBT_SECONDS - 1
    assert state(Look.PRESENT) is DeviceState.HARDWARE_ERROR
    now += 1
    assert state(Look.PRESENT) is DeviceState.ONLINE
    presence.gave_none(None)
    assert state(Look.PRESENT) is DeviceState.HARDWARE_ERROR
    assert state(Look.ABSENT) is DeviceState.HARDWARE_ERROR
    assert state(Look.PRESENT) is DeviceState.ONLINE
    presence.gave_none(None)
    presence.gave_pictures(1)
    assert state(Look.PRESENT) is DeviceState.ONLINE
    assert [state(Look.DENIED) for _ in range(3)][-1] is DeviceState.OFFLINE
