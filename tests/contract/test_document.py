"""What every document printer driver owes the session, on our simulator and on CUPS's printer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

import ippserver
from documentwork import (
    CANCELED,
    CLIMB,
    PDF,
    QUICK,
    Bench,
    Cups,
    Simulated,
    World,
    driver,
    ended,
    give,
    killed_when_sent,
    waiting,
)  # fmt: skip
from drivers.document import jobs
from kiosk.model import DeviceState, FaultAction, PrintOutcome, Rung, SupplyLevel


@pytest.fixture(params=["simulator", "ippeveprinter"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "simulator":
        simulated = Simulated(tmp_path)
        yield simulated
        simulated.stop()
    elif why := ippserver.missing():
        pytest.skip(why)
    else:
        with ippserver.running(tmp_path, seconds=0.3) as server:
            yield Cups(server)


@pytest_asyncio.fixture
async def bench(world: World) -> AsyncIterator[Bench]:
    made = Bench(world, driver(world.uri, **QUICK))
    yield made
    await made.printer.close()


async def test_a_good_sheet_climbs_every_rung_once_and_is_the_one_that_was_given(
    bench: Bench,
) -> None:
    assert await bench.print() == PrintOutcome(Rung.PRESENTED, None, 1)
    assert bench.rungs == CLIMB
    [sheet] = bench.world.sheets()
    assert sheet.read_bytes() == PDF
    assert (await bench.printer.status()).usable


async def test_a_known_job_is_told_and_not_printed_again(bench: Bench) -> None:
    first = await bench.print()
    assert await bench.print() == first
    assert bench.rungs == CLIMB
    successor = driver(bench.world.uri)
    assert await successor.print("job-1", PDF, lambda _: None) == first, "by the printer's memory"
    assert len(bench.world.sheets()) == 1


async def test_the_same_job_twice_at_once_is_one_sheet(bench: Bench) -> None:
    one, other = await asyncio.gather(bench.print(), bench.print())
    assert one == other
    assert bench.rungs == CLIMB
    assert len(bench.world.sheets()) == 1


async def test_while_it_prints_it_is_busy_and_not_asked(bench: Bench) -> None:
    await bench.printer.status()
    task = asyncio.ensure_future(bench.print())
    await bench.until(lambda: Rung.SENT in bench.rungs)
    status = await bench.printer.status()
    assert (status.state, status.usable, status.fault) == (DeviceState.BUSY, True, None)
    assert (await task).done


async def test_without_paper_nothing_is_sent_until_it_is_filled(bench: Bench) -> None:
    bench.world.paper(0)
    status = await bench.printer.status()
    assert (status.supplies["paper"], status.usable) == (SupplyLevel.OUT, False)
    outcome = await bench.print()
    assert outcome.rung is Rung.QUEUED
    assert outcome.fault
    assert (outcome.fault.code, outcome.fault.action) == ("paper_out", FaultAction.REFILL)
    assert await waiting(bench.world.uri) == []
    bench.world.paper(5)
    assert (await bench.printer.status()).supplies["paper"] is SupplyLevel.LOW
    bench.world.paper(250)
    assert (await bench.print()).done, "a job that was refused may be tried again"
    assert len(bench.world.sheets()) == 1


async def test_without_toner_nothing_is_sent_until_it_is_changed(bench: Bench) -> None:
    bench.world.toner(5)
    low = await bench.printer.status()
    assert (low.supplies["toner"], low.usable) == (SupplyLevel.LOW, True)
    bench.world.toner(0)
    outcome = await bench.print()
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (Rung.QUEUED, "toner_out")
    bench.world.toner(75)
    assert (await bench.print()).done


async def test_toner_that_ends_while_it_prints_leaves_the_sheet_in_doubt(bench: Bench) -> None:
    """It came out, but nobody has seen what is on it."""

    def empty(rung: Rung) -> None:
        if rung is Rung.SENT:
            bench.world.toner(0)

    outcome = await bench.print(on=empty)
    assert outcome.rung in (Rung.PRINTED, Rung.UNCONFIRMED, Rung.SENT)
    assert outcome.fault
    assert outcome.fault.code == "toner_out"
    bench.world.toner(75)
    assert (await bench.print("job-2")).done


async def test_paper_that_ends_between_the_look_and_the_job_ends_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printer takes the job and waits. It is cancelled, and the next one is printed alone."""
    real = jobs.Printer.print

    async def out_of_paper(self: jobs.Printer, *sent: object) -> int:
        bench.world.paper(0)
        return await real(self, *sent)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs.Printer, "print", out_of_paper)
    outcome = await bench.print()
    monkeypatch.undo()
    assert outcome.rung in (Rung.SENT, Rung.UNCONFIRMED)
    assert outcome.fault
    assert outcome.fault.code == "paper_out"
    assert outcome.sheets == 0
    assert bench.world.sheets() == []
    assert not (await bench.printer.status()).usable
    bench.world.paper(250)
    # ippeveprinter goes on with a job that was cancelled while it waited for paper: the driver
    # can only keep the next one back until that is out.
    await bench.printer.status()
    before = len(bench.world.sheets())
    assert (await bench.print("job-2")).done
    assert len(bench.world.sheets()) == before + 1


async def test_the_last_sheet_of_the_tray_is_a_whole_sheet(bench: Bench) -> None:
    """Out of paper when the job is completed: the sheet is there all the same."""

    def empty(rung: Rung) -> None:
        if rung is Rung.PRINTED:
            bench.world.paper(0)

    assert (await bench.print(on=empty)).done
    assert not (await bench.printer.status()).usable


async def test_what_a_killed_terminal_left_is_cancelled_before_anything_else(world: World) -> None:
    """A printer may finish the sheet that it is at; until then nothing else is printed."""
    if isinstance(world, Simulated):
        world.change(rung_seconds=1.0)
    await asyncio.to_thread(killed_when_sent, world.uri)
    assert await waiting(world.uri) == ["job-1"]
    successor = driver(world.uri, **QUICK)
    async with asyncio.timeout(60):
        while not (status := await successor.status()).usable:
            assert status.fault
            assert (status.fault.code, status.fault.action) == ("leftover", FaultAction.CLEAR)
    assert await waiting(world.uri) == []
    assert (await ended(world.uri))["job-1"] == CANCELED
    before = world.sheets()
    assert len(before) == (0 if isinstance(world, Simulated) else 1)
    assert (await successor.print("job-2", PDF, lambda _: None)).done
    assert len(world.sheets()) == len(before) + 1
    await successor.close()


async def test_jobs_of_others_are_left_alone(bench: Bench) -> None:
    await give(bench.world.uri, "report", user="somebody")
    await bench.printer.status()
    await bench.until(lambda: len(bench.world.sheets()) == 1)
    assert (await bench.print()).done
    assert len(bench.world.sheets()) == 2


async def test_a_visit_that_is_torn_down_takes_its_paper_back(bench: Bench) -> None:
    task = asyncio.ensure_future(bench.print())
    await bench.until(lambda: Rung.SENT in bench.rungs)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await waiting(bench.world.uri) == []
    assert await ended(bench.world.uri) == {"job-1": CANCELED}
    assert (await bench.print("job-2")).done
