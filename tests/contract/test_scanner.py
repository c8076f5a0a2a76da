"""What every scanner must do, whatever its wire.

A new scanner adds one entry to `BENCHES`: a function that yields a `Bench` around the real driver
and something that plays the hardware.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import pytest
import zxingcpp

from drivers.mjpeg import MjpegServer
from drivers.options import Site
from drivers.registry import find
from drivers.scanner.camera import CameraScanner
from drivers.scanner.serial import SerialScanner
from drivers.scanner.simulator import EVENTS, TTY, ScannerSimulator
from drivers.scanner.wedge import WedgeScanner
from drivers.statefile import write_state
from kiosk.model import Code, DeviceState, ScanFault
from kiosk.ports import CodeScanner

BOUND = 15.0  # seconds: far more than any of this should take
TEXT = "KC1:示例县 No. 42/a"


class Bench(Protocol):
    """A scanner under test, and hands for its hardware. What a hand does holds when it returns."""

    scanner: CodeScanner

    def another(self) -> CodeScanner: ...

    async def scan(self, text: str, **more: Any) -> None:
        """Hold a code before it, as a citizen does: for the time of one scan."""

    async def unplug(self) -> None: ...

    async def plug(self) -> None: ...


class LineBench:
    """The simulator's serial line, or its keyboard."""

    def __init__(self, folder: Path, make: Callable[[Path], CodeScanner], file: str) -> None:
        self._folder = folder
        self._make = make
        self._file = folder / file
        self.scanner = self.another()

    def another(self) -> CodeScanner:
        return self._make(self._file)

    async def scan(self, text: str, **more: Any) -> None:
        write_state(self._folder / "scanner.json", code=text, **more)
        await asyncio.sleep(0.1)  # the simulator has seen it

    async def unplug(self) -> None:
        write_state(self._folder / "scanner.json", plugged=False)
        await until(lambda: not self._file.exists())

    async def plug(self) -> None:
        write_state(self._folder / "scanner.json", plugged=True)
        await until(self._file.exists)


class CameraBench:
    def __init__(self) -> None:
        self._jpeg = picture_of("")
        self.server = MjpegServer(0, 12, lambda: self._jpeg)
        self._port = self.server.port
        self.scanner = self.another()

    def another(self) -> CodeScanner:
        options = CameraScanner.Options.model_validate({"source": self.server.url})
        return CameraScanner.build(options, Site())

    async def scan(self, text: str, **more: Any) -> None:
        assert not more.get("fault"), "a camera has none of these"
        self._jpeg = picture_of(text)
        await asyncio.sleep(2)
        self._jpeg = picture_of("")

    async def unplug(self) -> None:
        await asyncio.to_thread(self.server.stop)

    async def plug(self) -> None:
        self.server = MjpegServer(self._port, 12, lambda: self._jpeg)


def picture_of(text: str) -> bytes:
    """A QR code on a desk, as JPEG; of no text: the desk alone."""
    desk = np.full((480, 640, 3), 120, np.uint8)
    if text:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        drawn = np.array(zxingcpp.write_barcode_to_image(code, scale=5))
        desk[100 : 100 + len(drawn), 200 : 200 + len(drawn)] = drawn[..., None]
    return bytes(cv2.imencode(".jpg", desk)[1].tobytes())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(BOUND):
        while not condition():
            await asyncio.sleep(0.01)


def serial(port: Path) -> CodeScanner:
    return SerialScanner.build(SerialScanner.Options.model_validate({"port": str(port)}), Site())


def wedge(path: Path) -> CodeScanner:
    return WedgeScanner.build(WedgeScanner.Options.model_validate({"path": str(path)}), Site())


def line(make: Callable[[Path], CodeScanner], file: str) -> Any:
    @asynccontextmanager
    async def running(folder: Path) -> AsyncIterator[Bench]:
        simulator = ScannerSimulator(folder)
        simulator.start()
        bench = LineBench(folder, make, file)
        try:
            yield bench
        finally:
            await bench.scanner.close()
            simulator.stop()

    return running


@asynccontextmanager
async def camera(_folder: Path) -> AsyncIterator[Bench]:
    bench = CameraBench()
    try:
        yield bench
    finally:
        await bench.scanner.close()
        await bench.unplug()


BENCHES: dict[str, Callable[[Path], AbstractAsyncContextManager[Bench]]] = {
    "serial": line(serial, TTY),
    "wedge": line(wedge, EVENTS),
    "camera": camera,
}
LINES = ["serial", "wedge"]


@pytest.fixture(params=BENCHES)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with BENCHES[request.param](tmp_path) as made:
        yield made


on_lines = pytest.mark.parametrize("bench", LINES, indirect=True)


async def scanning(bench: Bench, seconds: float = 10) -> asyncio.Task[Code | ScanFault]:
    """A scan that has begun."""
    task = asyncio.create_task(bench.scanner.scan(seconds))
    while (await bench.scanner.status()).state is not DeviceState.BUSY:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    return task


async def scanned(bench: Bench, text: str, **more: Any) -> Code | ScanFault:
    async with asyncio.timeout(BOUND):
        task = await scanning(bench)
        held = asyncio.create_task(bench.scan(text, **more))
        try:
            return await task
        finally:
            held.cancel()


# ---- Codes -----------------------------------------------------------------------------------


async def test_a_code_is_read_whole_with_its_kind(bench: Bench) -> None:
    assert await scanned(bench, TEXT) == Code("qr", TEXT)


async def test_without_a_code_a_scan_ends_in_its_time(bench: Bench) -> None:
    begun = time.monotonic()
    assert await bench.scanner.scan(0.5) is ScanFault.TIMED_OUT
    assert time.monotonic() - begun < BOUND


@on_lines
async def test_codes_from_before_are_thrown_away(bench: Bench) -> None:
    assert (await bench.scanner.status()).usable
    await bench.scan("of somebody else")
    assert await scanned(bench, TEXT) == Code("qr", TEXT)


@on_lines
async def test_the_same_code_may_be_scanned_again(bench: Bench) -> None:
    for _ in range(3):
        assert await scanned(bench, TEXT) == Code("qr", TEXT)


@on_lines
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("garbage", ScanFault.NOT_READABLE),
        ("too_long", ScanFault.TOO_LONG),
        ("cut", ScanFault.NOT_READABLE),
    ],
)
async def test_each_bad_code_gives_its_own_fault_and_the_next_is_read(
    bench: Bench, fault: str, told: ScanFault
) -> None:
    assert await scanned(bench, TEXT, fault=fault) is told
    assert await scanned(bench, TEXT, fault=None) == Code("qr", TEXT)


# ---- Turns -----------------------------------------------------------------------------------


async def test_a_cancelled_scan_leaves_the_scanner_to_the_next(bench: Bench) -> None:
    task = await scanning(bench)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert (await bench.scanner.status()).usable
    assert await scanned(bench, TEXT) == Code("qr", TEXT)


async def test_one_scan_at_a_time_the_second_waits_within_its_time(bench: Bench) -> None:
    first = await scanning(bench)
    assert await bench.scanner.scan(0.2) is ScanFault.TIMED_OUT
    held = asyncio.create_task(bench.scan(TEXT))
    assert await first == Code("qr", TEXT)
    await held


async def test_the_loop_goes_on_meanwhile(bench: Bench) -> None:
    task = asyncio.create_task(bench.scanner.scan(0.5))
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


async def test_closing_ends_a_scan_and_every_thread(bench: Bench) -> None:
    task = await scanning(bench)
    async with asyncio.timeout(BOUND):
        await bench.scanner.close()
        assert await task is ScanFault.NO_SCANNER
        assert await bench.scanner.scan(1) is ScanFault.NO_SCANNER
        assert not (await bench.scanner.status()).usable
        await bench.scanner.close()
    await until(lambda: not [one for one in threading.enumerate() if "scanner_" in one.name])


@on_lines
async def test_a_closed_scanner_leaves_the_device_to_others(bench: Bench) -> None:
    assert (await bench.scanner.status()).state is DeviceState.ONLINE
    await bench.scanner.close()
    bench.scanner = bench.another()
    assert await scanned(bench, TEXT) == Code("qr", TEXT)


# ---- Plugs -----------------------------------------------------------------------------------


async def test_status_tells_a_healthy_scanner_from_the_first_question(bench: Bench) -> None:
    status = await bench.scanner.status()
    assert (status.device, status.state, status.fault) == ("scanner", DeviceState.ONLINE, None)


async def test_an_unplugged_scanner_is_no_scanner_and_works_again_once_it_is_back(
    bench: Bench,
) -> None:
    assert (await bench.scanner.status()).usable
    await bench.unplug()
    async with asyncio.timeout(BOUND):
        assert await bench.scanner.scan(60) is ScanFault.NO_SCANNER
    await bench.plug()
    assert (await bench.scanner.status()).usable
    assert await scanned(bench, TEXT) == Code("qr", TEXT)


async def test_a_scanner_that_vanishes_during_a_scan_is_no_scanner(bench: Bench) -> None:
    task = await scanning(bench, 60)
    await bench.unplug()
    async with asyncio.timeout(BOUND):
        assert await task is ScanFault.NO_SCANNER
    await bench.plug()


@on_lines
async def test_a_cable_that_flaps_during_a_scan_does_not_end_it(bench: Bench) -> None:
    task = await scanning(bench)
    await bench.unplug()
    await bench.plug()
    await asyncio.sleep(0.5)
    await bench.scan(TEXT)
    assert await task == Code("qr", TEXT)


async def test_a_missing_scanner_is_believed_gone_at_the_third_miss(bench: Bench) -> None:
    await bench.scanner.status()
    await bench.unplug()
    states = [(await bench.scanner.status()).state for _ in range(3)]
    assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.NO_DEVICE]
    status = await bench.scanner.status()
    assert status.fault is not None
    assert status.fault.code == "not_connected"
    await bench.plug()
    assert (await bench.scanner.status()).state is DeviceState.ONLINE


# ---- Rules -----------------------------------------------------------------------------------


async def test_nothing_of_a_code_shows_in_results_or_logs(
    bench: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    result = await scanned(bench, TEXT)
    assert isinstance(result, Code)
    told = capfd.readouterr()
    assert "示例县" not in repr(result) + caplog.text + told.out + told.err


@pytest.mark.parametrize("name", ["camera", "serial", "wedge"])
def test_the_registry_finds_it_and_every_option_is_described(name: str) -> None:
    options = find(f"scanner.{name}").Options
    assert all(field.description for field in options.model_fields.values())
