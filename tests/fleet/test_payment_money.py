"""Money comes in once, is claimed once, goes back once: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fleet.payment.claims import Claim
from fleet.payment.contract import Returning, Trading
from fleet.payment.ledger import Account
from fleet.payment.looks import REFUND_ALARM, UNCLAIMED_SECONDS
from fleet.payment.messages import TradeLine
from fleet.payment.orders import SECONDS, OrderFault, View, Wanted
from fleet.payment.states import OrderState
from paymentwork import BILL, FLAT, FREE, OTHER, OWNER, TERMINAL, TIER, Desk


@pytest.fixture
def desk(each_url: str) -> Iterator[Desk]:
    desk = Desk(each_url)
    yield desk
    desk.store.close()


# ---- The way it should go --------------------------------------------------------------------


def test_an_order_is_paid_and_settled(desk: Desk) -> None:
    view = desk.ask(TIER, tier="mid")
    assert (view.state, view.amount, view.seconds) == (OrderState.OPEN, 30_000, 180)
    assert view.qr == f"https://pay.example/q/{view.order_no}"
    desk.provider.pay(view.order_no)
    assert desk.notify(view.order_no) == 200
    assert desk.state(view.order_no) == "paid"
    assert desk.balances()[Account.HELD] == -30_000
    case = desk.case(view.order_no, task=TIER, tier="mid")
    assert desk.claims.claim(case) is Claim.SETTLED
    assert desk.claims.claim(case) is Claim.SETTLED
    assert desk.state(view.order_no) == "paid"
    assert desk.close(view.order_no) == "paid"  # too late to give it up
    desk.tick()
    desk.sound()
    assert desk.alarms() == []


def test_a_repeated_request_is_the_same_order(desk: Desk) -> None:
    wanted = desk.wanted()
    first, second = desk.orders.ask(OWNER, wanted), desk.orders.ask(OWNER, wanted)
    assert first == second
    assert len(desk.provider.orders) == 1


# ---- Fees come from the catalogue ------------------------------------------------------------


@pytest.mark.parametrize(("task", "amount", "answers"), [
    (FLAT, 499, {}), (FLAT, 501, {}), (TIER, 10_000, {"tier": "mid"}), (FREE, 1, {}),
    (TIER, 10_000, {"tier": "gold"}), (BILL, 2, {"sum": "1"}),
])  # fmt: skip
def test_another_amount_is_refused_with_an_alarm(
    desk: Desk, task: Any, amount: int, answers: dict[str, str]
) -> None:
    assert desk.orders.ask(OWNER, desk.wanted(task, amount, **answers)) is OrderFault.UNLISTED
    assert desk.provider.orders == {}
    assert desk.alarms() == ["unlisted_fee"]


def test_other_refusals(desk: Desk) -> None:
    def ask(task: str, catalogue: str, amount: int) -> View | OrderFault:
        wanted = Wanted(desk.number(), TERMINAL, task, catalogue, amount, {})
        return desk.orders.ask(OWNER, wanted)

    assert ask("NONE", "v1", 5) is OrderFault.UNKNOWN_ITEM
    assert ask("FLAT", "v0", 500) is OrderFault.UNKNOWN_CATALOGUE
    assert ask("FREE", "v1", 0) is OrderFault.NOTHING_TO_PAY
    assert desk.alarms() == []


def test_a_number_that_another_order_has(desk: Desk) -> None:
    number = desk.ask(FLAT).order_no
    other = Wanted(number, TERMINAL, "TIER", "v1", 10_000, {"tier": "low"})
    assert desk.orders.ask(OWNER, other) is OrderFault.CONFLICT
    same = Wanted(number, TERMINAL, "FLAT", "v1", 500, {})
    assert desk.orders.ask(OTHER, same) is OrderFault.CONFLICT
    assert desk.orders.state(OTHER, number) is OrderFault.UNKNOWN_ORDER
    assert desk.orders.close(OTHER, OTHER, number) is OrderFault.UNKNOWN_ORDER
    assert desk.state(number) == "open"
    assert desk.alarms() == ["order_conflict"]


# ---- The provider is away, slow, or says no --------------------------------------------------


def test_the_provider_is_away_and_comes_back(desk: Desk) -> None:
    desk.provider.away = True
    wanted = desk.wanted()
    view = desk.orders.ask(OWNER, wanted)
    assert isinstance(view, View)
    assert (view.state, view.qr) == (OrderState.OPEN, "")
    desk.provider.away = False
    again = desk.orders.ask(OWNER, wanted)
    assert isinstance(again, View)
    assert again.qr


def test_the_provider_refuses_the_order(desk: Desk) -> None:
    desk.provider.refuses = True
    assert desk.ask().state is OrderState.REFUSED


def test_the_payer_is_refused(desk: Desk) -> None:
    number = desk.ask().order_no
    desk.provider.orders[number] = (desk.provider.orders[number][0], Trading.REFUSED)
    assert desk.notify(number) == 200  # says nothing by itself: the provider is asked
    assert (desk.state(number), desk.woken) == ("open", 1)
    desk.tick(0)
    assert desk.state(number) == "refused"
    desk.sound()


def test_a_lost_callback_is_found_by_asking(desk: Desk) -> None:
    number = desk.ask().order_no
    desk.provider.pay(number)
    assert desk.state(number) == "open"
    desk.tick(3)
    assert desk.state(number) == "paid"
    assert desk.notify(number) == 200
    assert desk.balances()[Account.HELD] == -500


def test_nobody_pays(desk: Desk) -> None:
    number = desk.ask().order_no
    desk.tick(SECONDS + 1)
    assert desk.state(number) == "expired"
    assert desk.provider.query(number).state is Trading.CLOSED
    desk.sound()


def test_paid_in_the_last_second_while_nobody_heard(desk: Desk) -> None:
    """The order is over by its time; it was paid before: it is paid."""
    number = desk.ask().order_no
    desk.now += SECONDS - 1
    desk.provider.pay(number)
    desk.tick(30)
    assert desk.state(number) == "paid"


# ---- Money that has to go back ---------------------------------------------------------------


def test_given_up_before_anybody_paid(desk: Desk) -> None:
    number = desk.ask().order_no
    assert desk.close(number) == "closed"
    assert desk.close(number) == "closed"
    desk.tick()
    assert desk.provider.query(number).state is Trading.CLOSED
    desk.sound()


def test_given_up_before_the_order_even_came(desk: Desk) -> None:
    wanted = desk.wanted()
    assert desk.close(wanted.order_no) == "closed"
    view = desk.orders.ask(OWNER, wanted)
    assert isinstance(view, View)
    assert (view.state, view.qr) == (OrderState.CLOSED, "")
    assert desk.provider.orders == {}


@pytest.mark.parametrize("end", ["close", "expire"])
@pytest.mark.parametrize("told", ["callback", "callbacks", "statement"])
def test_late_money_goes_back_once(desk: Desk, end: str, told: str) -> None:
    number = desk.ask().order_no
    if end == "close":
        assert desk.close(number) == "closed"
    desk.tick(SECONDS + 1)
    desk.provider.pay(number)
    for _ in range({"callback": 1, "callbacks": 3, "statement": 0}[told]):
        assert desk.notify(number) == 200
    if told == "statement":
        assert [one.kind for one in desk.compare()] == ["payment_not_here"]
        assert desk.asked == [number]
        desk.looks.take(desk.provider.query(number))
    assert desk.state(number) == "refunding"
    desk.tick()
    desk.tick()
    assert desk.state(number) == "refunded"
    assert desk.receipts() == [("refunded", "late", 500)]
    assert len(desk.provider.refunds) == 1
    desk.sound()


def test_paid_and_then_abandoned(desk: Desk) -> None:
    number = desk.paid()
    assert desk.close(number) == "refunding"
    desk.tick()
    assert desk.state(number) == "refunded"
    assert desk.claims.claim(desk.case(number)) is Claim.UNPAID
    desk.sound()


def test_two_phones_pay_one_code(desk: Desk) -> None:
    number = desk.ask().order_no
    desk.provider.pay(number)
    desk.provider.pay(number)
    assert desk.notify(number) == 200
    assert desk.state(number) == "paid"
    assert desk.claims.claim(desk.case(number)) is Claim.SETTLED
    desk.tick()
    assert sorted(desk.receipts()) == [("refunded", "doubled", 500), ("settled", "", 500)]
    desk.sound()


def test_a_wrong_amount_never_counts_as_paid(desk: Desk) -> None:
    number = desk.ask().order_no
    desk.provider.pay(number, more=1)
    assert desk.notify(number) == 200
    assert desk.state(number) == "open"
    assert desk.alarms() == ["wrong_amount"]
    desk.tick(0)  # asked, the provider says so too: it is money, and it goes back
    assert desk.state(number) in ("refunding", "refunded")
    assert desk.claims.claim(desk.case(number)) is Claim.UNPAID
    desk.tick()
    assert desk.state(number) == "refunded"
    assert desk.receipts() == [("refunded", "wrong_amount", 501)]
    desk.sound()


def test_a_wrong_amount_that_only_a_callback_tells(desk: Desk) -> None:
    number = desk.ask().order_no
    assert desk.notify(number, trades=[TradeLine("T1", 499, desk.now)]) == 200
    desk.tick(0)
    assert (desk.state(number), desk.receipts()) == ("open", [])


def test_a_refund_whose_answer_was_lost_is_one_refund(desk: Desk) -> None:
    number = desk.paid()
    desk.close(number)
    desk.provider.mute = True
    for _ in range(3):
        with pytest.raises(Exception, match="mute"):
            desk.tick()
    desk.provider.mute = False
    desk.tick()
    assert desk.state(number) == "refunded"
    assert (desk.provider.refund_calls, len(desk.provider.refunds)) == (4, 1)
    desk.sound()


def test_a_refund_that_the_provider_refuses_is_told_to_people(desk: Desk) -> None:
    number = desk.paid()
    desk.close(number)
    desk.provider.returning = Returning.REFUSED
    for _ in range(REFUND_ALARM):
        desk.tick(4000)
    assert desk.state(number) == "refunding"
    assert desk.alarms() == ["refund_failing"]
    desk.provider.returning = Returning.DONE
    desk.tick(4000)
    assert desk.state(number) == "refunded"


def test_money_that_no_case_claims(desk: Desk) -> None:
    number = desk.paid()
    desk.tick(UNCLAIMED_SECONDS - 60)
    assert desk.state(number) == "paid"
    desk.tick(120)
    desk.tick()
    assert desk.state(number) == "refunded"
    assert desk.alarms() == ["unclaimed_payment"]
    desk.sound()
