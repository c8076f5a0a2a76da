"""What is particular to each line of a receipt printer."""

from __future__ import annotations

import asyncio
import os
import socket
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from drivers.options import Site
from drivers.receipt.escpos import encode
from drivers.receipt.file import EscposFilePrinter, FileOptions
from drivers.receipt.link import Wire
from drivers.receipt.network import EscposNetworkPrinter, NetworkOptions
from drivers.receipt.plugs import PtyPlug
from drivers.receipt.serial import Flow, SerialWire
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    FaultAction,
    PairLine,
    PrintOutcome,
    Receipt,
    Rung,
    SupplyLevel,
)
from receiptusb import UsbPlug
from receiptwork import RECEIPT, WELL, code_of, driver, working

LONG = Receipt(RECEIPT.lines * 6)
LONGER = Receipt(RECEIPT.lines * 60)  # 180 kB: more than the kernel holds for a pty's other end


# ---- Every line that can be held up ------------------------------------------------------------


@pytest.mark.parametrize("line", ["network", "serial", "usb"])
async def test_a_slip_longer_than_the_printers_buffer_comes_out_whole(
    tmp_path: Path, line: str
) -> None:
    async with working(tmp_path, line, 8000, buffer_bytes=4096) as bench:
        assert (await bench.print(receipt=LONG)).done
        [slip] = bench.slips()
        assert slip.read_bytes() == encode(LONG)


@pytest.mark.parametrize("line", ["serial", "usb"])
async def test_a_line_that_stands_still_is_given_up_and_nothing_comes_out_later(
    tmp_path: Path, line: str
) -> None:
    """The cover is opened while the printer's buffer is full, and the rest can't be sent."""
    async with working(tmp_path, line, 1000, buffer_bytes=4096) as bench:
        await bench.printer.status()
        printing = asyncio.create_task(bench.print(receipt=LONGER))
        while bench.simulator.held < 3000 and not printing.done():
            await asyncio.sleep(0.01)
        bench.change(cover="open")
        outcome = await asyncio.wait_for(printing, 12)
        assert outcome.rung is Rung.UNCONFIRMED
        assert code_of(outcome) in ("cover_open", "no_answer")
        assert bench.rungs == [Rung.QUEUED], "not all of it was sent"


# ---- TCP ---------------------------------------------------------------------------------------


class Counted(EscposNetworkPrinter):
    """Counts how often it looks for the printer."""

    opened = 0

    def _open(self) -> Wire:
        self.opened += 1
        return super()._open()


def absent_port() -> tuple[socket.socket, int]:
    """A port that nobody listens on, and nobody can take."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken, int(taken.getsockname()[1])


async def test_a_dead_host_is_not_hammered_and_is_found_soon_after_its_return() -> None:
    taken, port = absent_port()
    printer = Counted(NetworkOptions(host="127.0.0.1", port=port, timeout=0.5))
    loop = asyncio.get_running_loop()
    with taken:
        end = loop.time() + 3
        while loop.time() < end:
            status = await printer.status()
            await asyncio.sleep(0.01)
        assert status.state is DeviceState.NO_DEVICE
        assert 3 <= printer.opened <= 6
        taken.listen()
        tries, begun = printer.opened, loop.time()
        while printer.opened == tries:
            await printer.status()
            await asyncio.sleep(0.05)
        assert loop.time() - begun < 4
    await printer.close()


async def test_a_port_that_nobody_listens_on_is_no_printer() -> None:
    taken, port = absent_port()
    printer = EscposNetworkPrinter(NetworkOptions(host="127.0.0.1", port=port, timeout=0.5))
    with taken:
        outcome = await printer.print("job-1", RECEIPT, lambda _: None)
    await printer.close()
    assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "unreachable")


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "300.1.1.1"])
async def test_a_host_that_is_none_is_a_printer_that_is_away(host: str) -> None:
    printer = EscposNetworkPrinter(NetworkOptions(host=host, timeout=0.5))
    outcome = await printer.print("job-1", RECEIPT, lambda _: None)
    await printer.close()
    assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "unreachable")


# ---- Serial ------------------------------------------------------------------------------------


@pytest.fixture
def tty(tmp_path: Path) -> Iterator[Path]:
    plug = PtyPlug(tmp_path / "tty")
    plug.start()
    yield tmp_path / "tty"
    plug.stop()


async def test_a_port_that_another_program_has_is_denied_and_served_when_it_is_free(
    tmp_path: Path,
) -> None:
    async with working(tmp_path, "serial") as bench:
        other: Any = driver("serial", tmp_path, bench.plug)
        try:
            assert (await other.status()).state is DeviceState.ONLINE
            status = await bench.printer.status()
            assert status.fault
            assert (status.fault.code, status.fault.action) == (
                "port_denied",
                FaultAction.CONFIGURATION,
            )
        finally:
            await other.close()
        await bench.until(lambda status: status.usable)
        assert (await bench.print()).done


def test_a_break_on_the_line_is_no_answer(tty: Path) -> None:
    """A pseudo-terminal carries no break, but shows how the line is set."""
    wire = SerialWire(str(tty), 115200, Flow.NONE)
    with tty.open("rb", buffering=0) as same:
        flags = termios.tcgetattr(same)[0]
    wire.close(drop=True)
    for flag in (termios.IGNBRK, termios.IGNPAR, termios.INPCK):
        assert flags & flag


def test_dsr_holds_a_slip_up_but_no_real_time_command(
    tty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pseudo-terminal has no DSR, so this one line is made up; all else is real."""
    ready = threading.Event()
    monkeypatch.setattr(serial.Serial, "dsr", property(lambda _: ready.is_set()))
    wire = SerialWire(str(tty), 115200, Flow.DSR_DTR)
    try:
        assert wire.send(b"slip", 0.05) == 0
        assert wire.send(b"\x10\x04\x01", 0.05, urgent=True) == 3
        ready.set()
        assert wire.send(b"s" * 5000, 0.05) == int(11520 * 0.05), "a little ahead, no more"
    finally:
        wire.close(drop=True)


def test_xoff_holds_a_slip_up_but_no_real_time_command(tty: Path) -> None:
    plug = os.open(tty, os.O_RDWR | os.O_NOCTTY)
    wire = SerialWire(str(tty), 115200, Flow.XON_XOFF)
    try:
        termios.tcflow(plug, termios.TCOOFF)
        assert wire.send(b"slip", 0.05) == 0
        assert wire.send(b"\x10\x04\x01", 0.05, urgent=True) == 3
    finally:
        wire.close(drop=True)
        os.close(plug)


# ---- USB ---------------------------------------------------------------------------------------


async def test_a_usb_printer_without_rights_is_denied(tmp_path: Path) -> None:
    async with working(tmp_path, "usb") as bench:
        assert isinstance(bench.plug, UsbPlug)
        bench.plug.denied = True
        assert code_of(await bench.printer.status()) == "port_denied"
        bench.plug.denied = False
        assert (await bench.until(lambda status: status.usable)).state is DeviceState.ONLINE


async def test_a_usb_printer_that_was_replugged_is_opened_anew_for_the_next_slip(
    tmp_path: Path,
) -> None:
    async with working(tmp_path, "usb") as bench:
        assert (await bench.print("job-1")).done
        bench.change(plugged=False)
        await asyncio.sleep(0.15)
        bench.change(**WELL)
        await asyncio.sleep(0.15)
        assert (await bench.print("job-2")).done


# ---- A device file -----------------------------------------------------------------------------


def file_printer(path: Path, **options: object) -> EscposFilePrinter:
    wanted = {"path": str(path), "timeout": 0.3, **options}
    return EscposFilePrinter.build(FileOptions.model_validate(wanted), Site())


async def certain(printer: EscposFilePrinter) -> DeviceStatus:
    for _ in range(40):
        status = await printer.status()
        if status.state is not DeviceState.STARTING:
            break
        await asyncio.sleep(0.05)
    return status


async def test_a_printer_that_is_not_there_is_not_made_by_printing(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    printer = file_printer(path)
    outcome = await printer.print("job-1", RECEIPT, lambda _: None)
    assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "unreachable")
    assert (await certain(printer)).state is DeviceState.NO_DEVICE
    assert not path.exists()
    await printer.close()


async def test_a_plain_file_is_no_printer(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    path.write_bytes(b"somebody's")
    printer = file_printer(path, answers="never")
    outcome = await printer.print("job-1", RECEIPT, lambda _: None)
    assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "unreachable")
    assert path.read_bytes() == b"somebody's"
    await printer.close()


async def test_a_device_that_is_only_written_knows_nothing_and_confirms_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    printer = file_printer(path, answers="never")
    rungs: list[Rung] = []
    end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        status = await printer.status()
        assert (status.state, status.fault) == (DeviceState.ONLINE, None)
        assert status.supplies == {"paper": SupplyLevel.UNKNOWN}
        receipt = Receipt((PairLine("申请人", "示例"),))
        assert await printer.print("job-1", receipt, rungs.append) == PrintOutcome(Rung.UNCONFIRMED)
        assert rungs == [Rung.QUEUED, Rung.SENT]
        assert os.read(end, 65536) == encode(receipt)
    finally:
        os.close(end)
    assert code_of(await printer.print("job-2", RECEIPT, rungs.append)) == "unreachable"
    assert (await certain(printer)).fault is None, "believed only after three misses"
    for _ in range(20):
        await asyncio.sleep(0.1)
        status = await printer.status()
    assert status.state is DeviceState.NO_DEVICE
    await printer.close()
