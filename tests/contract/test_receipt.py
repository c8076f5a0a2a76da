"""What every receipt printer driver owes the session, against a printer that can fail."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image

from drivers.receipt import operations as ops
from drivers.receipt.decode import decode
from drivers.receipt.escpos import encode
from drivers.receipt.simulator import ReceiptSimulator
from drivers.receipt.transport import EscposNetworkPrinter
from drivers.statefile import write_state
from kiosk.model import (
    Align,
    DeviceState,
    FaultAction,
    PairLine,
    PrintOutcome,
    QrLine,
    Receipt,
    RuleLine,
    Rung,
    SupplyLevel,
    TextLine,
)
from kiosk.ports import ReceiptPrinter

LINK = "https://example.invalid/c/KT0001-000123"
RECEIPT = Receipt(
    (
        TextLine("示例县政务服务中心", Align.CENTRE, scale=2, bold=True),
        RuleLine(),
        PairLine("办件编号", "KT0001-000123"),
        PairLine("申请人", "刘䶮"),
        TextLine("请凭办件编号查询进度。"),
        QrLine(LINK),
    )
)
JOB_BYTES = len(encode(RECEIPT))
CLIMB = [Rung.QUEUED, Rung.SENT, Rung.PRINTED, Rung.PRESENTED]


@dataclass
class Bench:
    """A driver, the simulated printer behind it, and what both have shown."""

    folder: Path
    simulator: ReceiptSimulator
    printer: ReceiptPrinter
    rungs: list[Rung] = field(default_factory=list)

    def change(self, **state: object) -> None:
        write_state(self.folder / "receipt.json", **state)

    async def print(
        self, job: str = "job-1", on: Callable[[Rung], None] | None = None
    ) -> PrintOutcome:
        def climb(rung: Rung) -> None:
            self.rungs.append(rung)
            if on:
                on(rung)

        return await self.printer.print(job, RECEIPT, climb)

    def slips(self) -> list[Path]:
        return sorted((self.folder / "receipts").glob("*.escpos"))

    async def quiet(self) -> None:
        """Time enough for a buffer that was left full to come out."""
        await asyncio.sleep(0.4)


Driver = Callable[[ReceiptSimulator], ReceiptPrinter]


def escpos_network(simulator: ReceiptSimulator) -> ReceiptPrinter:
    return EscposNetworkPrinter("127.0.0.1", simulator.port, timeout=1, finish_seconds=8)


@asynccontextmanager
async def working(folder: Path, make: Driver, dots_per_second: float) -> AsyncIterator[Bench]:
    simulator = ReceiptSimulator(folder, dots_per_second=dots_per_second)
    simulator.start()
    printer = make(simulator)
    try:
        yield Bench(folder, simulator, printer)
    finally:
        await printer.close()
        simulator.stop()


@pytest_asyncio.fixture(params=[escpos_network])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with working(tmp_path, request.param, dots_per_second=4000) as made:
        yield made


@pytest_asyncio.fixture(params=[escpos_network])
async def slow_bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A slip takes two seconds, so that something can happen to it meanwhile."""
    async with working(tmp_path, request.param, dots_per_second=300) as made:
        yield made


def said(slip: Path) -> str:
    return "".join(d.op.text for d in decode(slip.read_bytes()) if isinstance(d.op, ops.Text))


async def test_a_good_slip_climbs_every_rung_once_and_is_the_one_that_was_asked_for(
    bench: Bench,
) -> None:
    assert await bench.print() == PrintOutcome(Rung.PRESENTED)
    assert bench.rungs == CLIMB
    [slip] = bench.slips()
    assert slip.read_bytes() == encode(RECEIPT)
    assert "办件编号" in said(slip)
    picture = Image.open(slip.with_suffix(".png")).convert("RGB")
    code = zxingcpp.read_barcode(picture)
    assert code
    assert code.text == LINK


async def test_two_slips_are_two_files_and_a_new_simulator_overwrites_none(bench: Bench) -> None:
    await bench.print("job-1")
    await bench.print("job-2")
    again = ReceiptSimulator(bench.folder, dots_per_second=4000)
    again.start()
    printer = escpos_network(again)
    try:
        assert (await printer.print("job-3", RECEIPT, lambda _: None)).done
    finally:
        await printer.close()
        again.stop()
    assert [slip.stem for slip in bench.slips()] == ["0001", "0002", "0003"]


async def test_a_job_that_was_printed_is_not_printed_again(bench: Bench) -> None:
    first = await bench.print("job-1")
    assert await bench.print("job-1") == first
    assert len(bench.slips()) == 1


@pytest.mark.parametrize(
    ("state", "code", "action", "device_state"),
    [
        ({"paper": "out"}, "paper_out", FaultAction.REFILL, DeviceState.OFFLINE),
        ({"cover": "open"}, "cover_open", FaultAction.CLEAR, DeviceState.USER_ERROR),
        ({"cutter": "error"}, "cutter_error", FaultAction.CLEAR, DeviceState.HARDWARE_ERROR),
        ({"silent": True}, "no_answer", FaultAction.RESET, DeviceState.OFFLINE),
        ({"power": "off"}, "unreachable", FaultAction.RESET, DeviceState.OFFLINE),
    ],
)
async def test_a_fault_before_the_job_keeps_every_byte_back(
    bench: Bench,
    state: dict[str, object],
    code: str,
    action: FaultAction,
    device_state: DeviceState,
) -> None:
    bench.change(**state)
    await asyncio.sleep(0.1)
    status = await bench.printer.status()
    assert status.fault
    assert (status.state, status.fault.code, status.fault.action) == (device_state, code, action)
    assert not status.usable

    outcome = await bench.print()
    assert outcome.rung is Rung.QUEUED
    assert outcome.fault == status.fault
    assert bench.rungs == [Rung.QUEUED]

    bench.change(paper="full", cover="closed", cutter="ok", silent=False, power="on")
    await bench.quiet()
    assert bench.slips() == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"paper": "out"}, "paper_out"),
        ({"cover": "open"}, "cover_open"),
        ({"cutter": "error"}, "cutter_error"),
        ({"silent": True}, "no_answer"),
        ({"power": "off"}, "unreachable"),
    ],
)
async def test_a_fault_amid_the_job_is_unconfirmed_and_nothing_comes_out_later(
    slow_bench: Bench, state: dict[str, object], code: str
) -> None:
    def break_it(rung: Rung) -> None:
        if rung is Rung.SENT:
            slow_bench.change(**state)

    outcome = await slow_bench.print(on=break_it)
    assert outcome.rung is Rung.UNCONFIRMED
    assert outcome.fault
    assert outcome.fault.code == code
    assert slow_bench.rungs == CLIMB[:2]
    assert slow_bench.slips() == []

    slow_bench.change(paper="full", cover="closed", cutter="ok", silent=False, power="on")
    await asyncio.sleep(0.1)
    assert (await slow_bench.print()).rung is Rung.UNCONFIRMED, "the same job is not sent again"
    assert (await slow_bench.print("job-2")).done
    assert len(slow_bench.slips()) == 1


@pytest.mark.parametrize("after", [0, 1, JOB_BYTES // 2, JOB_BYTES - 1, JOB_BYTES])
async def test_power_that_fails_after_some_bytes_is_unconfirmed_and_never_repeated(
    bench: Bench, after: int
) -> None:
    bench.change(die_after=after)
    outcome = await bench.print()
    assert outcome.rung is Rung.UNCONFIRMED
    assert outcome.fault
    assert outcome.fault.code == "unreachable"
    slips = 1 if after == JOB_BYTES else 0  # cut, but nobody could say so any more
    assert len(bench.slips()) == slips
    assert (await bench.printer.status()).fault is not None

    bench.change(power="on")
    await bench.quiet()
    assert (await bench.printer.status()).usable
    assert len(bench.slips()) == slips


async def test_serves_again_when_paper_was_refilled(bench: Bench) -> None:
    bench.change(paper="out")
    assert (await bench.print()).rung is Rung.QUEUED
    bench.change(paper="full")
    assert (await bench.print()).done, "a job that never reached the printer may be tried again"
    assert len(bench.slips()) == 1


async def test_low_paper_is_told_and_still_prints(bench: Bench) -> None:
    bench.change(paper="low")
    status = await bench.printer.status()
    assert (status.state, status.supplies["paper"]) == (DeviceState.ONLINE, SupplyLevel.LOW)
    assert (await bench.print()).done


async def test_a_printer_is_absent_only_after_three_misses(bench: Bench) -> None:
    assert (await bench.printer.status()).state is DeviceState.ONLINE
    bench.change(power="off")
    await asyncio.sleep(0.1)
    states = [(await bench.printer.status()).state for _ in range(4)]
    assert states == [DeviceState.OFFLINE] * 2 + [DeviceState.NO_DEVICE] * 2
    bench.change(power="on")
    await asyncio.sleep(0.1)
    assert (await bench.printer.status()).state is DeviceState.ONLINE


async def test_status_during_a_job_is_busy_and_does_not_disturb_it(slow_bench: Bench) -> None:
    seen: list[asyncio.Task[object]] = []

    def look(rung: Rung) -> None:
        if rung is Rung.SENT:
            seen.append(asyncio.ensure_future(slow_bench.printer.status()))

    assert (await slow_bench.print(on=look)).done
    status = await seen[0]
    assert getattr(status, "state", None) is DeviceState.BUSY


async def test_two_jobs_at_once_come_out_one_after_the_other(bench: Bench) -> None:
    outcomes = await asyncio.gather(bench.print("job-1"), bench.print("job-2"))
    assert [outcome.rung for outcome in outcomes] == [Rung.PRESENTED] * 2
    assert [slip.read_bytes() for slip in bench.slips()] == [encode(RECEIPT)] * 2


async def test_a_port_that_nobody_listens_on_is_no_printer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        printer = EscposNetworkPrinter("127.0.0.1", taken.getsockname()[1], timeout=0.5)
        outcome = await printer.print("job-1", RECEIPT, lambda _: None)
        await printer.close()
    assert outcome.rung is Rung.QUEUED
    assert outcome.fault
    assert outcome.fault.code == "unreachable"


async def test_a_visit_that_is_torn_down_leaves_the_driver_able_to_print(slow_bench: Bench) -> None:
    task = asyncio.ensure_future(slow_bench.print("job-1"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await slow_bench.print("job-2")).done
    assert 1 <= len(slow_bench.slips()) <= 2


def test_the_library_leaves_no_temporary_folder_behind(tmp_path: Path) -> None:
    """In a process of its own: the folder is made while the library is imported."""
    code = (
        "from drivers.receipt.link import Link\n"
        "try:\n    Link('127.0.0.1', 9, 0.2)\nexcept OSError:\n    pass\n"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
