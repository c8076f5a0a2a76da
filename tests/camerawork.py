"""A camera under test, and waiting for it; shared by the camera's contract suites."""

from __future__ import annotations

import asyncio
import socket
import threading

from drivers.camera.simulator import CameraSimulator
from drivers.camera.transport import OpenCvFaceCamera
from kiosk.model import DeviceStatus, FaceCapture, FaceFault, FaceHint
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
