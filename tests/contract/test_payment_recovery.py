"""A terminal's journal and its payments: a crash at each step, and what the next start does.

The rule (paid <=> case): the payment's intent comes before the order, the case's intent names the
order, and the payment's outcome comes after the case's intent. So an unfinished payment is paid
for good if a case intent names it, and is to be closed otherwise; it stays unfinished until the
fleet has answered the closing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fleet.payment.claims import Claim
from fleet.payment.orders import View, Wanted
from kiosk.journal import Journal
from kiosk.services import fees
from paymentwork import FLAT, OWNER, TERMINAL, Desk

STEPS = ("begun", "intent", "asked", "offered", "paid", "heard", "case", "outcome", "end")


class PowerCutError(Exception):
    pass


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(f"sqlite:///{tmp_path}/fleet.db")
    yield desk
    desk.store.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / "journal.db", TERMINAL)
    yield journal
    journal.close()


def visit(journal: Journal, desk: Desk, cut: str) -> None:
    """One citizen pays for FLAT; the power is cut after the step `cut`."""

    def reach(step: str) -> None:
        if step == cut:
            raise PowerCutError

    reach("begun")
    order = fees.order_number(journal.id, journal.last_seq + 1)
    payment = journal.begin("payment", {"order": order, "amount": 500, "task_code": "FLAT"})
    reach("intent")
    told = desk.orders.ask(OWNER, Wanted(order, TERMINAL, "FLAT", "v1", 500, {}))
    assert isinstance(told, View)
    reach("asked")
    assert told.qr
    reach("offered")
    desk.provider.pay(order)
    reach("paid")
    desk.notify(order)
    assert desk.state(order) == "paid"
    reach("heard")
    case = journal.begin("case", {"case_no": f"C-{order}", "payment": order})
    reach("case")
    journal.end(payment, {"state": "paid"})
    reach("outcome")
    journal.end(case, {"case_no": f"C-{order}", "standing": "accepted"})


def data(record: Any) -> dict[str, Any]:
    return dict(msgspec.json.decode(record.data))


def recover(journal: Journal, desk: Desk, reachable: bool = True) -> None:
    """What a start does about payments."""
    for intent in journal.unfinished():
        if intent.type != "kiosk.payment.intent":
            continue
        order = data(intent)["order"]
        named = any(
            record.type == "kiosk.case.intent" and data(record).get("payment") == order
            for record in journal.walk(intent.seq)
        )
        if named:
            journal.end(intent, {"state": "paid"})
        elif reachable:
            journal.end(intent, {"state": desk.close(order)})


def deliver(journal: Journal, desk: Desk) -> set[str]:
    """The agent's outbox: every case that the journal has, in the end."""
    cases = [data(one) for one in journal.walk() if one.type == "kiosk.case.intent"]
    for case in cases:
        told = desk.claims.claim(desk.case(case["payment"], case["case_no"], FLAT))
        assert told is Claim.SETTLED
    return {case["payment"] for case in cases}


@pytest.mark.parametrize("cut", STEPS)
@pytest.mark.parametrize("late_phone", [False, True])
def test_paid_if_and_only_if_there_is_a_case(
    journal: Journal, desk: Desk, cut: str, late_phone: bool
) -> None:
    if cut == "end":
        visit(journal, desk, cut)
    else:
        with pytest.raises(PowerCutError):
            visit(journal, desk, cut)
    recover(journal, desk, reachable=False)  # the network is not there yet
    order = fees.order_number(journal.id, 1)
    if late_phone and order in desk.provider.orders and not desk.provider.trades:
        desk.provider.pay(order)  # somebody still had the code on the phone
    recover(journal, desk)
    recover(journal, desk)
    assert [one for one in journal.unfinished() if one.type == "kiosk.payment.intent"] == []
    settled = deliver(journal, desk)
    assert bool(settled) == (cut in ("case", "outcome", "end"))
    for _ in range(4):
        desk.tick(100)
    desk.sound()
    received, returned = desk.provider.received(), desk.provider.returned()
    assert received - returned == 500 * len(settled)
