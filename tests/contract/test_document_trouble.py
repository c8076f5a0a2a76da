"""Power, cables and printers that do not let go: what becomes of a document in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from documentwork import (
    CANCELED,
    CLIMB,
    PDF,
    QUICK,
    Simulated,
    SimulatedBench,
    driver,
    ended,
    give,
    waiting,
)  # fmt: skip
from drivers.document import jobs
from drivers.document.faults import fault_of
from drivers.document.link import NoAnswerError
from drivers.document.status import DocumentFault
from kiosk.model import DeviceState, FaultAction, Rung


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[SimulatedBench]:
    world = Simulated(tmp_path)
    made = SimulatedBench(world, driver(world.uri, **QUICK))
    yield made
    await made.printer.close()
    world.stop()


async def test_power_lost_amid_a_job_is_unconfirmed_and_nothing_comes_out_later(
    bench: SimulatedBench,
) -> None:
    bench.world.change(rung_seconds=0.5)

    def pull_plug(rung: Rung) -> None:
        if rung is Rung.SENT:
            bench.world.change(power="off")

    outcome = await bench.print(on=pull_plug)
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (
        Rung.UNCONFIRMED, "unreachable",
    )  # fmt: skip
    assert await bench.print() == outcome, "and is never sent again"
    bench.world.change(power="on", rung_seconds=0.05)
    await asyncio.sleep(0.4)
    assert bench.world.sheets() == []
    assert (await bench.printer.status()).usable


async def test_a_printer_that_restarts_amid_a_job_has_lost_it(bench: SimulatedBench) -> None:
    """And the number that the job had may be another's."""
    bench.world.change(rung_seconds=0.6)
    task = asyncio.ensure_future(bench.print())
    await bench.until(lambda: Rung.SENT in bench.rungs)
    await asyncio.to_thread(bench.world.restart)
    assert await give(bench.world.uri, "another", user="somebody") == 1
    outcome = await task
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (Rung.UNCONFIRMED, "job_lost")
    assert await waiting(bench.world.uri) == ["another"]


async def test_a_flapping_cable_raises_no_storm_and_comes_back_by_itself(
    bench: SimulatedBench,
) -> None:
    assert (await bench.printer.status()).usable
    bench.world.change(power="off")
    await asyncio.sleep(0.2)
    states = [(await bench.printer.status()).state for _ in range(4)]
    assert states == [DeviceState.ONLINE] * 2 + [DeviceState.NO_DEVICE] * 2
    bench.world.change(power="on")
    await asyncio.sleep(0.2)
    assert (await bench.printer.status()).usable


async def test_a_lost_answer_to_the_job_prints_it_once_and_knows_it(bench: SimulatedBench) -> None:
    bench.world.change(answer="loses_job_answer")
    assert (await bench.print()).done
    assert bench.rungs == CLIMB
    assert len(bench.world.sheets()) == 1


async def test_a_terminal_that_lost_its_printer_takes_its_job_back_when_it_returns(
    bench: SimulatedBench,
) -> None:
    """The network is away, the printer itself is not: it still has the job."""
    bench.world.change(stop_at="sent")

    def cut(rung: Rung) -> None:
        if rung is Rung.SENT:
            bench.world.change(answer="garbage")

    outcome = await bench.print(on=cut)
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (Rung.UNCONFIRMED, "no_answer")
    bench.world.change(answer="ok")
    assert await waiting(bench.world.uri) == ["job-1"]
    bench.world.change(stop_at=None)
    assert (await bench.print("job-2")).done
    assert await ended(bench.world.uri) == {"job-1": CANCELED, "job-2": 9}
    assert len(bench.world.sheets()) == 1


async def test_when_nobody_can_say_whether_a_job_arrived_it_is_unconfirmed_and_taken_back(
    bench: SimulatedBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.world.change(stop_at="sent")
    real = jobs.Printer.print

    async def line_breaks(self: jobs.Printer, *sent: object) -> int:
        bench.world.change(answer="garbage")
        return await real(self, *sent)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs.Printer, "print", line_breaks)
    outcome = await bench.print()
    monkeypatch.undo()
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (Rung.UNCONFIRMED, "no_answer")
    assert bench.rungs == [Rung.QUEUED]
    bench.world.change(answer="ok")
    assert await waiting(bench.world.uri) == ["job-1"]
    assert (await bench.printer.status()).usable
    assert await ended(bench.world.uri) == {"job-1": CANCELED}


async def test_a_job_that_never_arrived_is_unconfirmed_all_the_same(
    bench: SimulatedBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def line_breaks(self: jobs.Printer, *_sent: object) -> int:
        raise NoAnswerError(fault_of(DocumentFault.NO_ANSWER))

    monkeypatch.setattr(jobs.Printer, "print", line_breaks)
    assert (await bench.print()).rung is Rung.UNCONFIRMED
    monkeypatch.undo()
    assert (await bench.print()).rung is Rung.UNCONFIRMED, "it is not sent again"
    assert bench.world.sheets() == []


async def test_a_job_that_does_not_let_itself_be_cancelled_keeps_the_next_one_back(
    bench: SimulatedBench,
) -> None:
    bench.world.change(fault="stubborn")
    impatient = driver(bench.world.uri, **{**QUICK, "finish_seconds": 0.3})
    outcome = await impatient.print("job-1", PDF, bench.rungs.append)
    assert outcome.rung is Rung.UNCONFIRMED
    status = await bench.printer.status()
    assert status.fault
    assert (status.fault.code, status.fault.action, status.usable) == (
        "leftover", FaultAction.CLEAR, False,
    )  # fmt: skip
    refused = await bench.print("job-2")
    assert (refused.rung, refused.fault and refused.fault.code) == (Rung.QUEUED, "leftover")
    bench.world.change(fault=None)
    await asyncio.sleep(0.2)
    assert (await bench.print("job-2")).done


async def test_a_sheet_that_a_leftover_still_puts_out_is_in_the_count_of_the_same_look(
    bench: SimulatedBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the sheets' ledger takes it for one that nobody knows of."""

    async def a_last_sheet(*_printer: object, **_keep: object) -> list[jobs.Job]:
        await give(bench.world.uri, "job-0", user="kiosk")
        await bench.until(lambda: len(bench.world.sheets()) == 1)
        return []

    monkeypatch.setattr("drivers.document.transport.put_away", a_last_sheet)
    assert (await bench.printer.status()).readings["sheets"] == "1"


async def test_a_printer_that_lists_everybodys_jobs_makes_them_no_leftovers(
    bench: SimulatedBench,
) -> None:
    bench.world.change(answer="everybodys_jobs", stop_at="sent")
    await give(bench.world.uri, "report", user="somebody")
    assert (await bench.printer.status()).usable
    assert await waiting(bench.world.uri) == ["report"]


async def test_a_busy_printer_is_waited_for(bench: SimulatedBench) -> None:
    bench.world.change(stop_at="queued")
    task = asyncio.ensure_future(bench.print())
    await asyncio.sleep(0.2)
    bench.world.change(stop_at=None)
    assert (await task).done


async def test_closing_takes_back_what_is_being_printed(bench: SimulatedBench) -> None:
    bench.world.change(stop_at="sent")
    task = asyncio.ensure_future(bench.print())
    await bench.until(lambda: Rung.SENT in bench.rungs)
    async with asyncio.timeout(60):
        await bench.printer.close()
    outcome = await task
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (Rung.SENT, "cancelled")
    assert await waiting(bench.world.uri) == []
    assert (await bench.print("job-2")).rung is Rung.QUEUED
    assert not (await bench.printer.status()).usable
