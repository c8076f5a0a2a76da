"""A camera as a scanner: QR codes and barcodes that are held before it."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import ClassVar, Self

from pydantic import Field

from drivers import options
from drivers.camera.grabber import Grabber
from drivers.camera.visit import Visit
from drivers.camera.wire import Mode
from drivers.lens import Lens
from drivers.options import Site
from drivers.scanner.codes import ALL, LINEAR, Symbology, codes
from drivers.scanner.status import DEVICE
from kiosk.model import Code, DeviceStatus, PageHint, ScanFault
from kiosk.ports import FrameSlot

TICK_SECONDS = 0.1  # between looks whether the scan is over


class CameraScannerOptions(options.Options):
    source: str = Field(
        "0", min_length=1, description="device number (0) or node, a file, or a stream's address"
    )
    width: int = Field(1280, ge=160, le=4096, description="asked of the camera, in pixels")
    height: int = Field(720, ge=120, le=4096, description="asked of the camera, in pixels")
    rate: float = Field(8, ge=1, le=30, description="pictures a second, at most")
    exposure_ms: float | None = Field(
        None, gt=0, le=1000, description="exposure of a device in milliseconds; unset: automatic"
    )
    symbologies: tuple[Symbology, ...] = Field(
        ALL, min_length=1, description="which kinds of codes are read"
    )
    show: bool = Field(True, description="show the person what the camera sees, as a mirror does")
    keep_ready: bool = Field(
        False, description="keep a process ready that has loaded OpenCV; opens no device"
    )


class CameraScanner:
    """See `ports.CodeScanner`. The camera is open during a scan only."""

    Options: ClassVar[type[CameraScannerOptions]] = CameraScannerOptions

    def __init__(self, chosen: CameraScannerOptions, frames: FrameSlot) -> None:
        self._chosen = chosen
        self._frames = frames
        mode = Mode(chosen.width, chosen.height, exposure=chosen.exposure_ms, rate=chosen.rate)
        self._lens = Lens(DEVICE, chosen.source, mode, keep_ready=chosen.keep_ready)

    @classmethod
    def build(cls, options: CameraScannerOptions, site: Site) -> Self:
        return cls(options, site.frames)

    async def status(self) -> DeviceStatus:
        return await self._lens.status()

    async def scan(self, seconds: float) -> Code | ScanFault:
        visit: Visit[PageHint] = Visit(asyncio.get_running_loop(), lambda _hint: None, self._frames)
        return await self._lens.use(visit, seconds, partial(self._watch, visit))

    async def close(self) -> None:
        await self._lens.close()

    def _watch(
        self, visit: Visit[PageHint], grabber: Grabber, deadline: float
    ) -> Code | ScanFault | None:
        before: list[Code | ScanFault] = []
        while not visit.over and not grabber.ended and time.monotonic() < deadline:
            view = grabber.look(TICK_SECONDS)
            picture = None if view is None else grabber.still()
            if view is None or picture is None:
                continue
            if self._chosen.show:
                visit.show(view)
            seen = codes(picture, self._chosen.symbologies)
            for one in seen:
                if _certain(one) or one in before:
                    return one
            before = seen
        return None


def _certain(one: Code | ScanFault) -> bool:
    """A linear code is misread now and then: two pictures must agree."""
    return isinstance(one, Code) and one.symbology not in LINEAR
