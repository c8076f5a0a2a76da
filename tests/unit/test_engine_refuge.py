"""The idle page itself fails: a page that needs nothing, a fault, and tries with growing waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.agent import reports
from kiosk.errors import JournalError
from kiosk.session import engine, steps, views, visits
from kiosk.view import OutOfServiceBody, ProblemBody, State

NEVER, AT_ONCE = (1000.0,), (0.02, 0.1, 0.3)
PATIENCE = 30.0


class Broken:
    """A page that fails until it is mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *states: State) -> None:
        self.tries: list[float] = []
        self.mended = False
        for state in states:
            monkeypatch.setitem(views.BODIES, state, self._instead(views.BODIES[state]))

    def _instead(self, body: Callable[..., object]) -> Callable[..., object]:
        def failing(*given: object) -> object:
            if self.mended:
                return body(*given)
            self.tries.append(time.monotonic())
            raise RuntimeError("a defect")

        return failing


async def fail(bench: Bench, waits: tuple[float, ...]) -> None:
    """A visit is ended by the citizen; the next page would be the idle page."""
    bench.terminal.limits = replace(bench.terminal.limits, refuge=waits)
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    await bench.until(State.GUIDE)
    bench.engine.visit.vault.answers["phone"] = "13900000000"
    bench.post(e.Left())
    await bench.until(State.OUT_OF_SERVICE)


async def eventually(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


def faults(bench: Bench) -> list[tuple[str, str, str]]:
    """What the agent would tell the fleet."""
    told = reports.health(bench.terminal.journal, 1, 0)
    return [(one.device, one.fault, one.action) for one in told.devices if one.fault]


async def test_a_page_that_needs_nothing_stands_still(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broken(monkeypatch, State.ATTRACT, State.OUT_OF_SERVICE, State.PROBLEM)
    await fail(bench, NEVER)
    body = bench.view.body
    assert isinstance(body, OutOfServiceBody)
    assert body.code == bench.terminal.out_of_service() == "defect"
    assert not body.staff, "nothing can be pressed there"
    assert faults(bench) == [("screen", "defect", "reset")]
    assert not bench.engine.visit.vault.answers, "nothing of the citizen stays"
    assert bench.data("session")[-1]["wiped"]["answers"] == 1
    count = len(bench.views)
    bench.post(e.ServicesChanged(), e.Touched(), e.WayOutTaken())
    await eventually(lambda: len(bench.views) > count)
    assert {view.body for view in bench.views[count:]} == {body}


async def test_it_tries_again_after_waits_that_grow_and_comes_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(monkeypatch, State.ATTRACT)
    await fail(bench, AT_ONCE)
    await eventually(lambda: len(broken.tries) >= 5)
    gaps = [later - before for before, later in pairwise(broken.tries[:5])]
    assert all(gap >= least for gap, least in zip(gaps, (*AT_ONCE, AT_ONCE[-1]), strict=True))
    assert not any(isinstance(view.body, ProblemBody) for view in bench.views)
    broken.mended = True
    await bench.until(State.ATTRACT)
    assert not bench.terminal.out_of_service()
    assert not faults(bench)
    told = [one for one in bench.data("device") if one["device"] == "screen"]
    assert [one["fault"] for one in told] == ["defect", ""], "once each, not for each try"
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    await bench.until(State.GUIDE)


async def test_a_problem_page_that_fails_is_no_loop_either(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broken(monkeypatch, State.PROBLEM, State.SERVICES)
    bench.terminal.limits = replace(bench.terminal.limits, refuge=AT_ONCE)
    bench.post(e.Touched())
    await bench.until(State.OUT_OF_SERVICE)
    await bench.until(State.ATTRACT)


async def test_a_visit_whose_end_cannot_be_recorded_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what is left of a payment."""

    def lost(*_: object) -> None:
        raise JournalError("torn")

    bench.terminal.limits = replace(bench.terminal.limits, refuge=AT_ONCE)
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    await bench.until(State.GUIDE)
    vault = bench.engine.visit.vault
    vault.answers["phone"] = "13900000000"
    monkeypatch.setattr(visits, "let_go", lost)
    bench.post(e.Left())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "journal_full"
    assert not vault.answers
    bench.post(e.WayOutTaken())
    await bench.until(State.OUT_OF_SERVICE)
    monkeypatch.undo()
    bench.terminal.condition.journal_ok = True
    await bench.until(State.ATTRACT)


@pytest.mark.parametrize("page", [State.ATTRACT, State.PROBLEM])
async def test_a_step_that_dies_where_there_is_no_way_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, page: State
) -> None:
    async def dies() -> None:
        raise RuntimeError("a defect")

    steps_of = steps.steps_of
    failing = {State.GUIDE, page} if page is State.PROBLEM else {page}
    monkeypatch.setattr(
        engine, "steps_of", lambda at, *rest: [dies] if at in failing else steps_of(at, *rest)
    )
    bench.terminal.limits = replace(bench.terminal.limits, refuge=NEVER)
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    if page is State.ATTRACT:
        bench.post(e.Left())
    await bench.until(State.OUT_OF_SERVICE)
    assert faults(bench) == [("screen", "defect", "reset")]
