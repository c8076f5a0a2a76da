"""Scanners that send codes by themselves, over whatever wire. See `ports.CodeScanner`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from drivers.scanner.frames import Assembler, Framing, Piece
from drivers.scanner.status import DEVICE, Health, ScannerFault, status_of
from drivers.worker import Worker
from kiosk.model import Code, DeviceState, DeviceStatus, ScanFault

MISSES = 3  # in one scan, before it gives up on a device that is away
RETRY_SECONDS = 0.25  # after the first miss, twice that after the second
LOOK_SECONDS = 2.0
MARGIN_SECONDS = 2.0  # after which a hung worker is given up
SWEEP_READS = 1000


class Wire(Protocol):
    """A device that sends. For the worker's thread, except `wake`; opens by itself."""

    def open(self) -> ScannerFault | None:
        """Make sure that it is open, and still the device that the settings name."""

    def read(self, seconds: float) -> Sequence[Piece] | ScannerFault | None:
        """What came; None when nothing came in that time, or after `wake`."""

    def wait(self, seconds: float) -> None:
        """Do nothing for that time, or until `wake`."""

    def wake(self) -> None:
        """From any thread: end the wait that is, or the next one."""

    def close(self) -> None:
        """For good."""


class LineScanner:
    """One scan at a time: a second one waits for its turn within its own time.

    The device stays open between scans. What it sends meanwhile is thrown away, at the latest by
    the next `status` or `scan`.
    """

    def __init__(
        self,
        wire: Wire,
        framing: Framing,
        idle_seconds: float,
        understand: Callable[[bytes], Code | ScanFault],
    ) -> None:
        self._wire = wire
        self._framing = framing
        self._idle = idle_seconds
        self._understand = understand
        self._assembler = Assembler(framing)
        self._worker = Worker(DEVICE)
        self._health = Health()
        self._turn = asyncio.Lock()
        self._over: threading.Event | None = None  # of the scan that runs
        self._closed = False

    async def status(self) -> DeviceStatus:
        if self._closed:
            return status_of(ScannerFault.NOT_CONNECTED)
        if self._over is not None:
            return DeviceStatus(DEVICE, DeviceState.BUSY)
        try:
            fault = await self._worker.call(LOOK_SECONDS, self._look)
        except TimeoutError:
            fault = ScannerFault.NOT_CONNECTED
        return self._health.look(fault)

    async def scan(self, seconds: float) -> Code | ScanFault:
        deadline = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                await self._turn.acquire()
        except TimeoutError:
            return ScanFault.TIMED_OUT
        try:
            return await self._scan_until(deadline)
        finally:
            self._turn.release()

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._over is not None:
            self._over.set()
            self._wire.wake()
        with contextlib.suppress(TimeoutError):  # it hangs in the kernel
            await self._worker.call(MARGIN_SECONDS, self._wire.close)
        self._worker.close()

    async def _scan_until(self, deadline: float) -> Code | ScanFault:
        if self._closed:
            return ScanFault.NO_SCANNER
        over = self._over = threading.Event()
        patience = deadline - time.monotonic() + MARGIN_SECONDS
        try:
            result = await self._worker.call(patience, self._listen, over, deadline)
        except TimeoutError:
            result = ScanFault.NO_SCANNER
        finally:
            self._over = None
            if not over.is_set():  # cancelled: the worker still listens
                over.set()
                self._wire.wake()
        self._health.scanned(result)
        return result

    # ---- On the worker's thread --------------------------------------------------------------

    def _look(self) -> ScannerFault | None:
        """Is it there? What came meanwhile is thrown away."""
        fault = self._wire.open()
        for _ in range(SWEEP_READS):
            came = None if fault else self._wire.read(0)
            if came is None:
                break
            if isinstance(came, ScannerFault):
                fault = came
            else:
                self._assembler.feed(came)
        if fault:
            self._assembler = Assembler(self._framing)
        self._assembler.void()
        return fault

    def _listen(self, over: threading.Event, deadline: float) -> Code | ScanFault:
        try:
            for miss in range(1, MISSES + 1):
                result = self._look() or self._hear(over, deadline)
                if not isinstance(result, ScannerFault):
                    return result
                left = deadline - time.monotonic()
                self._wire.wait(0 if miss == MISSES else min(RETRY_SECONDS * miss, left))
            return ScanFault.NO_SCANNER
        finally:
            self._assembler.void()
            over.set()

    def _hear(self, over: threading.Event, deadline: float) -> Code | ScanFault | ScannerFault:
        """The next code that begins after this call, as long as the device is there."""
        while not over.is_set() and (left := deadline - time.monotonic()) > 0:
            pause = self._idle if self._assembler.begun else left
            came = self._wire.read(min(pause, left))
            if isinstance(came, ScannerFault):
                return came
            if came is not None:
                whole = self._assembler.feed(came)
            else:
                whole = self._assembler.silence() if pause < left and not over.is_set() else []
            for one in whole:
                return one if isinstance(one, ScanFault) else self._understand(one)
        return ScanFault.NO_SCANNER if self._closed else ScanFault.TIMED_OUT
