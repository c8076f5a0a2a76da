"""What only scanners on lines do: sources that are wrong, taken, or in the middle of a code."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.evdev import EV_SYN, SYN_DROPPED, EvdevSource, InputEvent, SourceFault, find, pack
from drivers.options import Site
from drivers.scanner.camera import CameraScanner
from drivers.scanner.keys import typed
from drivers.scanner.serial import SerialScanner
from drivers.scanner.simulator import EVENTS, TTY, ScannerSimulator
from drivers.scanner.wedge import WedgeScanner
from drivers.statefile import write_state
from kiosk.model import Code, DeviceState, DeviceStatus, ScanFault


def serial(**options: Any) -> SerialScanner:
    return SerialScanner.build(SerialScanner.Options.model_validate(options), Site())


def wedge(**options: Any) -> WedgeScanner:
    return WedgeScanner.build(WedgeScanner.Options.model_validate(options), Site())


async def fault_of(scanner: Any) -> tuple[str | None, DeviceState]:
    """After three looks, and what it is to a scan."""
    status: DeviceStatus = [await scanner.status() for _ in range(3)][-1]
    assert await scanner.scan(5) is ScanFault.NO_SCANNER
    await scanner.close()
    return status.fault.code if status.fault else None, status.state


@pytest.fixture
def keyboard(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A FIFO as an input device, and its other end."""
    path = tmp_path / "usb-Sample_Scanner-event-kbd"
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    yield str(path), end
    os.close(end)


def write(end: int, text: str, *, enter: bool) -> None:
    for strokes in typed(text, enter=enter):
        os.write(end, pack(strokes))


# ---- Faults ----------------------------------------------------------------------------------


async def test_what_is_no_line_and_no_keyboard_is_the_wrong_device(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    wrong = ("wrong_device", DeviceState.NO_DEVICE)
    ours, theirs = os.openpty()
    try:
        assert await fault_of(serial(port=str(tmp_path / "file"))) == wrong
        assert await fault_of(wedge(path=str(tmp_path))) == wrong
        assert await fault_of(wedge(path=os.ttyname(theirs))) == wrong  # it can't be grabbed
    finally:
        os.close(ours)
        os.close(theirs)


async def test_a_line_that_another_program_has_is_taken(tmp_path: Path) -> None:
    simulator = ScannerSimulator(tmp_path)
    simulator.start()
    other = serial(port=str(tmp_path / TTY))
    try:
        assert (await other.status()).usable
        assert await fault_of(serial(port=str(tmp_path / TTY))) == ("taken", DeviceState.OFFLINE)
    finally:
        await other.close()
        simulator.stop()


@pytest.mark.parametrize(
    ("number", "told"), [(errno.EBUSY, "taken"), (errno.EACCES, "denied"), (errno.ENODEV, None)]
)
async def test_a_kernel_that_refuses_the_device_is_understood(
    number: int, told: str | None, keyboard: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("drivers.evdev._opened", refuse)
    assert (await fault_of(wedge(path=keyboard[0])))[0] == (told or "not_connected")


async def test_a_denied_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "not yours")

    simulator = ScannerSimulator(tmp_path)
    simulator.start()
    monkeypatch.setattr("serial.Serial", refuse)
    try:
        assert await fault_of(serial(port=str(tmp_path / TTY))) == ("denied", DeviceState.OFFLINE)
    finally:
        simulator.stop()


@pytest.mark.parametrize(
    ("source", "told"),
    [("97", "not_connected"), ("http://", "misnamed"), ("rubbish.png", "no_picture")],
)
async def test_a_camera_that_gives_no_pictures_says_why(
    source: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rubbish.png").write_bytes(b"rubbish")
    scanner = CameraScanner.build(CameraScanner.Options(source=source), Site())
    assert await scanner.scan(5) is ScanFault.NO_SCANNER
    assert (await fault_of(scanner))[0] == told


async def test_three_garbled_scans_are_a_fault_that_a_good_one_ends(tmp_path: Path) -> None:
    simulator = ScannerSimulator(tmp_path)
    simulator.start()
    scanner = serial(port=str(tmp_path / TTY))
    try:
        codes = []
        for fault in ("garbage", "garbage", "garbage", None):
            status = await scanner.status()
            codes.append(status.fault.code if status.fault else None)
            assert status.usable
            task = asyncio.create_task(scanner.scan(5))
            await asyncio.sleep(0.2)
            write_state(tmp_path / "scanner.json", code="SAMPLE", fault=fault)
            result = await task
        assert codes == [None, None, None, "garbled"]
        assert isinstance(result, Code)
        assert (await scanner.status()).fault is None
    finally:
        await scanner.close()
        simulator.stop()


# ---- In the middle of a code -----------------------------------------------------------------


async def test_a_code_that_had_begun_before_the_scan_is_not_taken_for_a_whole_one(
    keyboard: tuple[str, int],
) -> None:
    path, end = keyboard
    scanner = wedge(path=path, idle_seconds=2)
    for _ in range(2):  # also when a look at the device has met the first half
        write(end, "first half, ", enter=False)
        assert (await scanner.status()).usable
        task = asyncio.create_task(scanner.scan(10))
        await asyncio.sleep(0.1)
        write(end, "second half", enter=True)
        write(end, "mine", enter=True)
        assert await task == Code("unknown", "mine")
    await scanner.close()


async def test_a_code_of_which_the_kernel_lost_a_part_is_not_readable(
    keyboard: tuple[str, int],
) -> None:
    path, end = keyboard
    scanner = wedge(path=path)
    await scanner.status()
    task = asyncio.create_task(scanner.scan(10))
    await asyncio.sleep(0.1)
    write(end, "AB", enter=False)
    os.write(end, pack([InputEvent(EV_SYN, SYN_DROPPED, 0)]))
    write(end, "CD", enter=True)
    assert await task is ScanFault.NOT_READABLE
    await scanner.close()


async def test_without_enter_a_pause_ends_the_code(keyboard: tuple[str, int]) -> None:
    path, end = keyboard
    scanner = wedge(path=path, enter=False)
    await scanner.status()
    task = asyncio.create_task(scanner.scan(10))
    await asyncio.sleep(0.1)
    write(end, "no enter", enter=False)
    assert await task == Code("unknown", "no enter")
    await scanner.close()


# ---- The input device ------------------------------------------------------------------------


def test_a_keyboard_is_found_by_a_part_of_its_name(tmp_path: Path) -> None:
    for name in ("usb-B_scanner-event-kbd", "usb-A_Scanner-event-kbd", "usb-A_Scanner-event-mouse"):
        (tmp_path / name).touch()
    assert find("scanner", tmp_path) == tmp_path / "usb-A_Scanner-event-kbd"
    assert find("keypad", tmp_path) is None
    assert find("", tmp_path / "missing") is None


def test_a_device_is_opened_again_when_its_name_leads_elsewhere(tmp_path: Path) -> None:
    source = EvdevSource("", "sample", tmp_path)
    assert source.open() is SourceFault.ABSENT
    path = tmp_path / "usb-Sample-event-kbd"
    for text in ("a", "b"):
        path.unlink(missing_ok=True)
        os.mkfifo(path)
        assert source.open() is None
        end = os.open(path, os.O_WRONLY)
        write(end, text, enter=False)
        assert source.read(1) == typed_events(text)
        os.close(end)
    assert source.read(1) is SourceFault.ABSENT  # nobody writes any more: unplugged
    source.end()


def typed_events(text: str) -> list[InputEvent]:
    return [event for strokes in typed(text, enter=False) for event in strokes]


def test_a_wake_ends_the_wait_and_half_an_event_is_forgotten(keyboard: tuple[str, int]) -> None:
    path, end = keyboard
    source = EvdevSource(path)
    assert source.open() is None
    source.wake()
    assert source.read(60) == []
    os.write(end, pack(typed_events("x"))[:10])
    assert source.read(1) == []
    assert source.read(0.01) == []
    write(end, "y", enter=False)
    assert source.read(1) == typed_events("y")
    assert source.discard() is None
    source.end()
    source.wake()


def test_a_device_is_grabbed_and_only_a_device_may_not_refuse(
    keyboard: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = fcntl.ioctl

    def told(file: int, request: int, argument: int) -> Any:
        asked.append(request)
        return real(file, request, argument)

    monkeypatch.setattr(fcntl, "ioctl", told)
    source = EvdevSource(keyboard[0])
    assert source.open() is None
    assert asked == [0x40044590]
    source.end()


@pytest.mark.parametrize("make", [serial, wedge])
async def test_waiting_costs_no_work(make: Any, tmp_path: Path) -> None:
    """Not a time, but how often the thread ran: a wait that polls would wake dozens of times."""
    simulator = ScannerSimulator(tmp_path)
    simulator.start()
    scanner = make(
        **{
            "port" if make is serial else "path": str(
                tmp_path / (TTY if make is serial else EVENTS)
            )
        }
    )
    await scanner.status()
    simulator._stopping.set()  # its thread looks at its file; ours alone is counted
    before = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
    assert await scanner.scan(1.5) is ScanFault.TIMED_OUT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before < 30
    await scanner.close()
    simulator.stop()
