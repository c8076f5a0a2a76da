"""kill -9 of fleet and of provider at every commit: no double charge, no payment lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ports import Payment, PaymentState
from paymentfleet import Kill
from paymenttown import Town
from paymentwork import TIER

GIVEN_UP = (PaymentState.REFUNDING, PaymentState.REFUNDED, PaymentState.CLOSED)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.stop()


async def visits(town: Town) -> set[str]:
    """One is paid and becomes a case, one is paid and abandoned, one is paid after it was closed,
    one is paid and its case refused."""
    payments = town.payments()
    done = town.charge(TIER, tier="low")
    await pay(town, payments, done.order_no, done)
    assert await town.case(done, tier="low") == "settled"

    left = town.charge()
    await pay(town, payments, left.order_no, left)
    closed = await town.insist(lambda: payments.close(left.order_no, 5))
    assert isinstance(closed, Payment)
    assert closed.state in GIVEN_UP

    late = town.charge()
    await town.offered(payments, late)
    await town.insist(lambda: payments.close(late.order_no, 5))
    await town.hand(late.order_no, "late")
    town.revive()

    refused = town.charge()
    await pay(town, payments, refused.order_no, refused)
    assert await town.case(refused) == "settled"
    url = f"{town.url}/test/refused/C-{refused.order_no}"
    await town.insist(lambda: town.asked("POST", url, {}))
    await payments.end()
    return {done.order_no}


async def pay(town: Town, payments: object, order_no: str, charge: object) -> None:
    offered = await town.offered(payments, charge)  # type: ignore[arg-type]
    assert offered.state in (PaymentState.OPEN, PaymentState.PAID)
    while not town.book(f"SELECT 1 FROM trades WHERE order_no = '{order_no}'"):
        await town.hand(order_no)
        town.revive()
    await town.until(payments, order_no, PaymentState.PAID)  # type: ignore[arg-type]


STRIDE = 1 if "KIOSK_LONG" in os.environ else 5  # commits from one kill to the next


@pytest.mark.timeout(600)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("who", "commits"), [("fleet", 24), ("provider", 14)])
async def test_a_kill_at_every_commit(town: Town, who: str, commits: int, when: str) -> None:
    """The n-th round dies at the n-th commit; the next start is a start after a kill."""
    town.start()
    settled: set[str] = set()
    rounds = range(1, commits + 1, STRIDE)
    for done, at in enumerate(rounds, start=1):
        town.arm(who, Kill(at, when))
        settled |= await visits(town)
        if done % 4 == 0 or at == rounds[-1]:
            town.wait(town.quiet)
            assert town.check(settled)["settled"] == done
    assert town.deaths.count(who) > len(rounds) * 0.8, "most commits were not reached"
