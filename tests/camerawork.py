"""A camera under test, and waiting for it; shared by the camera's contract suites."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data

from drivers.camera.pictures import portrait
from drivers.camera.portrait import MAN
from drivers.camera.process import Mode, ProcessGrabber
from drivers.camera.ring import Picture
from drivers.camera.simulator import CameraSimulator
from drivers.camera.transport import OpenCvFaceCamera
from drivers.lens import MakeGrabber
from kiosk.model import DeviceStatus, FaceCapture, FaceFault, FaceHint
from kiosk.ports import FrameSlot

BOUND = 45  # seconds: far more than any of this should take
CHILD = b"drivers.camera.child"
OTHER = 30.0  # `away`: another person is farther, one who sways stays below 20


@cache
def people() -> dict[str, Picture]:
    """A real woman (public domain, NASA's astronaut), an invented man, and nobody."""
    woman = np.ascontiguousarray(skimage.data.astronaut()[:, :, ::-1])
    wall = np.full((300, 300, 3), 90, np.uint8)
    return {"woman": woman, "man": portrait(MAN), "wall": wall}


def people_in(folder: Path) -> dict[str, str]:
    """Paths of their pictures."""
    for name, picture in people().items():
        cv2.imwrite(str(folder / f"{name}.png"), picture)
    return {name: str(folder / f"{name}.png") for name in people()}


class Visit:
    """A camera with its slot, and the hints that were told."""

    def __init__(self, source: str, make: MakeGrabber | None = None, **options: Any) -> None:
        self.slot = FrameSlot()
        chosen = {"open_seconds": 2, "keep_ready": False, **options, "source": source}
        wanted = OpenCvFaceCamera.Options.model_validate(chosen)
        self.camera = OpenCvFaceCamera(wanted, self.slot, make)
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


def camera_processes() -> list[int]:
    """Ids of the camera processes that this one has started and that live."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == os.getpid() and CHILD in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended meanwhile
    return found


async def released() -> None:
    """No process holds a source any more."""
    async with asyncio.timeout(BOUND):
        while camera_processes():
            await asyncio.sleep(0.02)


def dead(pid: int, seconds: float = BOUND) -> bool:
    """Wait until no such process runs (one that nobody has buried does not run)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


@contextmanager
def watching(simulator: CameraSimulator) -> Iterator[Callable[[float], list[Picture]]]:
    """Gives what comes through the stream in so many seconds: one picture, or more."""
    source = f"http://127.0.0.1:{simulator.port}/stream.mjpg"
    running = ProcessGrabber(source, Mode(rate=60, view=(64, 64), largest=1280 * 720))

    def see(seconds: float) -> list[Picture]:
        seen, end = [running.take(BOUND)], time.monotonic() + seconds
        while time.monotonic() < end:
            seen.append(running.take(BOUND))
        assert running.end is None
        return [one for one in seen if one is not None]

    running.start()
    try:
        see(0)
        yield see
    finally:
        running.halt()
        assert running.released(BOUND)


def away(one: Picture, other: Picture) -> float:
    """Grey levels by which two pictures of a person are unlike, where the head is."""
    height, width = one.shape[:2]
    part = np.s_[height // 4 : height * 3 // 4, width * 3 // 8 : width * 5 // 8]
    smooth = [cv2.GaussianBlur(shot[part], (0, 0), 2).astype(float) for shot in (one, other)]
    return float(np.abs(smooth[0] - smooth[1]).mean())


def until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + BOUND
    while not happens():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


async def powered(simulator: CameraSimulator, *, on: bool) -> None:
    """Wait until the simulator takes connections, or takes them no more."""
    async with asyncio.timeout(BOUND):
        while True:
            with socket.socket() as probe:
                if (probe.connect_ex(("127.0.0.1", simulator.port)) == 0) is on:
                    return
            await asyncio.sleep(0.02)
