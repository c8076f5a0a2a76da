"""The real driver's packs of models, good and broken, and the processes that use them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from drivers.face import desk as desks
from drivers.face import matcher as matchers
from drivers.face.manifest import NAME
from facevisits import BOUND, CAMERA, CHILD, OTHER, Visit, acted, gone, processes, shared
from facework import (
    Person,
    standing,
)
from kiosk.model import DeviceState, FaceDecision, FaceFault, FaceHint

LABEL = "yunet-mobilefacenet 2023.1"


pytestmark = pytest.mark.timeout(180)


# ---- Packs -----------------------------------------------------------------------------------


async def test_without_a_pack_nothing_is_compared_and_nothing_opened(
    before: Callable[..., Visit],
) -> None:
    visit = before(lambda: standing("obama"), "")
    assert await visit.checked() == "none"
    assert not visit.camera.matching
    assert await visit.verify() == FaceDecision(FaceFault.NO_MODEL)
    assert processes(CHILD) == []
    assert visit.hints == []


async def test_a_good_pack_is_ready_after_the_first_status(obama: Visit) -> None:
    assert not obama.camera.matching
    assert await obama.checked() == "ready"
    assert obama.camera.matching
    assert len(processes(CHILD)) == 1


def spoilt(models: Path, folder: Path, how: str) -> Path:
    shutil.copytree(models, folder, symlinks=True)
    manifest = (folder / NAME).read_text()
    changes = {
        "wrong_hash": ('sha256 = "b7', 'sha256 = "a7'),
        "wrong_shape": ("dimension = 128", "dimension = 64"),
        "unknown_kind": ('"embedding"', '"magic"'),
        "unsafe_path": ('"mobilefacenet', '"../mobilefacenet'),
        "not_readable": ("[thresholds]", "[[[["),
    }
    (folder / NAME).write_text(manifest.replace(*changes[how]))
    return folder


@pytest.mark.parametrize(
    "how", ["wrong_hash", "wrong_shape", "unknown_kind", "unsafe_path", "not_readable"]
)
async def test_a_broken_pack_costs_the_comparison_and_not_the_camera(
    before: Callable[..., Visit], models: Path, tmp_path: Path, how: str
) -> None:
    visit = before(lambda: standing("obama"), spoilt(models, tmp_path / "pack", how))
    with capture_logs() as lines:
        assert await visit.checked() == how
        await visit.camera.status()
    status = await visit.camera.status()
    assert (status.state, status.readings) == (DeviceState.ONLINE, {"face_models": how})
    assert not visit.camera.matching
    assert (await visit.verify()).fault is FaceFault.NO_MODEL
    told = [line for line in lines if line["event"] == "face_models"]
    assert [line["state"] for line in told] == [how]
    await gone(CHILD)


async def test_a_pack_that_is_put_right_is_used_without_a_restart(
    before: Callable[..., Visit], models: Path, tmp_path: Path
) -> None:
    folder = spoilt(models, tmp_path / "pack", "wrong_hash")
    visit = acted(before, Person("obama"), pack_folder=folder)
    assert await visit.checked() == "wrong_hash"
    shutil.copy(models / NAME, tmp_path / "new.toml")
    (tmp_path / "new.toml").replace(folder / NAME)
    assert await visit.checked() == "ready"
    assert (await visit.verify()).fault is None
    shutil.rmtree(folder)
    assert await visit.checked() == "not_found"


# ---- Processes -------------------------------------------------------------------------------


async def test_a_process_waits_ready_and_serves_one_person_only(obama: Visit) -> None:
    await obama.checked()
    [waiting] = processes(CHILD)
    await obama.camera.status()
    assert processes(CHILD) == [waiting]
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    assert processes(CHILD) == [waiting]
    assert (await running).fault is None
    assert processes(CHILD) == []
    await obama.checked()
    async with asyncio.timeout(BOUND):
        while not processes(CHILD):
            await obama.camera.status()
    assert waiting not in processes(CHILD)


async def test_none_waits_where_the_settings_say_so(before: Callable[..., Visit]) -> None:
    visit = acted(before, Person("obama"), keep_ready=False)
    assert await visit.checked() == "ready"
    assert processes(CHILD, CAMERA) == []
    assert (await visit.verify()).fault is None
    await gone()


async def test_a_waiting_process_that_dies_is_replaced(obama: Visit) -> None:
    await obama.checked()
    [waiting] = processes(CHILD)
    killed(waiting)
    assert (await obama.verify()).fault is None
    async with asyncio.timeout(BOUND):
        while not processes(CHILD):
            await obama.camera.status()
            await asyncio.sleep(0.05)
    assert obama.camera.matching


async def test_a_process_that_is_killed_in_the_middle_is_no_model(obama: Visit) -> None:
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    [child] = processes(CHILD)
    os.kill(child, signal.SIGKILL)
    assert await running == FaceDecision(FaceFault.NO_MODEL, LABEL)
    assert obama.slot.newest()[1] is None
    assert shared() == []
    assert (await obama.verify()).fault is None


async def test_a_process_that_is_stopped_in_the_middle_is_given_up(
    obama: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matchers, "ANSWER_SECONDS", 2.0)
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    [child] = processes(CHILD)
    os.kill(child, signal.SIGSTOP)
    stopped, serial = time.monotonic(), obama.slot.newest()[0]
    assert (await running).fault is FaceFault.NO_MODEL
    assert time.monotonic() - stopped < 2 + BOUND / 4
    assert obama.slot.newest()[0] > serial + 5  # the mirror went on
    await gone(CHILD)


@pytest.mark.parametrize(
    ("entry", "bound"),
    [
        ("hangs_before_it_loads", 2), ("dies_before_it_loads", 0), ("hangs_over_a_picture", 2),
        ("dies_over_a_picture", 0), ("talks_nonsense", 0), ("says_it_loaded_again", 0),
    ],
)  # fmt: skip
async def test_a_process_that_fails_is_no_model_in_bounded_time(
    obama: Visit, monkeypatch: pytest.MonkeyPatch, entry: str, bound: float
) -> None:
    await obama.checked()
    for waiting in processes(CHILD):
        killed(waiting)
    monkeypatch.setattr(matchers, "ANSWER_SECONDS", 2.0)
    monkeypatch.setattr(matchers, "LOAD_SECONDS", 2.0)
    other = partial(matchers.Matcher, entry=f"facesources:{entry}")
    monkeypatch.setattr(desks, "Matcher", other)
    begun = time.monotonic()
    assert (await obama.verify(seconds=60)).fault is FaceFault.NO_MODEL
    assert bound <= time.monotonic() - begun < bound + BOUND / 2
    assert processes(OTHER) == []
    assert obama.slot.newest()[1] is None


@pytest.mark.parametrize("entry", ["hangs_before_it_loads", "dies_before_it_loads"])
async def test_a_check_that_fails_is_told_and_tried_again(
    obama: Visit, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.setattr(matchers, "LOAD_SECONDS", 2.0)
    monkeypatch.setattr(desks, "CHECK_SECONDS", 0.2)
    good = desks.Matcher
    monkeypatch.setattr(desks, "Matcher", partial(good, entry=f"facesources:{entry}"))
    assert await obama.checked() == "crashed"
    assert not obama.camera.matching
    assert (await obama.camera.status()).state is DeviceState.ONLINE
    await gone(OTHER)
    monkeypatch.setattr(matchers, "LOAD_SECONDS", BOUND)
    monkeypatch.setattr(desks, "Matcher", good)
    async with asyncio.timeout(BOUND):
        while await obama.checked() != "ready":
            await asyncio.sleep(0.05)


def killed(pid: int) -> None:
    """Dead, and not yet buried by its parent. A process that is ending has no name in /proc."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


async def test_the_process_dies_with_its_parent(models: Path) -> None:
    made = matchers.Matcher(models)
    try:
        assert made.loaded(BOUND) is not None
        os.close(made._process._lifeline)  # as the kernel does when the parent ends
        made._process._lifeline = -1
        async with asyncio.timeout(BOUND):
            while made.alive:
                await asyncio.sleep(0.02)
    finally:
        made.end()
