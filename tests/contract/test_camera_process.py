"""The camera's process for real: sources that hang, crash, vanish; memory that is shared."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from camerawork import BOUND, Visit, camera_processes, dead, until
from drivers.camera.process import End, Mode, ProcessGrabber, camera_process
from kiosk.model import DeviceState, FaceFault

SMALL = Mode(64, 48, rate=1000, view=(32, 32), largest=64 * 48, open_seconds=1, read_seconds=0.5)


def grabber(opener: str, mode: Mode = SMALL, source: str = "") -> ProcessGrabber:
    return ProcessGrabber(source, mode, opener=f"camerasources:{opener}")


@pytest.fixture
def endless() -> Iterator[ProcessGrabber]:
    running = grabber("endless")
    running.start()
    yield running
    running.halt()
    assert running.released(BOUND)


def drained(running: ProcessGrabber) -> int:
    """Take pictures until the end; how many there were."""
    count, until = 0, time.monotonic() + BOUND
    while not running.ended and time.monotonic() < until:
        count += running.take(0.1) is not None
    return count


# ---- Ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opener", "end", "pictures"),
    [
        ("hangs_in_open", End.SILENT, False),
        ("hangs_in_read", End.SILENT, True),
        ("aborts_in_open", End.CRASHED, False),
        ("crashes_in_read", End.CRASHED, True),
        ("fails_in_open", End.CRASHED, False),
        ("no_such_opener", End.CRASHED, False),
        ("ends", End.NO_MORE, True),
        ("cv_error_in_read", End.NO_MORE, True),
        ("grows", End.NO_MORE, True),
        ("grey", End.NO_MORE, False),
    ],
)
def test_every_end_is_told_apart_and_leaves_no_process(
    opener: str, end: End, pictures: bool
) -> None:
    running = grabber(opener)
    running.start()
    pid = running.pid
    assert bool(drained(running)) is pictures
    assert running.end is end
    assert running.released(BOUND)
    assert pid is not None
    assert dead(pid, 0.1)
    assert running.take(0) is None
    assert running.still() is None
    running.halt()
    assert running.end is end


def test_a_picture_beyond_the_largest_is_refused() -> None:
    running = grabber("endless", Mode(65, 48, largest=64 * 48))
    running.start()
    assert drained(running) == 0
    assert running.end is End.TOO_LARGE
    assert running.released(BOUND)


def test_a_process_that_cannot_be_started_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    running = grabber("endless")
    running.start()
    assert running.take(1) is None
    assert running.end is End.CRASHED
    assert running.released(BOUND)


def test_halting_wakes_the_one_who_waits() -> None:
    running = grabber("hangs_in_open", Mode(open_seconds=60))
    running.start()
    taken: list[object] = []
    waiting = threading.Thread(target=lambda: taken.append(running.take(60)))
    waiting.start()
    time.sleep(0.1)
    running.halt()
    waiting.join(BOUND)
    assert taken == [None]
    assert running.end is End.HALTED
    assert running.released(BOUND)
    assert camera_processes() == []


def test_halting_before_the_start_leaves_nothing() -> None:
    running = grabber("endless")
    running.halt()
    assert running.released(BOUND)
    running.start()
    assert running.take(0) is None
    assert camera_processes() == []


async def test_after_a_crash_the_next_capture_works(tmp_path: Path, of_source: type[Visit]) -> None:
    flag = tmp_path / "used"
    make = partial(ProcessGrabber, opener="camerasources:once_then_well")
    visit = of_source(str(flag), make)
    assert await visit.capture(5) is FaceFault.NO_CAMERA
    assert (await visit.camera.status()).state is DeviceState.HARDWARE_ERROR
    assert await visit.capture(2) is FaceFault.TIMED_OUT  # pictures come, of nobody
    assert visit.slot.newest()[0] > 2
    assert (await visit.camera.status()).state is DeviceState.ONLINE


# ---- Pictures --------------------------------------------------------------------------------


def test_pictures_are_whole_and_ever_newer() -> None:
    running = grabber("fast", Mode(640, 480, rate=1000, view=(64, 64), largest=640 * 480))
    running.start()
    seen = []
    for _ in range(150):
        picture = running.take(BOUND)
        assert picture is not None
        assert picture.min() == picture.max()  # not torn
        seen.append(int(picture[0, 0, 0]))
    running.halt()
    assert all(a != b for a, b in pairwise(seen))
    assert running.released(BOUND)


def test_a_look_is_small_and_its_still_is_the_same_picture_in_full(endless: ProcessGrabber) -> None:
    for _ in range(5):
        view = endless.look(BOUND)
        time.sleep(0.06)  # newer ones come: they must not take its place
        still = endless.still()
        assert view is not None
        assert still is not None
        assert (view.shape, still.shape) == ((24, 32, 3), (48, 64, 3))
        assert view[0, 0, 0] == still[0, 0, 0] == still.max() == still.min()


def test_a_slow_taker_gets_the_newest_picture(endless: ProcessGrabber) -> None:
    first = endless.take(BOUND)
    time.sleep(0.5)
    second = endless.take(BOUND)
    assert first is not None
    assert second is not None
    assert int(second[0, 0, 0]) - int(first[0, 0, 0]) > 5


def test_no_more_pictures_are_decoded_than_the_rate_says() -> None:
    running = grabber("endless", Mode(64, 48, rate=10, largest=64 * 48))  # the source gives 50
    running.start()
    levels = [picture[0, 0, 0] for _ in range(8) if (picture := running.take(BOUND)) is not None]
    running.halt()
    assert levels == list(range(1, 9))
    assert running.released(BOUND)


# ---- Memory ----------------------------------------------------------------------------------


def shared_memory() -> set[int]:
    """Descriptors of this process that hold shared pictures."""
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            if "kiosk-pictures" in str(link.readlink()):
                found.add(int(link.name))
        except OSError:
            continue
    return found


def content(handle: int) -> int:
    """How many bytes that are not zero the shared memory holds."""
    size = os.fstat(handle).st_size
    return int(np.count_nonzero(np.frombuffer(os.pread(handle, size, 0), np.uint8)))


@pytest.mark.parametrize("opener", ["endless", "hangs_in_read", "crashes_in_read"])
def test_pictures_are_overwritten_when_the_camera_is_released(opener: str) -> None:
    before = shared_memory()
    running = grabber(opener)
    running.start()
    assert running.look(BOUND) is not None
    kept = os.dup(min(shared_memory() - before))
    assert content(kept) > 64 * 48
    if opener == "endless":
        running.halt()
    else:
        drained(running)
    assert running.released(BOUND)
    assert content(kept) == 0
    os.close(kept)
    assert shared_memory() == before


def test_the_memory_has_no_name_and_cannot_be_shrunk(endless: ProcessGrabber) -> None:
    assert endless.take(BOUND) is not None
    handle = min(shared_memory())
    assert "(deleted)" in str(Path(f"/proc/self/fd/{handle}").readlink())
    with pytest.raises(PermissionError):
        os.ftruncate(handle, 0)


# ---- Processes -------------------------------------------------------------------------------

ORPHAN = """
import sys, time
from drivers.camera.process import Mode, ProcessGrabber
running = ProcessGrabber("", Mode(), opener="camerasources:" + sys.argv[1])
running.start()
running.take(1)
print(running.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("opener", ["endless", "hangs_in_open"])
def test_the_process_dies_with_its_parent_even_while_it_hangs(opener: str) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, opener], stdout=subprocess.PIPE, env=env, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert Path(f"/proc/{child}").exists()
    parent.send_signal(signal.SIGKILL)
    parent.wait(BOUND)
    parent.stdout.close()
    assert dead(child)


async def test_a_process_waits_ready_without_a_device_and_without_work(
    visit: Visit, of_source: type[Visit], tmp_path: Path
) -> None:
    ready = of_source(visit.camera._options.source, keep_ready=True)
    await ready.camera.status()
    [child] = camera_processes()
    await asyncio.sleep(1)
    await ready.camera.status()
    assert camera_processes() == [child]
    used = cpu_ticks(child)
    links = [str(link.readlink()) for link in Path(f"/proc/{child}/fd").iterdir()]
    assert not [link for link in links if "/dev/video" in link or "kiosk-pictures" in link]
    await asyncio.sleep(0.5)
    assert cpu_ticks(child) == used
    assert not isinstance(await ready.capture(), FaceFault)
    assert dead(child)  # pictures were in it: it is not used again
    end = time.monotonic() + BOUND
    while not (others := camera_processes()) and time.monotonic() < end:
        await ready.camera.status()
    assert len(others) == 1
    await ready.camera.close()
    assert camera_processes() == []


def cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_process_that_dies_while_it_waits_is_replaced() -> None:
    spare = camera_process()
    spare.prepare()
    until(lambda: camera_processes() != [])  # it is another program only once it has begun
    [child] = camera_processes()
    os.kill(child, signal.SIGKILL)
    assert dead(child)
    running = ProcessGrabber("", SMALL, opener="camerasources:endless", spare=spare)
    running.start()
    assert running.take(BOUND) is not None
    running.halt()
    spare.close()
    assert running.released(BOUND)
    assert camera_processes() == []
