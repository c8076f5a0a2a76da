"""The power is cut at each durable step of paying and submitting: money if and only if a case.

The cut is in this process: from it on the journal takes nothing more and the network is dead. A
second terminal then starts with what the first one's disk holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

import tally
from fakes import Bench
from fleet.payment.claims import Claim
from kiosk import events as e
from kiosk.journal import Journal
from kiosk.session.recovery import recover
from kiosk.view import ProblemBody, State
from payingwork import (
    DeskPayments,
    all_told,
    close,
    deliver,
    money,
    order_no,
    paying_bench,
    serve,
    unfinished,
    until,
)
from paymentwork import Desk

PLACES = (
    "begin:payment:before", "begin:payment:after",
    "order:before", "order:after",
    "state:before", "state:after",
    "paid",
    "begin:case:before", "begin:case:after",
    "end:payment:before", "end:payment:after",
    "begin:print:before", "begin:print:after", "end:print:after",
    "end:case:before", "end:case:after",
)  # fmt: skip
UNPAID = ("order:after", "state:before")  # where the code may still be on somebody's phone
CASE_IS_WRITTEN = PLACES[PLACES.index("begin:case:after") :]


class PowerCut(BaseException):
    """Nothing catches it."""


class Cut:
    """Of one terminal, at one place."""

    def __init__(self, bench: Bench, line: DeskPayments, place: str) -> None:
        self._place, self.done = place, False
        journal: Any = bench.journal
        for name in ("begin", "begin_all", "end", "append"):
            setattr(journal, name, self._around(name, getattr(journal, name)))
        line.before = self.reach

    def reach(self, here: str) -> None:
        self.done = self.done or here == self._place
        if self.done:
            raise PowerCut(here)

    def _around(self, name: str, real: Any) -> Any:
        def call(first: Any, *rest: Any, **named: Any) -> Any:
            kind = first if isinstance(first, str) else first.type.split(".")[1]
            act = f"{name.removesuffix('_all')}:{kind}"
            self.reach(f"{act}:before")
            made = real(first, *rest, **named)
            self.reach(f"{act}:after")
            return made

        return call


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(f"sqlite:///{tmp_path}/fleet.db")
    yield made
    made.store.close()


async def visit(bench: Bench, desk: Desk, cut: Cut) -> None:
    """Until the power is cut, or to the end; somebody pays as soon as there is a code."""
    for event in (e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted()):
        bench.post(event)
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    scanned = False
    while not cut.done and bench.view.state is not State.RATING:
        if desk.provider.orders and bench.data("payment.intent") and not scanned:
            desk.provider.pay(order_no(bench))
            desk.notify(order_no(bench))
            scanned = True
            if cut._place == "paid":
                cut.done = True
        if bench.view.state is State.PAPERS and getattr(bench.view.body, "done", False):
            bench.post(e.PapersCollected())
        await asyncio.sleep(0.002)


async def cut_off(folder: Path, desk: Desk, place: str) -> X25519PrivateKey:
    """A terminal with this end; only its journal is left. The fleet's key for its cases."""
    line = DeskPayments(desk)
    bench = paying_bench(folder, line)
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    cut = Cut(bench, line, place)
    async with asyncio.timeout(60):
        await visit(bench, desk, cut)
    assert cut.done == (place != "none")
    dead = [*tasks, *bench.engine._tasks]
    for task in dead:
        task.cancel()
    await asyncio.gather(*dead, return_exceptions=True)
    bench.journal.close()
    return bench.case_key


@pytest.mark.parametrize(
    ("place", "late_phone"),
    [*((place, False) for place in (*PLACES, "none")), *((place, True) for place in UNPAID)],
)
async def test_money_if_and_only_if_there_is_a_case(
    tmp_path: Path, desk: Desk, place: str, late_phone: bool
) -> None:
    key = await cut_off(tmp_path, desk, place)
    line = DeskPayments(desk, down=True)
    left = Journal.open(tmp_path / "journal.db", "KT-0001")
    open_before = unfinished(left)
    interrupted = recover(left)
    left.close()
    again = paying_bench(tmp_path, line)
    again.case_key = key
    if late_phone and (number := _unpaid(desk)):
        desk.provider.pay(number)  # the code was still on somebody's phone
        desk.notify(number)
    tasks = await serve(again, interrupted)
    await until(lambda: bool(line.calls) or not unfinished(again.journal))
    written = place in (*CASE_IS_WRITTEN, "none")
    # The network is away: what was paid for a case is known here, the rest waits.
    assert unfinished(again.journal) == (0 if written else open_before)
    line.down = False
    told = await all_told(again)
    assert told == (["paid"] if written else ["interrupted"] * open_before)
    claims, kept = deliver(again, desk), money(desk)
    due = 500 if written else 0
    tally.count(rounds=1, kills=1, lost=kept < due, doubled=kept > due)
    assert claims == ([Claim.SETTLED] if written else [])
    assert kept == due
    await close(again, tasks)


async def test_the_next_citizen_reads_that_the_money_comes_back(tmp_path: Path, desk: Desk) -> None:
    await cut_off(tmp_path, desk, "paid")
    again = paying_bench(tmp_path, DeskPayments(desk, down=True))
    tasks = await serve(again, recover(again.journal))
    body = (await again.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.case_no) == ("interrupted_payment", "")
    await close(again, tasks)


def _unpaid(desk: Desk) -> str:
    paid = desk.provider.trades
    return next((number for number in desk.provider.orders if number not in paid), "")


async def test_the_fleet_is_told_however_long_nobody_hears_it(tmp_path: Path, desk: Desk) -> None:
    """No answer, garbage from below, a journal that fails: it is tried again, and ends once."""
    line = DeskPayments(desk, down=True)
    bench = paying_bench(tmp_path, line)
    tasks = await serve(bench)
    await bench.until(State.ATTRACT)
    await to_payment_down(bench, line)
    bench.post(e.Left())
    await until(lambda: line.calls.count("close") > 2)

    failed: list[str] = []

    def fail(what: str) -> None:
        failed.append(what)
        raise ValueError("a defect")

    line.down, line.before = False, fail
    await until(lambda: len(failed) > 2)
    assert unfinished(bench.journal) == 1
    line.before = lambda _what: None
    assert await all_told(bench) == ["given_up"]
    assert money(desk) == 0
    await close(bench, tasks)


async def to_payment_down(bench: Bench, line: DeskPayments) -> None:
    """The order is made; then the network is gone."""
    line.down = False
    for event in (e.Touched(), e.ServiceChosen("FLAT"), e.GuideAccepted()):
        bench.post(event)
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    await until(lambda: bool(line.desk.provider.orders))
    line.down = True
    line.desk.provider.pay(order_no(bench))
    line.desk.notify(order_no(bench))
