"""Benches for ID card readers: the real driver, and something that plays its hardware.

A new reader adds one entry to `BENCHES`, and the suites `test_idcard*.py` run on it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from drivers.idcard.simulator import SdtSimulator
from drivers.idcard.transport import SdtSerialReader
from drivers.statefile import replace_json
from kiosk.ports import CardReader

TODAY = date(2026, 11, 21)
LIMIT = 10.0
A_WHILE = 0.4  # seconds in which a reader that waits asks more than once


class Bench(Protocol):
    """A reader under test, and hands for its hardware. What a hand does holds when it returns."""

    reader: CardReader

    def another(self) -> CardReader:
        """A second driver for the same hardware."""

    async def put(self, card: str, fault: str = "") -> None: ...

    async def lift(self) -> None: ...

    async def silence(self) -> None: ...

    async def unplug(self) -> None: ...

    async def plug(self) -> None: ...


class SdtBench:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._link = folder / "idcard.tty"
        self.reader: CardReader = self.another()

    def another(self) -> CardReader:
        return SdtSerialReader(str(self._link), today=lambda: TODAY)

    async def put(self, card: str, fault: str = "") -> None:
        self._write(card=card, fault=fault or None)

    async def lift(self) -> None:
        self._write()

    async def silence(self) -> None:
        self._write(fault="silent")

    async def unplug(self) -> None:
        self._write(plugged=False)
        await _until(lambda: not self._link.is_symlink())

    async def plug(self) -> None:
        self._write(plugged=True)
        await _until(self._link.exists)

    def _write(self, **state: object) -> None:
        replace_json(self._folder / "idcard.json", state)


async def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def sdt_serial(folder: Path) -> AsyncIterator[Bench]:
    simulator = SdtSimulator(folder)
    simulator.start()
    bench = SdtBench(folder)
    try:
        yield bench
    finally:
        await bench.reader.close()
        simulator.stop()


BENCHES: list[Callable[[Path], AbstractAsyncContextManager[Bench]]] = [sdt_serial]


async def nothing_arrives(reader: CardReader) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.arrival(), A_WHILE)
