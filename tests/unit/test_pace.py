"""Who needs more time gets it; and no visit lasts for ever without being asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.session import pace
from kiosk.session.terminal import Limits
from kiosk.view import State, StillThereBody

LIMITS = Limits(idle=60, still_there=2, unhurried=40, visit=60, thanks=8)


@asynccontextmanager
async def asked(folder: Path, limits: Limits) -> AsyncIterator[Bench]:
    """A visit at its first question."""
    bench = fakes.bench(folder, limits)
    task = asyncio.create_task(bench.engine.run())
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored(), e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    bench.post(e.GuideAccepted())
    await bench.until(State.QUESTION)
    try:
        yield bench
    finally:
        task.cancel()


async def body(bench: Bench) -> StillThereBody:
    shown = (await bench.until(State.STILL_THERE)).body
    assert isinstance(shown, StillThereBody)
    return shown


async def test_a_long_visit_is_asked_whether_it_needs_more_time(tmp_path: Path) -> None:
    async with asked(tmp_path, LIMITS) as bench:
        bench.engine.visit.started -= 61
        bench.post(e.WentBack(), e.GuideAccepted())
        assert (await body(bench)).overdue
        bench.post(e.StillHere())
        await bench.until(State.QUESTION)
        assert pace.seconds_left(bench.engine._terminal, bench.engine.visit) > 30
        bench.engine.visit.longer -= 61
        bench.post(e.WaitedTooLong())
        assert (await body(bench)).overdue, "it is asked again"
        await bench.until(State.ATTRACT)


async def test_who_only_stood_still_is_asked_something_else(tmp_path: Path) -> None:
    async with asked(tmp_path, LIMITS) as bench:
        bench.post(e.WaitedTooLong())
        assert not (await body(bench)).overdue
        bench.post(e.StillHere())
        await bench.until(State.QUESTION)
        assert not bench.engine.visit.longer


@pytest.mark.parametrize(("unhurried", "seconds"), [(False, 2), (True, 40)])
async def test_who_listens_has_longer_to_answer(
    tmp_path: Path, *, unhurried: bool, seconds: int
) -> None:
    async with asked(tmp_path, LIMITS) as bench:
        bench.engine._terminal.unhurried = lambda: unhurried
        bench.post(e.WaitedTooLong())
        await bench.until(State.STILL_THERE)
        while not (left := (await body(bench)).seconds_left):
            await asyncio.sleep(0.01)
        assert seconds - 1 <= left <= seconds


def test_more_is_never_less(tmp_path: Path) -> None:
    terminal = fakes.bench(tmp_path, replace(LIMITS, still_there=90)).engine._terminal
    terminal.unhurried = lambda: True
    assert [pace.at_least(terminal, one) for one in (8, 20, 90)] == [40, 40, 90]
    visit = fakes.bench(tmp_path / "b", LIMITS).engine.visit
    assert 110 < pace.seconds_left(terminal, visit) <= 120
