"""What every document printer driver owes the session, against a printer that can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from drivers.document.simulator import DocumentSimulator
from drivers.document.spool import Spool
from drivers.document.status import understand
from drivers.document.transport import SpoolPrinter
from drivers.statefile import write_state
from kiosk.model import DeviceState, FaultAction, PrintOutcome, Rung, SupplyLevel
from kiosk.ports import DocumentPrinter

PDF = b"%PDF-1.7\nsample\n%%EOF\n"
CLIMB = [Rung.QUEUED, Rung.SENT, Rung.PRINTED, Rung.PRESENTED, Rung.TAKEN]


@dataclass
class Bench:
    folder: Path
    simulator: DocumentSimulator
    printer: DocumentPrinter
    rungs: list[Rung] = field(default_factory=list)

    def change(self, **state: object) -> None:
        write_state(self.folder / "document.json", **state)

    async def print(
        self, job: str = "job-1", on: Callable[[Rung], None] | None = None
    ) -> PrintOutcome:
        def climb(rung: Rung) -> None:
            self.rungs.append(rung)
            if on:
                on(rung)

        return await self.printer.print(job, PDF, climb)

    def sheets(self) -> list[Path]:
        return sorted((self.folder / "certificates").glob("*.pdf"))

    def left_in_spool(self) -> list[str]:
        """Files with a citizen's data."""
        names = (path.name for path in (self.folder / "document").iterdir())
        return [name for name in names if ".pdf" in name]

    async def quiet(self) -> None:
        """Time enough for a job that was left over to come out."""
        await asyncio.sleep(0.5)

    def restart(self) -> None:
        self.simulator.stop()
        self.simulator = DocumentSimulator(self.folder, self.folder)
        self.simulator.start()


def spool(folder: Path) -> DocumentPrinter:
    return SpoolPrinter(folder / "document", stall_seconds=0.6, taken_seconds=0.5)


@pytest_asyncio.fixture(params=[spool])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    write_state(tmp_path / "document.json", rung_seconds=0.08)
    simulator = DocumentSimulator(tmp_path, tmp_path)
    simulator.start()
    made = Bench(tmp_path, simulator, request.param(tmp_path))
    yield made
    await made.printer.close()
    made.simulator.stop()


async def test_a_good_sheet_climbs_every_rung_once_and_is_the_one_that_was_given(
    bench: Bench,
) -> None:
    assert (await bench.print()).rung is Rung.TAKEN
    assert bench.rungs == CLIMB
    [sheet] = bench.sheets()
    assert (sheet.name, sheet.read_bytes()) == ("0001.pdf", PDF)
    assert bench.left_in_spool() == []


async def test_a_known_job_is_told_and_not_printed_again(bench: Bench) -> None:
    await bench.print()
    assert await bench.print() == PrintOutcome(Rung.TAKEN)
    again = spool(bench.folder)
    assert await again.print("job-1", PDF, bench.rungs.append) == PrintOutcome(Rung.TAKEN)
    await bench.quiet()
    assert bench.rungs == CLIMB
    assert len(bench.sheets()) == 1


async def test_the_same_job_twice_at_once_is_one_sheet(bench: Bench) -> None:
    await asyncio.gather(bench.print(), bench.print())
    await bench.quiet()
    assert bench.rungs == CLIMB
    assert len(bench.sheets()) == 1


async def test_sheets_come_out_in_order_and_none_is_overwritten(bench: Bench) -> None:
    outcomes = [await bench.print(f"job-{n}") for n in (1, 2)]
    bench.restart()
    outcomes.append(await bench.print("job-3"))
    assert all(outcome.done for outcome in outcomes)
    assert [sheet.stem for sheet in bench.sheets()] == ["0001", "0002", "0003"]


@pytest.mark.parametrize(
    ("rung", "expected", "sheets"),
    [
        (Rung.QUEUED, Rung.QUEUED, 0),
        (Rung.SENT, Rung.UNCONFIRMED, 0),
        (Rung.PRINTED, Rung.UNCONFIRMED, 0),
        (Rung.PRESENTED, Rung.PRESENTED, 1),
        (Rung.TAKEN, Rung.TAKEN, 1),
    ],
)
async def test_a_job_that_hangs_ends_truthfully_and_nothing_comes_out_later(
    bench: Bench, rung: Rung, expected: Rung, sheets: int
) -> None:
    bench.change(stop_at=rung)
    outcome = await bench.print()
    assert outcome.rung is expected
    assert (outcome.fault is None) == outcome.done
    assert bench.rungs == CLIMB[: CLIMB.index(rung) + 1]
    assert bench.left_in_spool() == []

    bench.change(stop_at=None)
    await bench.quiet()
    assert len(bench.sheets()) == sheets
    assert (await bench.print("job-2")).done
    assert len(bench.sheets()) == sheets + 1


@pytest.mark.parametrize(
    ("fault", "code", "action", "paper"),
    [
        ("jam", "jam", FaultAction.CLEAR, SupplyLevel.JAMMED),
        ("out_while_printing", "paper_out", FaultAction.REFILL, SupplyLevel.OUT),
    ],
)
async def test_a_fault_while_printing_is_unconfirmed_until_a_person_has_helped(
    bench: Bench, fault: str, code: str, action: FaultAction, paper: SupplyLevel
) -> None:
    bench.change(fault=fault)
    outcome = await bench.print()
    assert outcome.rung is Rung.UNCONFIRMED
    assert outcome.fault
    assert (outcome.fault.code, outcome.fault.action) == (code, action)
    assert bench.left_in_spool() == []

    await asyncio.sleep(0.1)
    status = await bench.printer.status()
    assert status.supplies["paper"] is paper
    assert not status.usable
    refused = await bench.print("job-2")
    assert (refused.rung, refused.fault) == (Rung.QUEUED, outcome.fault)

    bench.change(fault=None, paper="full")
    await asyncio.sleep(0.1)
    assert (await bench.print("job-2")).done, "a job that was refused may be tried again"
    assert len(bench.sheets()) == 1


@pytest.mark.parametrize(
    ("state", "code", "device_state"),
    [
        ({"paper": "out"}, "paper_out", DeviceState.ONLINE),
        ({"toner": "out"}, "toner_out", DeviceState.ONLINE),
        ({"power": "off"}, "power_off", DeviceState.OFFLINE),
    ],
)
async def test_a_fault_before_the_job_keeps_it_out_of_the_spool(
    bench: Bench, state: dict[str, object], code: str, device_state: DeviceState
) -> None:
    bench.change(**state)
    await asyncio.sleep(0.1)
    status = await bench.printer.status()
    assert status.state is device_state
    assert not status.usable
    outcome = await bench.print()
    assert outcome.rung is Rung.QUEUED
    assert outcome.fault
    assert outcome.fault.code == code
    assert bench.left_in_spool() == []


async def test_power_lost_amid_a_job_is_unconfirmed_and_nothing_comes_out_later(
    bench: Bench,
) -> None:
    bench.change(rung_seconds=0.3)

    def pull_plug(rung: Rung) -> None:
        if rung is Rung.SENT:
            bench.change(power="off")

    outcome = await bench.print(on=pull_plug)
    assert outcome.rung is Rung.UNCONFIRMED
    assert outcome.fault
    assert outcome.fault.code == "power_off"
    bench.change(power="on", rung_seconds=0.05)
    await bench.quiet()
    assert (bench.sheets(), bench.left_in_spool()) == ([], [])


@pytest.mark.parametrize("rung", CLIMB[:-1])
async def test_a_printer_that_restarts_amid_a_job_goes_on_with_the_one_sheet(
    bench: Bench, rung: Rung
) -> None:
    def restart(reached: Rung) -> None:
        if reached is rung:
            bench.restart()

    assert (await bench.print(on=restart)).done
    await bench.quiet()
    assert len(bench.sheets()) == 1


async def test_a_crash_between_sheet_and_record_makes_no_second_sheet(bench: Bench) -> None:
    bench.simulator.stop()
    jobs = Spool(bench.folder / "document")
    jobs.write("job-9", rung=Rung.PRINTED, sheet="0001")
    jobs.claimed("job-9").write_bytes(PDF)
    (bench.folder / "certificates" / "0001.pdf").write_bytes(PDF)
    bench.restart()
    await bench.quiet()
    assert jobs.read("job-9")["rung"] == Rung.TAKEN
    assert len(bench.sheets()) == 1
    assert bench.left_in_spool() == []


async def test_what_a_crashed_terminal_left_behind_is_never_printed(bench: Bench) -> None:
    bench.change(stop_at="queued")
    Spool(bench.folder / "document").put("job-1", PDF)
    successor = spool(bench.folder)
    assert (await successor.print("job-1", PDF, lambda _: None)).rung is Rung.QUEUED
    bench.change(stop_at=None)
    await bench.quiet()
    assert (bench.sheets(), bench.left_in_spool()) == ([], [])
    known = await successor.print("job-1", PDF, lambda _: None)
    assert known.fault
    assert known.fault.code == "cancelled"


async def test_a_visit_that_is_torn_down_takes_its_paper_back(bench: Bench) -> None:
    bench.change(stop_at="sent")
    task = asyncio.ensure_future(bench.print())
    while Rung.SENT not in bench.rungs:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    bench.change(stop_at=None)
    await bench.quiet()
    assert (bench.sheets(), bench.left_in_spool()) == ([], [])


async def test_a_name_that_would_leave_the_spool_is_refused(bench: Bench) -> None:
    for name in ("../job", "", "status", "a/b", "x.claimed"):
        with pytest.raises(ValueError, match="not a job's name"):
            await bench.print(name)
    assert bench.left_in_spool() == []


NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GOOD = {
    "state": "online",
    "supplies": {"paper": "full", "toner": "low"},
    "fault": None,
    "action": None,
    "time": NOW.isoformat(),
}


@pytest.mark.parametrize(
    ("change", "state", "code"),
    [
        ({}, DeviceState.ONLINE, None),
        ({"time": (NOW - timedelta(seconds=6)).isoformat()}, DeviceState.OFFLINE, "unreachable"),
        ({"time": (NOW + timedelta(hours=1)).isoformat()}, DeviceState.OFFLINE, "unreachable"),
        ({"time": "yesterday"}, DeviceState.OFFLINE, "unreachable"),
        ({"time": None}, DeviceState.OFFLINE, "unreachable"),
        ({"state": "splendid"}, DeviceState.OFFLINE, "unnamed"),
        ({"supplies": {"paper": "plenty", "toner": "full"}}, DeviceState.OFFLINE, "unnamed"),
        ({"supplies": {"toner": "full"}}, DeviceState.OFFLINE, "unnamed"),
        ({"supplies": None}, DeviceState.OFFLINE, "unnamed"),
        ({"fault": "gremlins"}, DeviceState.OFFLINE, "unnamed"),
        ({"supplies": {"paper": "out", "toner": "full"}}, DeviceState.ONLINE, "paper_out"),
        ({"state": "hardware_error"}, DeviceState.HARDWARE_ERROR, "unnamed"),
    ],
)
def test_a_status_file_is_fine_only_when_every_word_of_it_is(
    change: dict[str, object], state: DeviceState, code: str | None
) -> None:
    status = understand({**GOOD, **change}, NOW)
    assert status.state is state
    assert (status.fault.code if status.fault else None) == code
    assert status.usable is (code is None)


def test_no_status_file_is_an_unreachable_printer() -> None:
    status = understand({}, NOW)
    assert (status.state, status.usable) == (DeviceState.OFFLINE, False)
    assert set(status.supplies.values()) == {SupplyLevel.UNKNOWN}
