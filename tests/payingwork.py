"""A citizen who pays on a terminal of fakes; orders, claims and refunds are the fleet's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import fakes
from fakes import Bench
from fleet.payment.claims import Claim
from fleet.payment.orders import OrderFault, View, Wanted
from kiosk import events as e
from kiosk import wire
from kiosk.journal import Journal
from kiosk.ports import Charge, Payment, PaymentFault, PaymentState
from kiosk.session.till import Till
from kiosk.view import PapersBody, PaymentBody, State
from paymentwork import CATALOGUE, OWNER, TERMINAL, Desk

LIMITS = replace(fakes.LIMITS, payment_silence=30.0, payment_grace=30.0)
PAUSES = (0.01,)


@dataclass
class DeskPayments:
    """`Payments` on a desk in this process. `down`: nobody answers. `deaf`: it acts, and the answer
    is lost. `before`: called with what is about to be asked."""

    desk: Desk
    down: bool = False
    deaf: bool = False
    before: Callable[[str], None] = lambda _what: None
    calls: list[str] = field(default_factory=list)

    async def order(self, charge: Charge, seconds: float) -> Payment | PaymentFault:
        wanted = Wanted(
            charge.order_no, TERMINAL, charge.task_code, charge.catalogue, charge.amount,
            dict(charge.basis), charge.task_version,
        )  # fmt: skip
        return await self._do("order", lambda: self.desk.orders.ask(OWNER, wanted))

    async def state(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        return await self._do("state", lambda: self.desk.orders.state(OWNER, order_no))

    async def close(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        return await self._do("close", lambda: self.desk.orders.close(OWNER, TERMINAL, order_no))

    async def end(self) -> None:
        """Nothing is open."""

    async def _do(self, what: str, act: Callable[[], View | OrderFault]) -> Payment | PaymentFault:
        self.before(f"{what}:before")
        self.calls.append(what)
        await asyncio.sleep(0)
        if self.down:
            return PaymentFault.UNREACHABLE
        told = act()
        self.before(f"{what}:after")
        if self.deaf:
            return PaymentFault.UNREACHABLE
        if isinstance(told, OrderFault):
            return PaymentFault(told.value)
        state = PaymentState(told.state.value)
        return Payment(told.order_no, state, told.amount, told.qr, told.seconds)


def paying_bench(folder: Path, payments: Any, **limits: float) -> Bench:
    """A terminal that offers `paymentwork.CATALOGUE`; its till runs with its engine."""
    bench = fakes.bench(folder, replace(LIMITS, **limits))
    bench.terminal.catalogue = CATALOGUE
    bench.terminal.till = Till(bench.journal, payments, PAUSES)
    return bench


async def serve(bench: Bench, interrupted: str | None = None) -> list[asyncio.Task[None]]:
    assert bench.terminal.till is not None
    work = [bench.engine.run(interrupted), bench.terminal.till.run()]
    tasks = [asyncio.create_task(one) for one in work]
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored())
    return tasks


async def close(bench: Bench, tasks: list[asyncio.Task[None]]) -> None:
    await bench.engine.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def to_payment(bench: Bench, task: str = "FLAT", **answers: str) -> PaymentBody:
    bench.post(e.Touched(), e.ServiceChosen(task), e.GuideAccepted())
    for name, value in answers.items():
        await bench.until(State.QUESTION)
        bench.post(e.Answered(name, value))
    await bench.until(State.CHECK)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PAYMENT)
    return await shows(bench, "waiting")


async def shows(bench: Bench, phase: str) -> PaymentBody:
    """Wait until the payment page says that."""

    def there() -> bool:
        body = bench.view.body
        return isinstance(body, PaymentBody) and body.phase == phase

    await until(there, lambda: f"{phase}: {bench.view}")
    body = bench.view.body
    assert isinstance(body, PaymentBody)
    return body


async def papers(bench: Bench) -> PapersBody:
    await bench.until(State.PAPERS)
    await until(lambda: isinstance(bench.view.body, PapersBody) and bench.view.body.done)
    assert isinstance(bench.view.body, PapersBody)
    return bench.view.body


async def until(
    condition: Callable[[], bool], why: Callable[[], str] = lambda: "still not so"
) -> None:
    try:
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(why()) from None


def order_no(bench: Bench) -> str:
    """Of the last payment that was begun."""
    return str(bench.data("payment.intent")[-1]["order_no"])


def pay(bench: Bench, desk: Desk, more: int = 0) -> None:
    """Somebody scans the code, and the provider calls the fleet."""
    desk.provider.pay(order_no(bench), more)
    desk.notify(order_no(bench))


def outcomes(bench: Bench) -> list[str]:
    return [one["outcome"] for one in bench.data("payment.outcome")]


async def all_told(bench: Bench) -> list[str]:
    """Wait until no payment is without an outcome; how each ended."""
    await until(lambda: unfinished(bench.journal) == 0)
    return outcomes(bench)


def unfinished(journal: Journal) -> int:
    return sum(one.type == "kiosk.payment.intent" for one in journal.unfinished())


def deliver(bench: Bench, desk: Desk) -> list[Claim]:
    """Every case of the journal arrives at the fleet."""
    cases = [one for one in bench.journal.walk() if one.type == "kiosk.case.intent"]
    return [desk.claims.claim(wire.unseal(bench.case_key, one.sealed)) for one in cases]


def money(desk: Desk) -> int:
    """What is kept in the end, when all that has to go back has gone."""
    for _ in range(4):
        desk.tick(100)
    desk.sound()
    return desk.provider.received() - desk.provider.returned()


Act = Callable[[], Awaitable[None]]
