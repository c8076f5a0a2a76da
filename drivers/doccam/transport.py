"""A document camera through OpenCV: guides a person until one page is flat, whole and legible."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Self

import numpy as np
from pydantic import Field

from drivers import options
from drivers.camera.grabber import Grabber
from drivers.camera.visit import Visit
from drivers.camera.wire import Mode
from drivers.doccam.binding import bind, page_of
from drivers.doccam.corners import Picture
from drivers.doccam.status import DEVICE
from drivers.doccam.steady import Steady
from drivers.doccam.upright import upright
from drivers.lens import Lens
from drivers.options import Site
from drivers.worker import Worker
from kiosk.model import DeviceStatus, Page, PageHint, ScanFault
from kiosk.ports import FrameSlot, OnPageHint

TICK_SECONDS = 0.1  # between looks whether the visit is over
BIND_SECONDS = 60.0  # for the most and largest pages, on a slow machine


class DocumentCameraOptions(options.Options):
    source: str = Field(
        "0", min_length=1, description="device number (0) or node, a file, or a stream's address"
    )
    width: int = Field(2592, ge=320, le=4096, description="asked of the camera, in pixels")
    height: int = Field(1944, ge=240, le=4096, description="asked of the camera, in pixels")
    rate: float = Field(6, ge=1, le=15, description="pictures a second that are looked at, at most")
    exposure_ms: float | None = Field(
        None, gt=0, le=1000, description="exposure of a device in milliseconds; unset: automatic"
    )
    turned: int = Field(
        0, ge=0, le=270, multiple_of=90,
        description="degrees by which its picture stands turned clockwise, as it is mounted",
    )  # fmt: skip
    keep_ready: bool = Field(
        False, description="keep a process ready that has loaded OpenCV; opens no device"
    )


class OpenCvDocumentCamera:
    """See `ports.DocumentCamera`. The camera is open during a capture only; one at a time."""

    Options: ClassVar[type[DocumentCameraOptions]] = DocumentCameraOptions

    def __init__(self, chosen: DocumentCameraOptions, frames: FrameSlot) -> None:
        mode = Mode(chosen.width, chosen.height, exposure=chosen.exposure_ms, rate=chosen.rate)
        self._frames = frames
        self._quarters = chosen.turned // 90
        self._lens = Lens(DEVICE, chosen.source, mode, keep_ready=chosen.keep_ready)
        self._binder = Worker(f"{DEVICE}-binder")
        self._closed = False

    @classmethod
    def build(cls, options: DocumentCameraOptions, site: Site) -> Self:
        return cls(options, site.frames)

    async def status(self) -> DeviceStatus:
        return await self._lens.status()

    async def capture(self, on_hint: OnPageHint, seconds: float) -> Page | ScanFault:
        """Whatever ends it, cancelling too: no picture stays in the slot, no hint comes later."""
        visit = Visit(asyncio.get_running_loop(), on_hint, self._frames, mirror=False)
        return await self._lens.use(visit, seconds, partial(self._watch, visit))

    async def bind(self, pages: Sequence[Page], max_bytes: int) -> bytes | ScanFault:
        if self._closed:
            return ScanFault.NO_SCANNER
        try:
            return await self._binder.call(BIND_SECONDS, bind, tuple(pages), max_bytes)
        except TimeoutError:
            return ScanFault.TIMED_OUT

    async def close(self) -> None:
        self._closed = True
        self._binder.close()
        await self._lens.close()

    def _watch(self, visit: Visit[PageHint], grabber: Grabber, deadline: float) -> Page | None:
        steady = Steady()
        while not visit.over and not grabber.ended and time.monotonic() < deadline:
            view = grabber.look(TICK_SECONDS)
            picture = None if view is None else grabber.still()
            if view is None or picture is None:
                continue
            visit.show(self._turned(view))
            steady.offer(self._turned(picture))
            visit.tell(steady.hint)
            if steady.captured and (page := steady.page) is not None:
                return page_of(upright(page))
        return None

    def _turned(self, picture: Picture) -> Picture:
        return np.ascontiguousarray(np.rot90(picture, self._quarters))
