"""One payment serves one case, whoever is at it at once: on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from fleet.payment.claims import Claim
from fleet.payment.contract import Trade
from fleet.payment.ledger import Account
from fleet.payment.messages import TradeLine
from fleet.payment.paid import PaidPlatform
from fleet.payment.states import Happened, OrderState, after
from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from paymentwork import FREE, TIER, Desk


@pytest.fixture
def desk(each_url: str) -> Iterator[Desk]:
    desk = Desk(each_url)
    yield desk
    desk.store.close()


# ---- Cases -----------------------------------------------------------------------------------


def test_a_case_that_needs_no_payment(desk: Desk) -> None:
    assert desk.claims.claim(desk.case("", task=FREE)) is Claim.FREE


@pytest.mark.parametrize("order", ["", "N0000000000000000000000009"])
def test_a_case_without_a_payment(desk: Desk, order: str) -> None:
    assert desk.claims.claim(desk.case(order)) is Claim.UNPAID
    assert desk.alarms() == ["unpaid_case"]


def test_an_unknown_catalogue_makes_nothing_free(desk: Desk) -> None:
    case = msgspec.structs.replace(desk.case(""), catalogue="v0", task_version="0")
    assert desk.claims.claim(case) is Claim.UNPAID
    case = msgspec.structs.replace(case, payment=desk.paid())
    assert desk.claims.claim(case) is Claim.WAIT


def test_an_unknown_catalogue_with_a_known_version_of_the_item(desk: Desk) -> None:
    """A terminal's bundle has a number of its own; the item's version says what it costs."""
    known = msgspec.structs.replace(desk.case(desk.paid()), catalogue="7-0123456789ab")
    assert desk.claims.claim(known) is Claim.SETTLED


def test_one_payment_serves_one_case(desk: Desk) -> None:
    number = desk.paid()
    assert desk.claims.claim(desk.case(number, "C-1")) is Claim.SETTLED
    assert desk.claims.claim(desk.case(number, "C-2")) is Claim.UNPAID
    desk.sound()


def test_a_case_that_costs_more_than_was_paid(desk: Desk) -> None:
    """The terminal told a cheaper answer for the order than it wrote into the case."""
    number = desk.paid(TIER, tier="low")
    told = desk.claims.claim(desk.case(number, task=TIER, tier="high"))
    assert told is Claim.UNPAID
    desk.tick()
    assert (desk.state(number), desk.alarms()) == ("refunded", ["unpaid_case"])
    desk.sound()


def test_the_office_refuses_a_case(desk: Desk) -> None:
    number = desk.paid()
    assert desk.claims.claim(desk.case(number)) is Claim.SETTLED
    desk.tick()
    assert desk.state(number) == "paid"
    desk.refuse("C-1")
    desk.refuse("C-9")
    desk.tick()
    desk.tick()
    assert desk.state(number) == "refunded"
    desk.sound()


def test_a_platform_is_given_paid_cases_only(desk: Desk) -> None:
    seen: list[str] = []

    class Office:
        def decide(self, case: Any) -> Decision:
            seen.append(case.case_no)
            return Decision(Standing.APPROVED)

    platform = PaidPlatform(Office(), desk.claims)
    assert platform.decide(desk.case(desk.paid(), "C-1")).state is Standing.APPROVED
    assert platform.decide(desk.case("", "C-2", FREE)).state is Standing.APPROVED
    unpaid = platform.decide(desk.case("", "C-3"))
    assert (unpaid.state, unpaid.reason) == (Standing.REFUSED, Reason.UNPAID)
    with pytest.raises(PlatformError):
        platform.decide(desk.case(desk.ask().order_no, "C-4"))
    assert seen == ["C-1", "C-2"]


def test_claim_and_close_at_once_agree(desk: Desk) -> None:
    """Whichever is first wins; never both, never neither."""
    ends = []
    for serial in range(12):
        number = desk.paid()
        case, told = desk.case(number, f"C-{serial}"), {}
        threads = [
            threading.Thread(target=lambda t=told, n=number: t.update(close=desk.close(n))),
            threading.Thread(target=lambda t=told, c=case: t.update(claim=desk.claims.claim(c))),
        ]
        for thread in threads[:: 1 if serial % 2 else -1]:
            thread.start()
        for thread in threads:
            thread.join()
        pair = (told["close"], told["claim"])
        assert pair in {("paid", Claim.SETTLED), ("refunding", Claim.UNPAID)}, pair
        ends.append(pair)
    desk.tick()
    desk.sound()


def test_callback_and_look_at_once_take_money_once(desk: Desk) -> None:
    for _ in range(8):
        number = desk.ask().order_no
        desk.provider.pay(number)
        threads = [threading.Thread(target=desk.notify, args=(number,)) for _ in range(3)]
        look = desk.provider.query(number)
        threads.append(threading.Thread(target=desk.looks.take, args=(look,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert desk.state(number) == "paid"
    assert desk.balances()[Account.HELD] == -8 * 500


def test_one_trade_told_in_two_ways(desk: Desk) -> None:
    number = desk.paid()
    trade = desk.provider.trades[number][0]
    other = Trade(trade.trade_no, desk.ask().order_no, 500, trade.paid_at)
    line = TradeLine(other.trade_no, 500, desk.now)
    assert desk.notify(other.order_no, trades=[line]) == 200
    assert desk.state(other.order_no) == "open"
    assert desk.alarms() == ["trade_conflict"]


def test_the_table_of_states_has_no_way_back() -> None:
    """From what is given up nothing leads to paid or settled."""
    reach = {state: {after(state, one) for one in Happened} | {state} for state in OrderState}
    for _ in OrderState:
        reach = {s: set().union(*(reach[t] for t in found)) for s, found in reach.items()}
    for state in (OrderState.CLOSED, OrderState.EXPIRED, OrderState.REFUSED, OrderState.REFUNDING):
        assert not reach[state] & {OrderState.PAID, OrderState.SETTLED, OrderState.OPEN}
