"""How a payment ended stands beside its case in the console, whichever record comes first."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fleet.acts import act
from fleet.console.visits import fold
from fleet.rows import TransactionRow
from kiosk import wire
from kiosk.session.bills import PaymentOutcome


def record(kind: str, **data: Any) -> wire.Record:
    told = msgspec.Raw(msgspec.json.encode(data))
    return wire.Record(
        id="j-1", source="/terminals/KT-0001", type=f"kiosk.{kind}", journal="j", boot=1, seq=1,
        time="2027-01-15T10:00:00+08:00", prev="", hash="", data=told,
    )  # fmt: skip


def row(position: int, kind: str, outcome: str) -> TransactionRow:
    blank = dict.fromkeys(
        ("paper", "fault", "action", "reason", "due_date", "certificate_no", "staff"), ""
    )
    return TransactionRow(
        position=position, kind=kind, terminal="KT-0001", time="", received_at=1.0 + position,
        case_no="KT0001-1", task_code="T1", outcome=outcome, historical=False, **blank,
    )  # fmt: skip


@pytest.mark.parametrize("outcome", list(PaymentOutcome))
def test_every_outcome_of_the_journal_is_kept_and_nothing_else_of_it(outcome: str) -> None:
    known = {"order_no": "1f", "amount": 500, "case_no": "KT0001-1", "task_code": "T1"}
    kept = act("KT-0001", record("payment.outcome", **known, outcome=str(outcome)), 1.0)
    assert kept is not None
    assert (kept["kind"], kept["outcome"], kept["case_no"]) == ("payment", outcome, "KT0001-1")
    assert "order_no" not in kept
    assert act("KT-0001", record("payment.intent", **known), 1.0) is None


def test_it_stands_beside_its_case() -> None:
    [visit] = fold([row(1, "payment", "paid"), row(2, "case", "approved"), row(3, "rating", "5")])
    assert (visit.payment, visit.standing, visit.rating) == ("paid", "approved", 5)
    [visit] = fold([row(1, "payment", "refused"), row(2, "payment", "given_up")])
    assert (visit.payment, visit.standing) == ("given_up", "")
