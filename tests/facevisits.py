"""People before the real driver of a face camera, and what a comparison leaves behind."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from drivers.camera.ring import Picture
from drivers.camera.transport import OpenCvFaceCamera
from drivers.face import desk as desks
from facework import (
    Person,
    Stage,
    portrait,
)
from kiosk.model import FaceDecision, FaceHint
from kiosk.ports import FrameSlot

BOUND = 60  # seconds: far more than any of this should take


CHILD, CAMERA = b"drivers.face.child", b"drivers.camera.child"


OTHER = b"facesources"


class Visit:
    """A camera before which somebody stands."""

    def __init__(self, url: str, models: Path | str, **options: Any) -> None:
        self.slot = FrameSlot()
        chosen = {"source": url, "models": str(models), "open_seconds": 4, **options}
        self.camera = OpenCvFaceCamera(OpenCvFaceCamera.Options.model_validate(chosen), self.slot)
        self.hints: list[FaceHint] = []
        self.hears: Callable[[FaceHint], object] = lambda _hint: None
        self.threads: set[int] = set()

    def told(self, hint: FaceHint) -> None:
        self.hints.append(hint)
        self.threads.add(threading.get_ident())
        self.hears(hint)

    async def verify(self, card: bytes | None = None, seconds: float = 40) -> FaceDecision:
        async with asyncio.timeout(BOUND + seconds):
            file = portrait("obama2") if card is None else card
            return await self.camera.verify(file, self.told, seconds)

    async def wait_for(self, *hints: FaceHint) -> None:
        async with asyncio.timeout(BOUND):
            while not set(hints) & set(self.hints):
                await asyncio.sleep(0.02)

    async def checked(self) -> str:
        """What the status says of the pack, once it is known."""
        async with asyncio.timeout(BOUND):
            while True:
                said = (await self.camera.status()).readings["face_models"]
                if said != desks.CHECKING:
                    return said


def acted(before: Callable[..., Visit], person: Person, **options: Any) -> Visit:
    visit = before(person.picture, **options)
    visit.hears = person.told
    return visit


def processes(*names: bytes) -> list[int]:
    """Ids of this process's children whose command line has one of the names."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it ended meanwhile
            if int(parent) == os.getpid() and any(name in command for name in names):
                found.append(int(folder.name))
    return found


async def gone(*names: bytes) -> None:
    async with asyncio.timeout(BOUND):
        while processes(*(names or (CHILD, CAMERA, OTHER))):
            await asyncio.sleep(0.02)


_BEFORE: set[int] = set()


def look_around() -> None:
    """What other tests in this process have not yet let go of is not ours."""
    _BEFORE.clear()
    _BEFORE.update(shared())


@asynccontextmanager
async def visits(models: Path) -> AsyncIterator[Callable[..., Visit]]:
    """Makes visits of whom a function shows; all is let go afterwards."""
    look_around()
    stages: list[Stage] = []
    made: list[Visit] = []

    def make(
        look: Callable[[], Picture], pack_folder: Path | str = models, **options: Any
    ) -> Visit:
        stages.append(Stage(look))
        made.append(Visit(stages[-1].url, pack_folder, **options))
        return made[-1]

    yield make
    for visit in made:
        await visit.camera.close()
    for stage in stages:
        stage.stop()
    await gone()


def shared() -> list[int]:
    """Descriptors of this process that hold pictures, and were not there before."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if "kiosk-p" in str(link.readlink()) and int(link.name) not in _BEFORE:
                found.append(int(link.name))
        except OSError:
            continue
    return found
