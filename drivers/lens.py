"""A camera, whatever it looks at: open while it is used, by one user at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import cv2

from drivers.camera.grabber import Grabber
from drivers.camera.process import ProcessGrabber, camera_process
from drivers.camera.source import look_at
from drivers.camera.status import CameraFault, Presence, failing
from drivers.camera.visit import Visit
from drivers.camera.wire import End, Mode
from drivers.process import Backoff
from drivers.worker import Worker
from kiosk.model import DeviceState, DeviceStatus, ScanFault

RELEASE_SECONDS = 3.0  # of a process that must be killed
MARGIN_SECONDS = 2 * RELEASE_SECONDS + 2.0  # after which a hung worker is given up
LONGEST_BACKOFF = 5.0  # seconds that a citizen may have to wait for one more try

MakeGrabber = Callable[[str, Mode], Grabber]
Result = TypeVar("Result")
Watch = Callable[[Grabber, float], Result | None]


class Lens:
    """`device`: whose status it tells. `keep_ready`: a process waits that has loaded OpenCV."""

    def __init__(
        self,
        device: str,
        source: str,
        mode: Mode,
        *,
        keep_ready: bool,
        make: MakeGrabber | None = None,
    ) -> None:
        self._device = device
        self._source = source
        self._mode = mode
        self._keep_ready = keep_ready
        self._spare = camera_process()
        self._make = make or partial(ProcessGrabber, spare=self._spare)
        self._worker = Worker(device)
        self._presence = Presence()
        self._backoff = Backoff(last=LONGEST_BACKOFF)
        self._turn = asyncio.Lock()
        self._grabber: Grabber | None = None
        self._visit: Visit[Any] | None = None
        self._closed = False

    async def status(self) -> DeviceStatus:
        if self._closed:
            return replace(
                failing(DeviceState.NO_DEVICE, CameraFault.NOT_CONNECTED), device=self._device
            )
        if self._visit is not None:
            return DeviceStatus(self._device, DeviceState.BUSY)
        status = self._presence.look(await look_at(self._source))
        if status.usable and self._keep_ready:
            await asyncio.to_thread(self._spare.prepare)
        return replace(status, device=self._device)

    async def use(
        self, visit: Visit[Any], seconds: float, watch: Watch[Result]
    ) -> Result | ScanFault:
        """`watch` gets pictures, on the camera's thread, until it returns.

        Its second argument is when to end, in `time.monotonic`. It returns None for want of a
        result; why, is told from here. Whatever ends this, cancelling too, ends `visit`.
        """
        deadline = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                await self._turn.acquire()
        except TimeoutError:
            visit.end()
            return ScanFault.TIMED_OUT
        try:
            return await self._use(visit, deadline, watch)
        finally:
            visit.end()
            self._visit = None
            self._turn.release()

    async def close(self) -> None:
        self._closed = True
        if self._visit is not None:
            self._visit.end()
        self._worker.close()
        await asyncio.to_thread(self._spare.close)

    async def _use(
        self, visit: Visit[Any], deadline: float, watch: Watch[Result]
    ) -> Result | ScanFault:
        if self._closed:
            return ScanFault.NO_SCANNER
        self._visit = visit
        patience = deadline - time.monotonic() + MARGIN_SECONDS
        result: Result | ScanFault
        try:
            result = await self._worker.call(patience, self._guide, visit, deadline, watch)
        except TimeoutError:
            result = ScanFault.NO_SCANNER
        if result is ScanFault.NO_SCANNER:
            self._presence.gave_none(self._grabber.end if self._grabber else None)
            self._presence.look(await look_at(self._source))  # gone, or there and in doubt?
        elif self._grabber is not None:
            self._presence.gave_pictures(self._grabber.taken)
        return ScanFault.NO_SCANNER if self._closed else result

    def _guide(
        self, visit: Visit[Any], deadline: float, watch: Watch[Result]
    ) -> Result | ScanFault:
        """On the worker's thread: from opening the camera to letting it go."""
        cv2.setNumThreads(1)  # the other cores are the screen's
        if self._grabber is not None and not self._grabber.released(RELEASE_SECONDS):
            return ScanFault.NO_SCANNER  # it hangs in the kernel: a second one would, too
        self._grabber = None
        visit.pause(min(self._backoff.wait, deadline - time.monotonic()))
        if visit.over:
            return ScanFault.TIMED_OUT  # nobody waits any more: the camera stays closed
        grabber = self._grabber = self._make(self._source, self._mode)
        grabber.start()
        try:
            result = watch(grabber, deadline)
            if result is not None:
                return result
            return ScanFault.NO_SCANNER if grabber.ended else ScanFault.TIMED_OUT
        finally:
            grabber.halt()
            grabber.released(RELEASE_SECONDS)
            self._note(grabber.end)

    def _note(self, end: End | None) -> None:
        if end is End.CRASHED:
            self._backoff.failed()
        else:
            self._backoff.worked()
