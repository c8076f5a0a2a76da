"""Each fault of the document printer's closed set: the simulator has it, the driver names it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from documentwork import PDF, QUICK, Simulated, SimulatedBench, driver, waiting
from drivers.document.status import FAULTS
from kiosk.model import DeviceState, FaultAction, Rung, SupplyLevel

TWO_PAGES = b"%PDF-1.7\n<< /Type /Pages >>\n<< /Type /Page >>\n<</Type/Page>>\n%%EOF\n"


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[SimulatedBench]:
    world = Simulated(tmp_path)
    made = SimulatedBench(world, driver(world.uri, **QUICK))
    yield made
    await made.printer.close()
    world.stop()


# State before the job, what it is called, how the printer is then.
BEFORE: list[tuple[dict[str, object], str, DeviceState]] = [
    ({"power": "off"}, "unreachable", DeviceState.NO_DEVICE),
    ({"answer": "garbage"}, "no_answer", DeviceState.NO_DEVICE),
    ({"answer": "cut_short"}, "no_answer", DeviceState.NO_DEVICE),
    ({"answer": "huge"}, "no_answer", DeviceState.NO_DEVICE),
    ({"answer": "web_page"}, "no_answer", DeviceState.NO_DEVICE),
    ({"answer": "not_found"}, "wrong_address", DeviceState.OFFLINE),
    ({"answer": "denied"}, "access_denied", DeviceState.OFFLINE),
    ({"formats": ["image/pwg-raster"]}, "format_not_supported", DeviceState.OFFLINE),
    ({"media": "na_letter_8.5x11in"}, "media_not_loaded", DeviceState.OFFLINE),
    ({"cover": "open"}, "cover_open", DeviceState.USER_ERROR),
    ({"paper": "out"}, "paper_out", DeviceState.OFFLINE),
    ({"toner": "out"}, "toner_out", DeviceState.OFFLINE),
    ({"accepting": False}, "not_accepting", DeviceState.OFFLINE),
    ({"reasons": ["media-jam-error"]}, "jam", DeviceState.HARDWARE_ERROR),
    ({"reasons": ["input-tray-missing"]}, "tray_missing", DeviceState.USER_ERROR),
    ({"reasons": ["marker-waste-full"]}, "waste_full", DeviceState.HARDWARE_ERROR),
    ({"reasons": ["output-area-full-error"]}, "output_full", DeviceState.USER_ERROR),
    ({"reasons": ["fuser-over-temp"]}, "fuser", DeviceState.HARDWARE_ERROR),
    ({"reasons": ["paused"]}, "paused", DeviceState.OFFLINE),
    ({"reasons": ["shutdown"]}, "shut_down", DeviceState.OFFLINE),
    ({"reasons": ["spool-area-full-report"]}, "spool_full", DeviceState.OFFLINE),
    ({"reasons": ["stopped-partly", "odd-error"]}, "stopped", DeviceState.OFFLINE),
    ({"reasons": ["other-error"]}, "other", DeviceState.HARDWARE_ERROR),
]


@pytest.mark.parametrize(("state", "code", "device_state"), BEFORE)
async def test_a_fault_before_the_job_keeps_it_here_and_passes_with_its_cause(
    bench: SimulatedBench, state: dict[str, object], code: str, device_state: DeviceState
) -> None:
    bench.world.change(**state)
    await asyncio.sleep(0.15)
    for _ in range(3):  # absence is debounced
        status = await bench.printer.status()
    assert (status.state, status.usable) == (device_state, False)
    assert status.fault
    assert (status.fault.code, status.fault.action) == (code, FAULTS[code])
    outcome = await bench.print()
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (Rung.QUEUED, code)
    assert bench.rungs == [Rung.QUEUED]

    healthy = {"power": "on", "answer": "ok", "formats": ["application/pdf"], "cover": "closed",
               "media": "iso_a4_210x297mm", "paper": "full", "toner": "full", "accepting": True,
               "reasons": []}  # fmt: skip
    bench.world.change(**healthy)
    await asyncio.sleep(0.15)
    assert (await bench.print()).done
    assert (await bench.printer.status()).fault is None


# State of the printer, how far the job then gets, what it is called, what the printer has counted.
DURING: list[tuple[dict[str, object], Rung, str, int | None]] = [
    ({"fault": "jam"}, Rung.UNCONFIRMED, "jam", 0),
    ({"fault": "out_while_printing"}, Rung.UNCONFIRMED, "paper_out", 0),
    ({"fault": "aborted"}, Rung.UNCONFIRMED, "aborted", 0),
    ({"fault": "cancelled"}, Rung.UNCONFIRMED, "cancelled", 0),
    ({"fault": "forgets"}, Rung.UNCONFIRMED, "job_lost", None),
    ({"fault": "errors"}, Rung.PRINTED, "job_errors", 1),
    ({"fault": "refused"}, Rung.QUEUED, "refused", None),
    ({"stop_at": "queued"}, Rung.QUEUED, "busy", None),
    ({"stop_at": "sent"}, Rung.SENT, "no_progress", 0),
    ({"stop_at": "printed"}, Rung.UNCONFIRMED, "no_progress", 1),
]


@pytest.mark.parametrize(("state", "rung", "code", "sheets"), DURING)
async def test_a_job_that_fails_is_cancelled_and_nothing_comes_out_later(
    bench: SimulatedBench, state: dict[str, object], rung: Rung, code: str, sheets: int | None
) -> None:
    bench.world.change(**state)
    impatient = driver(bench.world.uri, **{**QUICK, "finish_seconds": 0.6})
    outcome = await impatient.print("job-1", PDF, bench.rungs.append)
    assert (outcome.rung, outcome.fault and outcome.fault.code) == (rung, code)
    assert outcome.fault
    assert outcome.fault.action is FAULTS[code]
    assert outcome.sheets == sheets
    assert await waiting(bench.world.uri) == []

    out = len(bench.world.sheets())
    bench.world.change(fault=None, stop_at=None, paper="full")
    await asyncio.sleep(0.4)
    assert len(bench.world.sheets()) == out
    assert (await bench.print("job-2")).done
    assert len(bench.world.sheets()) == out + 1


async def test_a_setting_that_the_printer_cannot_do_is_a_matter_of_configuration(
    bench: SimulatedBench,
) -> None:
    wrong = driver(bench.world.uri, media="iso_a5_148x210mm")
    status = await wrong.status()
    assert status.fault
    assert (status.fault.code, status.fault.action) == (
        "media_not_supported", FaultAction.CONFIGURATION,
    )  # fmt: skip


async def test_every_fault_of_the_set_is_met_here() -> None:
    met = {code for _, code, _ in BEFORE} | {code for _, _, code, _ in DURING}
    assert met | {"media_not_supported", "leftover"} == set(FAULTS)


async def test_a_jam_outlives_a_restart_until_somebody_clears_it(bench: SimulatedBench) -> None:
    bench.world.change(fault="jam")
    await bench.print()
    bench.world.restart()
    assert (await bench.printer.status()).supplies["paper"] is SupplyLevel.JAMMED
    bench.world.change(fault=None)
    await asyncio.sleep(0.2)
    assert (await bench.print("job-2")).done


async def test_of_two_pages_one_is_counted_when_paper_runs_out_between(
    bench: SimulatedBench,
) -> None:
    bench.world.change(fault="out_while_printing")
    outcome = await bench.print(pdf=TWO_PAGES)
    assert (outcome.rung, outcome.sheets) == (Rung.UNCONFIRMED, 1)
    bench.world.change(paper="full")
    assert (await bench.print("job-2", pdf=TWO_PAGES)).sheets == 2
    assert (await bench.printer.status()).readings == {"impressions": "3", "sheets": "3"}


async def test_the_printers_own_counter_outlives_its_power(bench: SimulatedBench) -> None:
    await bench.print()
    bench.world.restart()
    assert (await bench.printer.status()).readings["sheets"] == "1"
