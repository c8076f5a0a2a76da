"""A camera through OpenCV: frames a face, shows its owner a mirror, and keeps one picture."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from functools import partial

import cv2
import numpy as np

from drivers.camera.grabber import Grabber
from drivers.camera.source import (
    HEIGHT,
    OPEN_SECONDS,
    READ_SECONDS,
    WIDTH,
    Picture,
    look_at,
    open_source,
)
from drivers.camera.status import DEVICE, Presence
from drivers.face.framing import frame_face
from drivers.face.steady import Steady
from drivers.worker import Worker
from kiosk.model import DeviceState, DeviceStatus, FaceCapture, FaceFault, FaceHint
from kiosk.ports import FrameSlot, OnHint

RATE = 15.0  # pictures a second that are shown and looked at, however fast the camera is
TICK_SECONDS = 0.1  # between looks whether the visit is over
RELEASE_SECONDS = 1.0
MARGIN_SECONDS = OPEN_SECONDS + RELEASE_SECONDS + 2.0  # after which a hung worker is given up


class OpenCvFaceCamera:
    """`source`: a device number or node, a file, or a stream's address. See `ports.FaceCamera`."""

    def __init__(self, source: str, frames: FrameSlot) -> None:
        self._source = source
        self._frames = frames
        self._worker = Worker(DEVICE)
        self._presence = Presence()
        self._grabber: Grabber | None = None
        self._visit: _Visit | None = None

    async def status(self) -> DeviceStatus:
        if self._visit is not None:
            return DeviceStatus(DEVICE, DeviceState.BUSY)
        return self._presence.look(await look_at(self._source))

    async def capture(self, on_hint: OnHint, seconds: float) -> FaceCapture | FaceFault:
        """Whatever ends it, cancelling too: no picture stays in the slot, no hint comes later."""
        visit = _Visit(asyncio.get_running_loop(), on_hint, self._frames)
        self._visit = visit
        deadline = time.monotonic() + seconds
        try:
            result = await self._worker.call(seconds + MARGIN_SECONDS, self._guide, visit, deadline)
        except TimeoutError:
            result = FaceFault.NO_CAMERA
        finally:
            visit.end()
            if self._visit is visit:
                self._visit = None
        self._presence.gave_pictures(result is not FaceFault.NO_CAMERA)
        return result

    async def close(self) -> None:
        if self._visit is not None:
            self._visit.end()
        self._worker.close()

    def _guide(self, visit: _Visit, deadline: float) -> FaceCapture | FaceFault:
        """On the worker's thread: from opening the camera to letting it go."""
        if self._grabber is not None and not self._grabber.released(OPEN_SECONDS):
            return FaceFault.NO_CAMERA  # it still hangs: a second try would hang beside it
        if visit.over:
            return FaceFault.TIMED_OUT  # nobody waits any more: the camera stays closed
        grabber = self._grabber = Grabber(partial(open_source, self._source))
        grabber.start()
        try:
            return _watch(grabber, visit, deadline)
        finally:
            grabber.halt()
            grabber.released(RELEASE_SECONDS)


class _Visit:
    """One person before the camera: the way out for pictures and hints, until `end`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_hint: OnHint, frames: FrameSlot) -> None:
        self._loop = loop
        self._on_hint = on_hint
        self._frames = frames
        self._told: FaceHint | None = None
        self._lock = threading.Lock()  # after `end` not even a picture on its way gets through
        self._over = threading.Event()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def pause(self, seconds: float) -> None:
        self._over.wait(max(0.0, seconds))

    def tell(self, hint: FaceHint) -> None:
        if hint is self._told:
            return
        self._told = hint
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            self._loop.call_soon_threadsafe(self._say, hint)

    def show(self, picture: Picture) -> None:
        mirrored = _mirrored(picture)
        height, width = mirrored.shape[:2]
        with self._lock:
            if not self.over:
                self._frames.put(width, height, mirrored.tobytes())

    def end(self) -> None:
        with self._lock:
            self._over.set()
            self._frames.wipe()

    def _say(self, hint: FaceHint) -> None:
        if not self.over:
            self._on_hint(hint)


def _watch(grabber: Grabber, visit: _Visit, deadline: float) -> FaceCapture | FaceFault:
    steady = Steady()
    last, patience = time.monotonic(), OPEN_SECONDS
    due = last
    while not visit.over:
        visit.pause(due - time.monotonic())
        picture = grabber.take(TICK_SECONDS)
        now = time.monotonic()
        if picture is None:
            if grabber.ended or now - last > patience:
                return FaceFault.NO_CAMERA
        else:
            last, patience = now, READ_SECONDS
            due = max(due + 1 / RATE, now)
            visit.show(picture)
            steady.offer(picture, frame_face(picture))
            visit.tell(steady.hint)
            if steady.best is not None and steady.captured:
                return _kept(steady.best, steady.sharpness)
        if now >= deadline:
            break
    return FaceFault.TIMED_OUT


def _mirrored(picture: Picture) -> Picture:
    scale = min(1.0, WIDTH / picture.shape[1], HEIGHT / picture.shape[0])
    if scale < 1:
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        picture = np.asarray(small, np.uint8)
    return np.asarray(cv2.flip(picture, 1), np.uint8)


def _kept(picture: Picture, sharpness: float) -> FaceCapture:
    height, width = picture.shape[:2]
    return FaceCapture(width, height, picture.tobytes(), sharpness)
