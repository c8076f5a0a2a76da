"""What every receipt printer driver owes the session, against a printer that can fail."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image

from drivers.receipt.escpos import encode
from drivers.receipt.simulator import ReceiptSimulator
from drivers.receipt.status import FAULTS, ReceiptFault
from kiosk.model import DeviceState, FaultAction, PrintOutcome, Rung, SupplyLevel
from receiptwork import (
    CLIMB,
    JOB_BYTES,
    LINES,
    LINK,
    RECEIPT,
    WELL,
    Bench,
    code_of,
    on_every_line,
    said,
    working,
)

BROKEN = [
    ({"paper": "out"}, "paper_out", FaultAction.REFILL, DeviceState.OFFLINE),
    ({"cover": "open"}, "cover_open", FaultAction.CLEAR, DeviceState.USER_ERROR),
    ({"cutter": "error"}, "cutter_error", FaultAction.CLEAR, DeviceState.HARDWARE_ERROR),
    (
        {"error": "recoverable"},
        "recoverable_error",
        FaultAction.RESET,
        DeviceState.HARDWARE_ERROR,
    ),
    (
        {"error": "unrecoverable"},
        "unrecoverable_error",
        FaultAction.MAINTENANCE,
        DeviceState.HARDWARE_ERROR,
    ),
    (
        {"error": "auto_recovering"},
        "auto_recovering",
        FaultAction.SUSPEND,
        DeviceState.HARDWARE_ERROR,
    ),
    ({"feed_button": True}, "not_ready", FaultAction.RESET, DeviceState.OFFLINE),
]
SLOW = 600  # dots a second
AWAY = [
    ({"silent": True}, "no_answer", FaultAction.RESET, DeviceState.OFFLINE),
    ({"noise": "garbage"}, "no_answer", FaultAction.RESET, DeviceState.OFFLINE),
    ({"power": "off"}, "unreachable", FaultAction.RESET, DeviceState.NO_DEVICE),
    ({"plugged": False}, "unreachable", FaultAction.RESET, DeviceState.NO_DEVICE),
]

CODES = [code for _, code, *_ in BROKEN]
AWAY_NAMES = ["silent", "garbage", "power off", "cable out"]
PASSING = ("auto_recovering", "not_ready")
Row = tuple[dict[str, object], str, FaultAction, DeviceState]


@pytest_asyncio.fixture(params=LINES)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """Once on each line."""
    async with working(tmp_path, request.param, pictures=True) as made:
        yield made


@pytest_asyncio.fixture
async def one_bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """For rules of the common core that no line has a part in."""
    async with working(tmp_path, "network") as made:
        yield made


@pytest_asyncio.fixture
async def slow_bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A slip takes more than a second, so that something can happen to it meanwhile."""
    async with working(tmp_path, "network", SLOW) as made:
        yield made


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


async def test_two_slips_are_two_files_and_a_new_simulator_overwrites_none(
    one_bench: Bench,
) -> None:
    await one_bench.print("job-1")
    await one_bench.print("job-2")
    port = one_bench.simulator.port
    one_bench.simulator.stop()
    again = ReceiptSimulator(one_bench.folder, port, dots_per_second=4000)
    again.start()
    try:
        assert (await one_bench.print("job-3")).done
    finally:
        again.stop()
    assert [slip.stem for slip in one_bench.slips()] == ["0001", "0002", "0003"]


async def test_a_job_that_was_printed_is_not_printed_again(one_bench: Bench) -> None:
    first = await one_bench.print("job-1")
    assert await one_bench.print("job-1") == first
    assert len(one_bench.slips()) == 1


async def fails_before(
    bench: Bench, state: dict[str, object], code: str, action: FaultAction, is_then: DeviceState
) -> None:
    bench.change(**state)
    status = await bench.until(lambda status: status.fault is not None)
    assert status.fault
    assert (status.state, status.fault.code, status.fault.action) == (is_then, code, action)
    assert not status.usable

    outcome = await bench.print()
    assert outcome.rung is Rung.QUEUED
    assert outcome.fault == status.fault
    assert bench.rungs == [Rung.QUEUED]

    bench.change(**WELL)
    await bench.until(lambda status: status.usable)
    assert bench.slips() == []
    assert (await bench.print()).done, "a job that never reached the printer may be tried again"


@pytest.mark.parametrize("fault", BROKEN, ids=CODES)
async def test_a_fault_before_the_job_keeps_every_byte_back(one_bench: Bench, fault: Row) -> None:
    await fails_before(one_bench, *fault)


async def test_a_printer_that_is_away_gets_no_byte_and_serves_when_it_is_back(
    tmp_path: Path,
) -> None:
    async def one(name: str, fault: Row) -> None:
        await on_every_line(tmp_path / name, lambda bench: fails_before(bench, *fault))

    await asyncio.gather(*(one(*away) for away in zip(AWAY_NAMES, AWAY, strict=True)))


async def fails_amid(bench: Bench, state: dict[str, object], code: str) -> None:
    def break_it(rung: Rung) -> None:
        if rung is Rung.SENT:
            bench.change(**state)

    outcome = await bench.print(on=break_it)
    assert outcome.rung is Rung.UNCONFIRMED
    # A cable pulled from a network printer is silence at first.
    silence = "plugged" in state and bench.line == "network"
    assert code_of(outcome) == ("no_answer" if silence else code)
    assert bench.rungs == CLIMB[:2]

    bench.change(**WELL)
    assert (await bench.print_when_back("job-2")).done
    assert (await bench.print()).rung is Rung.UNCONFIRMED, "the same job is not sent again"
    # Silence does not stop the motor: a slip that was whole in the buffer may come out.
    stopped = state.keys() & {"power", "paper", "cover", "cutter", "error"}
    assert len(bench.slips()) <= (1 if stopped else 2)


async def test_a_fault_amid_the_job_is_unconfirmed_and_nothing_comes_out_later(
    tmp_path: Path,
) -> None:
    async def one(state: dict[str, object], code: str) -> None:
        (tmp_path / code).mkdir()
        async with working(tmp_path / code, "network", SLOW) as bench:
            await fails_amid(bench, state, code)

    lasting = [row[:2] for row in BROKEN if row[1] not in PASSING]
    await asyncio.gather(*(one(*row) for row in lasting))


async def test_a_printer_that_goes_away_amid_the_job_leaves_it_unconfirmed(
    tmp_path: Path,
) -> None:
    async def one(name: str, fault: Row) -> None:
        await on_every_line(tmp_path / name, lambda bench: fails_amid(bench, *fault[:2]), SLOW)

    await asyncio.gather(*(one(*away) for away in zip(AWAY_NAMES, AWAY, strict=True)))


@pytest.mark.parametrize(
    "state", [{"error": "auto_recovering"}, {"feed_button": True}], ids=["too hot", "feed button"]
)
async def test_what_passes_by_itself_delays_a_slip_and_does_not_spoil_it(
    tmp_path: Path, state: dict[str, object]
) -> None:
    async with working(tmp_path, "network", dots_per_second=1000) as bench:
        loop = asyncio.get_running_loop()

        def pause(rung: Rung) -> None:
            if rung is Rung.SENT:
                bench.change(**state)
                loop.call_later(1.2, lambda: bench.change(**WELL))

        assert (await bench.print(on=pause)).done
        assert bench.rungs == CLIMB
        assert len(bench.slips()) == 1


async def test_what_should_pass_and_does_not_is_told_when_the_time_is_over(tmp_path: Path) -> None:
    async with working(tmp_path, "network", dots_per_second=400, finish_seconds=1) as bench:

        def heat(rung: Rung) -> None:
            if rung is Rung.SENT:
                bench.change(error="auto_recovering")

        outcome = await bench.print(on=heat)
    assert (outcome.rung, code_of(outcome)) == (Rung.UNCONFIRMED, "auto_recovering")


@pytest.mark.parametrize("after", [0, JOB_BYTES // 2, JOB_BYTES])
async def test_power_that_fails_after_some_bytes_is_unconfirmed_and_never_repeated(
    tmp_path: Path, after: int
) -> None:
    async def fail(bench: Bench) -> None:
        bench.change(die_after=after)
        outcome = await bench.print()
        assert outcome.rung is Rung.UNCONFIRMED
        assert code_of(outcome) == "unreachable"
        slips = 1 if after == JOB_BYTES else 0  # cut, but nobody could say so any more
        assert len(bench.slips()) == slips
        assert (await bench.until(lambda status: status.fault is not None)).fault

        bench.change(power="on")
        await bench.until(lambda status: status.usable)
        await bench.quiet()
        assert len(bench.slips()) == slips

    await on_every_line(tmp_path, fail)


@pytest.mark.parametrize("after", [300, JOB_BYTES - 1])
async def test_a_cable_pulled_with_a_part_of_the_slip_sent_is_unconfirmed(
    tmp_path: Path, after: int
) -> None:
    async def pull(bench: Bench) -> None:
        await bench.until(lambda status: status.usable)
        bench.change(pull_after=after)
        outcome = await bench.print()
        assert outcome.rung is Rung.UNCONFIRMED
        assert code_of(outcome) in ("unreachable", "no_answer")
        assert bench.slips() == []

        bench.change(plugged=True)
        await bench.until(lambda status: status.usable)
        assert (await bench.print()).rung is Rung.UNCONFIRMED

    await on_every_line(tmp_path, pull)


async def test_low_paper_is_told_and_still_prints(one_bench: Bench) -> None:
    bench = one_bench
    bench.change(paper="low")
    status = await bench.printer.status()
    assert (status.state, status.supplies["paper"]) == (DeviceState.ONLINE, SupplyLevel.LOW)
    assert (await bench.print()).done


async def test_a_printer_is_absent_only_after_three_misses(one_bench: Bench) -> None:
    bench = one_bench
    assert (await bench.printer.status()).state is DeviceState.ONLINE
    bench.change(power="off")
    await asyncio.sleep(0.1)
    states = []
    for _ in range(12):
        states.append((await bench.printer.status()).state)
        await asyncio.sleep(0.1)
    assert states[:2] == [DeviceState.ONLINE] * 2
    assert states[-1] is DeviceState.NO_DEVICE
    bench.change(power="on")
    await bench.until(lambda status: status.state is DeviceState.ONLINE)


async def test_status_during_a_job_is_busy_and_does_not_disturb_it(slow_bench: Bench) -> None:
    seen: list[asyncio.Task[object]] = []

    def look(rung: Rung) -> None:
        if rung is Rung.SENT:
            seen.append(asyncio.ensure_future(slow_bench.printer.status()))

    assert (await slow_bench.print(on=look)).done
    status = await seen[0]
    assert getattr(status, "state", None) is DeviceState.BUSY


async def test_two_jobs_at_once_come_out_one_after_the_other(one_bench: Bench) -> None:
    bench = one_bench
    outcomes = await asyncio.gather(bench.print("job-1"), bench.print("job-2"))
    assert [outcome.rung for outcome in outcomes] == [Rung.PRESENTED] * 2
    assert [slip.read_bytes() for slip in bench.slips()] == [encode(RECEIPT)] * 2


async def test_a_visit_that_is_torn_down_leaves_the_driver_able_to_print(
    slow_bench: Bench,
) -> None:
    task = asyncio.ensure_future(slow_bench.print("job-1"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await slow_bench.printer.status()).state is DeviceState.BUSY, "the job goes on"
    assert (await slow_bench.print("job-2")).done
    assert 1 <= len(slow_bench.slips()) <= 2


async def test_closing_ends_a_job_that_waits_and_later_calls_find_no_printer(
    slow_bench: Bench,
) -> None:
    closing: list[asyncio.Task[None]] = []

    def close(rung: Rung) -> None:
        if rung is Rung.SENT:
            closing.append(asyncio.ensure_future(slow_bench.printer.close()))

    outcome = await asyncio.wait_for(slow_bench.print(on=close), 30)
    await asyncio.wait_for(closing[0], 30)
    assert outcome.rung is Rung.UNCONFIRMED
    assert (await slow_bench.print("job-2")) == PrintOutcome(
        Rung.QUEUED, (await slow_bench.printer.status()).fault
    )
    assert (await slow_bench.printer.status()).state is DeviceState.NO_DEVICE


def test_every_fault_of_the_vocabulary_is_produced_somewhere() -> None:
    """Those that are not in the table above have their tests in `test_receipt_lines`."""
    elsewhere = {"port_denied", "cannot_confirm", "too_long"}
    assert {code for _, code, *_ in (*BROKEN, *AWAY)} | elsewhere == set(FAULTS)
    assert set(FAULTS) == set(ReceiptFault)
    assert {code: FAULTS[code] for _, code, action, _ in BROKEN} == {
        code: action for _, code, action, _ in BROKEN
    }


def test_the_library_leaves_no_temporary_folder_behind(tmp_path: Path) -> None:
    """In a process of its own: the folder is made while the library is imported."""
    code = (
        "from drivers.receipt.network import NetworkWire\n"
        "try:\n    NetworkWire('127.0.0.1', 9, 0.2)\nexcept OSError:\n    pass\n"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
