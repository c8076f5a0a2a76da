"""Receipt printers that know less, answer late, or say more than they were asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from drivers.receipt import operations as ops
from drivers.receipt.decode import decode
from drivers.receipt.escpos import Paper, encode
from kiosk.model import (
    DeviceState,
    FaultAction,
    PairLine,
    PrintOutcome,
    QrLine,
    Receipt,
    Rung,
    SupplyLevel,
    TextLine,
)
from receiptwork import CLIMB, LINK, RECEIPT, WELL, code_of, working

NOTHING_IN_TURN = ["GS r", "GS I", "GS a"]


@pytest.mark.parametrize("noise", ["flow", "automatic"])
@pytest.mark.parametrize("line", ["network", "serial"])
async def test_what_was_not_asked_for_disturbs_nothing(
    tmp_path: Path, line: str, noise: str
) -> None:
    async with working(tmp_path, line) as bench:
        bench.change(noise=noise, paper="low")
        assert (await bench.printer.status()).supplies["paper"] is SupplyLevel.LOW
        assert (await bench.print()).done
        bench.change(cover="open")
        assert code_of(await bench.printer.status()) == "cover_open"


async def test_a_printer_that_takes_its_time_for_every_answer_is_understood(
    tmp_path: Path,
) -> None:
    async with working(tmp_path, "network") as bench:
        bench.change(delay=0.3)
        assert (await bench.printer.status()).state is DeviceState.ONLINE
        assert (await bench.print()).done
        bench.change(cover="open")
        assert code_of(await bench.printer.status()) == "cover_open"


async def test_status_never_takes_longer_than_it_may(tmp_path: Path) -> None:
    async with working(tmp_path, "network", timeout=4) as bench:
        bench.change(delay=1.8)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await bench.printer.status()
        assert loop.time() - begun < 5


@pytest.mark.parametrize("unknown", [["GS r"], ["GS r", "GS I"]], ids=["GS I", "GS a"])
@pytest.mark.parametrize("asked_before", [False, True])
async def test_a_printer_without_gs_r_confirms_by_what_it_knows(
    tmp_path: Path, unknown: list[str], asked_before: bool
) -> None:
    async with working(tmp_path, "network") as bench:
        bench.change(unknown=unknown)
        for _ in range(3 * asked_before):
            assert (await bench.printer.status()).usable
        assert await bench.print() == PrintOutcome(Rung.PRESENTED)
        assert bench.rungs == CLIMB
        [slip] = bench.slips()
        before, _, after = slip.read_bytes().partition(encode(RECEIPT))
        assert after == b""
        kinds = {type(part.op) for part in decode(before)}
        assert kinds <= {ops.Initialise, ops.AutomaticStatus}, "nothing of it is on the paper"
        assert (await bench.print("job-2")).done


async def test_a_printer_that_can_confirm_nothing_is_told_and_gets_no_slip(
    tmp_path: Path,
) -> None:
    async with working(tmp_path, "network") as bench:
        bench.change(unknown=NOTHING_IN_TURN)
        status = await bench.until(lambda status: status.fault is not None)
        assert status.fault
        assert (status.fault.code, status.fault.action) == (
            "cannot_confirm",
            FaultAction.CONFIGURATION,
        )
        assert status.supplies["paper"] is SupplyLevel.FULL
        outcome = await bench.print()
        assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "cannot_confirm")
        bench.change(unknown=[])
        await bench.until(lambda status: status.usable)
        assert (await bench.print()).done
        assert len(bench.slips()) == 1


async def test_where_settings_allow_it_such_a_printer_prints_and_every_slip_is_unconfirmed(
    tmp_path: Path,
) -> None:
    async with working(tmp_path, "network", answers="real_time") as bench:
        bench.change(unknown=NOTHING_IN_TURN)
        assert (await bench.printer.status()).usable
        assert await bench.print() == PrintOutcome(Rung.UNCONFIRMED)
        assert bench.rungs == CLIMB[:2]
        assert len(bench.slips()) == 1, "it waited until the slip should be out"

        bench.change(paper="out")
        outcome = await bench.print("job-2")
        assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "paper_out")


async def test_a_fault_of_such_a_printer_amid_the_slip_is_seen(tmp_path: Path) -> None:
    async with working(tmp_path, "network", 400, answers="real_time") as bench:
        outcome = await bench.print(
            on=lambda rung: bench.change(cover="open") if rung is Rung.SENT else None
        )
        assert (outcome.rung, code_of(outcome)) == (Rung.UNCONFIRMED, "cover_open")
        bench.change(**WELL)
        await bench.quiet()
        assert bench.slips() == []


async def test_a_printer_that_cannot_forget_a_slip_does_not_hang_the_driver(
    tmp_path: Path,
) -> None:
    async with working(tmp_path, "network", 600) as bench:
        bench.change(unknown=["DLE DC4"])
        outcome = await bench.print(
            on=lambda rung: bench.change(paper="out") if rung is Rung.SENT else None
        )
        assert (outcome.rung, code_of(outcome)) == (Rung.UNCONFIRMED, "paper_out")
        bench.change(**WELL)
        assert (await bench.print_when_back("job-2")).done
        assert len(bench.slips()) == 2, "the first one came out before"


@pytest.mark.parametrize(
    "receipt",
    [Receipt((QrLine("a" * 3000),)), Receipt((TextLine("䶮\n" * 500),))],
    ids=["code", "length"],
)
async def test_a_slip_that_no_paper_holds_is_refused_before_a_byte_is_sent(
    tmp_path: Path, receipt: Receipt
) -> None:
    async with working(tmp_path, "network") as bench:
        outcome = await bench.print(receipt=receipt)
        assert (outcome.rung, code_of(outcome)) == (Rung.QUEUED, "too_long")
        assert outcome.fault
        assert outcome.fault.action is FaultAction.CONFIGURATION
        assert (await bench.print()).done


async def test_a_narrow_printer_without_codes_and_knife_prints_all_of_it(tmp_path: Path) -> None:
    options = {"profile": "POS-5890", "width_dots": 384}
    async with working(tmp_path, "serial", pictures=True, **options) as bench:
        assert (await bench.print()).done
        [slip] = bench.slips()
        found = [part.op for part in decode(slip.read_bytes())]
        code = zxingcpp.read_barcode(Image.open(slip.with_suffix(".png")).convert("RGB"))
        assert code
        assert code.text == LINK
        assert not any(isinstance(op, ops.Cut | ops.QrPrint) for op in found)
        assert all(op.width <= 48 for op in found if isinstance(op, ops.Raster))


async def test_what_a_citizen_typed_is_never_obeyed(tmp_path: Path) -> None:
    """Commands as text, over a real line: the printer does nothing but print."""
    hostile = "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x1b@\x1dV\x00\x10\x04\x01䶮\x1c.\x1dr\x01"
    receipt = Receipt((TextLine(hostile), PairLine("申请人", hostile), QrLine(hostile)))
    async with working(tmp_path, "network") as bench:
        assert (await bench.print(receipt=receipt)).done
        [slip] = bench.slips()
        found = [part.op for part in decode(slip.read_bytes())]
        assert not any(isinstance(op, ops.Unknown | ops.AskNow | ops.ClearBuffers) for op in found)
        assert sum(isinstance(op, ops.Cut) for op in found) == 1
        assert slip.read_bytes() == encode(receipt, Paper())


async def test_no_slip_is_kept_or_shown_by_the_driver(tmp_path: Path) -> None:
    name = "刘䶮"
    async with working(tmp_path, "network") as bench:
        await bench.print()
        state = repr(vars(bench.printer)) + repr(RECEIPT)
        assert name not in state
        held = [value for value in vars(bench.printer).values() if isinstance(value, bytes)]
        assert held == []
