"""Every difference between ledger and statement is found, and named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from fleet.payment.claims import Claim
from fleet.payment.contract import Line, LineKind
from fleet.payment.reconcile import Difference, Found, differ
from fleet.payment.worker import PaymentWorker
from fleet.store.payment_tables import payment_days, payment_differences, payment_entries
from fleet.store.payment_tables import payment_receipts as receipts
from paymentwork import Desk

DAY = 86400.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(f"sqlite:///{tmp_path}/fleet.db")
    yield desk
    desk.store.close()


def kinds(found: list[Found]) -> list[str]:
    return sorted(one.kind.value for one in found)


def test_a_day_that_agrees(desk: Desk) -> None:
    for serial in range(3):
        number = desk.paid()
        assert desk.claims.claim(desk.case(number, f"C-{serial}")) is Claim.SETTLED
    desk.close(desk.paid())
    desk.tick()
    assert desk.compare() == []
    assert desk.compare(days=1) == []


def test_money_that_never_reached_us_is_named_and_fetched(desk: Desk) -> None:
    number = desk.ask().order_no
    desk.tick(200)  # expired
    trade = desk.provider.pay(number)
    found = desk.compare()
    assert found == [Found(Difference.PAYMENT_NOT_HERE, trade.trade_no, number, 0, 500)]
    assert desk.asked == [number]
    with desk.store.read() as connection:
        kept = connection.execute(select(payment_differences)).one()
        day = connection.execute(select(payment_days)).one()
    assert (kept.kind, kept.order_no, kept.theirs) == ("payment_not_here", number, 500)
    assert (day.lines, day.differences) == (1, 1)
    assert desk.alarms() == ["reconciliation"]


def test_money_that_the_provider_does_not_know(desk: Desk) -> None:
    number = desk.paid()
    desk.provider.hidden.add(desk.provider.trades[number][0].trade_no)
    assert kinds(desk.compare()) == ["payment_not_there"]


def test_a_refund_that_we_did_not_ask_for(desk: Desk) -> None:
    trade = desk.provider.trades[desk.paid()][0]
    desk.provider.refunds["RX"] = (trade, desk.now)
    assert kinds(desk.compare()) == ["refund_not_here"]


def test_a_refund_that_was_never_made(desk: Desk) -> None:
    desk.close(desk.paid())
    desk.tick()
    desk.provider.refunds.clear()
    assert kinds(desk.compare()) == ["refund_not_there"]


@pytest.mark.parametrize(
    "spoil",
    [
        update(receipts).values(amount=499),
        payment_entries.delete().where(payment_entries.c.account == "held"),
        update(payment_entries).where(payment_entries.c.account == "held").values(amount=-501),
        receipts.delete(),
    ],
)
def test_a_ledger_that_somebody_changed(desk: Desk, spoil: object) -> None:
    desk.paid()
    with desk.store.write() as connection:
        connection.execute(spoil)  # type: ignore[call-overload]
    assert "ledger" in kinds(desk.compare())


def test_midnight_is_the_providers(desk: Desk) -> None:
    """Money of the last second before midnight, told after it, belongs to the day before."""
    midnight = 1_800_028_800.0  # 2027-01-16 00:00 in Shanghai
    desk.now = midnight - 1
    number = desk.ask().order_no
    desk.provider.pay(number)
    desk.now = midnight + 5
    assert desk.notify(number) == 200
    assert (desk.compare(), desk.compare(days=1)) == ([], [])
    with desk.store.read() as connection:
        lines = dict(connection.execute(select(payment_days.c.day, payment_days.c.lines)).all())  # type: ignore[arg-type]
    assert lines == {"2027-01-16": 0, "2027-01-15": 1}


def test_the_worker_compares_yesterday_once(desk: Desk) -> None:
    number = desk.paid()
    desk.provider.hidden.add(desk.provider.trades[number][0].trade_no)
    worker = PaymentWorker(desk.store, desk.provider, desk.clock)
    desk.now += DAY
    for _ in range(3):
        worker._round()
        desk.now += 700
    with desk.store.read() as connection:
        days = connection.execute(select(payment_days)).all()
    assert [(row.day, row.differences) for row in days] == [("2027-01-15", 1)]


def test_days_that_the_fleet_slept_through_are_compared_too(desk: Desk) -> None:
    number = desk.paid()
    desk.provider.hidden.add(desk.provider.trades[number][0].trade_no)
    desk.now += 3 * DAY
    PaymentWorker(desk.store, desk.provider, desk.clock)._round()
    with desk.store.read() as connection:
        days = connection.execute(select(payment_days).order_by(payment_days.c.day)).all()
    assert [(row.day, row.differences) for row in days] == [
        ("2027-01-15", 1), ("2027-01-16", 0), ("2027-01-17", 0),
    ]  # fmt: skip


def test_a_statement_is_not_asked_for_before_it_is_complete(desk: Desk) -> None:
    assert desk.reconciliation.due() is None
    desk.paid()
    desk.now = 1_800_028_800.0 + 3599  # 00:59:59 of the next day
    assert desk.reconciliation.due() is None
    desk.now += 1
    assert str(desk.reconciliation.due()) == "2027-01-15"


LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(LineKind),
        st.sampled_from(["N1", "N2", "N3", "N4"]),
        st.sampled_from(["A", "B"]),
        st.integers(1, 3),
    ),
    max_size=6,
)


@given(LINES, LINES)
def test_nothing_is_found_only_where_both_are_the_same(
    ours: list[Line], theirs: list[Line]
) -> None:
    held = {(line.kind, line.number): line for line in ours}
    found = list(differ(held, theirs))
    same = sorted(held.values(), key=repr) == sorted(theirs, key=repr)
    assert (not found) == same
    # And who follows the findings gets from one to the other.
    total = sum(line.amount for line in theirs) - sum(line.amount for line in held.values())
    twice = sum(_repeats(theirs))
    explained = [one for one in found if one.kind not in ORDERS]
    assert total - twice == sum(one.theirs - one.ours for one in explained)


ORDERS = (Difference.LINE_TWICE, Difference.PAYMENT_ORDER, Difference.REFUND_ORDER)


def _repeats(lines: list[Line]) -> Iterator[int]:
    seen = set()
    for line in lines:
        if (line.kind, line.number) in seen:
            yield line.amount
        seen.add((line.kind, line.number))
