"""A camera through OpenCV: frames a face, shows its owner a mirror, and keeps one picture."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field

from drivers.camera.grabber import Grabber
from drivers.camera.ring import Picture
from drivers.camera.status import DEVICE
from drivers.camera.visit import Visit
from drivers.camera.wire import Mode
from drivers.face import matching
from drivers.face.desk import READY, Desk
from drivers.face.framing import frame_face
from drivers.face.steady import Steady
from drivers.face.wire import MAX_PORTRAIT
from drivers.lens import Lens, MakeGrabber
from drivers.options import Options, Site
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    FaceCapture,
    FaceDecision,
    FaceFault,
    FaceHint,
    ScanFault,
)
from kiosk.ports import FrameSlot, OnHint

TICK_SECONDS = 0.1  # between looks whether the visit is over
MODELS = "face_models"  # the reading that tells how the model pack is


class OpenCvFaceOptions(Options):
    """`[camera.opencv]`"""

    source: str = Field("0", description="Device number (0) or node, a file, or a stream's address")
    width: int = Field(854, ge=160, le=1920, description="Most pixels across, framing and mirror")
    height: int = Field(480, ge=120, le=1920, description="Most pixels down, framing and mirror")
    still_width: int = Field(1280, ge=160, le=4096, description="Asked of the camera, for the face")
    still_height: int = Field(720, ge=120, le=4096, description="Asked of the camera, for the face")
    rate: float = Field(15, ge=2, le=30, description="Pictures a second, at most")
    exposure_ms: float | None = Field(
        None, gt=0, le=1000, description="Exposure of a device in milliseconds; unset: automatic"
    )
    open_seconds: float = Field(4, gt=0, le=20, description="Until the first picture has come")
    mirror: bool = Field(True, description="Show the person as a mirror does; the face stays true")
    keep_ready: bool = Field(
        True, description="Keep processes ready that have loaded OpenCV and models; opens no device"
    )
    models: str = Field("", description="Folder of the model pack; empty: faces are not compared")
    challenges: int = Field(1, ge=1, le=2, description="Gestures that a living person must make")

    @property
    def mode(self) -> Mode:
        return Mode(
            self.still_width,
            self.still_height,
            exposure=self.exposure_ms,
            rate=self.rate,
            view=(self.width, self.height),
            open_seconds=self.open_seconds,
        )


class OpenCvFaceCamera:
    """See `ports.FaceCamera`. The camera is open during a capture or a comparison only."""

    Options: ClassVar[type[OpenCvFaceOptions]] = OpenCvFaceOptions

    def __init__(
        self, options: OpenCvFaceOptions, frames: FrameSlot, make: MakeGrabber | None = None
    ) -> None:
        self._options = options
        self._frames = frames
        self._closed = False
        ready = options.keep_ready
        self._lens = Lens(DEVICE, options.source, options.mode, keep_ready=ready, make=make)
        self._desk = Desk(Path(options.models) if options.models else None, keep_ready=ready)

    @classmethod
    def build(cls, options: OpenCvFaceOptions, site: Site) -> Self:
        return cls(options, site.frames)

    async def status(self) -> DeviceStatus:
        status = await self._lens.status()
        if status.state is not DeviceState.BUSY and not self._closed:
            await asyncio.to_thread(self._desk.look)
        return replace(status, readings={**status.readings, MODELS: self._desk.state})

    @property
    def matching(self) -> bool:
        """As of the last status: a pack is checked by loading it."""
        return self._desk.state == READY

    async def capture(self, on_hint: OnHint, seconds: float) -> FaceCapture | FaceFault:
        """Whatever ends it, cancelling too: no picture stays in the slot, no hint comes later."""
        loop = asyncio.get_running_loop()
        visit = Visit(loop, on_hint, self._frames, mirror=self._options.mirror)
        result = await self._lens.use(visit, seconds, partial(_watch, visit))
        if isinstance(result, FaceCapture):
            return result
        return _fault(result)

    async def verify(self, portrait: bytes, on_hint: OnHint, seconds: float) -> FaceDecision:
        """Whatever ends it, cancelling too: no process, no picture and no hint is left."""
        if not self.matching:
            await asyncio.to_thread(self._desk.look)
        options, label = self._options, self._desk.label
        if not self.matching:
            return FaceDecision(FaceFault.NO_MODEL, label)
        if not 0 < len(portrait) <= MAX_PORTRAIT:
            return FaceDecision(FaceFault.NO_PORTRAIT, label)
        visit = Visit(asyncio.get_running_loop(), on_hint, self._frames, mirror=options.mirror)
        person = matching.Person(portrait, options.mode, options.challenges)
        watch = partial(matching.watch, self._desk, person, visit)
        result = await self._lens.use(visit, seconds, watch)
        if isinstance(result, FaceDecision):
            return result
        return FaceDecision(_fault(result), label)

    async def close(self) -> None:
        self._closed = True
        await self._lens.close()
        await asyncio.to_thread(self._desk.close)


def _fault(result: ScanFault) -> FaceFault:
    timed_out = result is ScanFault.TIMED_OUT
    return FaceFault.TIMED_OUT if timed_out else FaceFault.NO_CAMERA


def _watch(visit: Visit[FaceHint], grabber: Grabber, deadline: float) -> FaceCapture | None:
    """Frames the small pictures; of the best one the full picture is kept."""
    steady = Steady()
    still: Picture | None = None
    while not visit.over and not grabber.ended and time.monotonic() < deadline:
        view = grabber.look(TICK_SECONDS)
        if view is None:
            continue
        visit.show(view)
        steady.offer(view, frame_face(view))
        if steady.best is view:
            still = grabber.still()
        visit.tell(steady.hint)
        if steady.captured and still is not None:
            return _kept(still, steady.sharpness)
    return None


def _kept(picture: Picture, sharpness: float) -> FaceCapture:
    height, width = picture.shape[:2]
    return FaceCapture(width, height, picture.tobytes(), sharpness)
