"""What a visit has to pay, and how far each payment is. No money is told by the network here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.ports import Charge
from kiosk.services import fees
from kiosk.services.item import Item
from kiosk.wire import Record


class Phase(StrEnum):
    """How far a payment is; locale keys `payment.<phase>`."""

    ASKING = "asking"  # there is no code to pay by yet
    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"  # by the payer's bank, or by the provider
    LATE = "late"  # the code's time is over
    RETURNED = "returned"  # another amount was paid; it goes back
    SILENT = "silent"  # nobody answers, or the fleet does not make such an order


class PaymentOutcome(StrEnum):
    """How a payment ended, in the journal. Money of all but the first goes back."""

    PAID = "paid"  # and its case is written
    REFUSED = "refused"
    EXPIRED = "expired"
    GIVEN_UP = "given_up"  # by the citizen, or with the visit
    UNANSWERED = "unanswered"
    INTERRUPTED = "interrupted"  # the terminal stopped before the case was written


OPEN = (Phase.ASKING, Phase.WAITING)


@dataclass(slots=True)
class Bill:
    """One item's fee. `amount` in fen; `deadline` by the monotonic clock.

    `case_no`: of the case that is paid for, known before it is written. `intent`: while the
    journal has no outcome of the payment.
    """

    item: Item
    amount: int
    basis: Mapping[str, str] = field(repr=False)
    lines: tuple[tuple[fees.Fee, int], ...] = field(default=(), repr=False)
    phase: Phase = Phase.ASKING
    order_no: str = ""
    case_no: str = ""
    intent: Record | None = field(default=None, repr=False)
    qr: str = field(default="", repr=False)
    deadline: float = 0.0

    @property
    def seconds_left(self) -> int:
        return max(0, round(self.deadline - time.monotonic()))

    def charge(self, catalogue: str) -> Charge:
        item = self.item
        return Charge(
            self.order_no, item.task_code, catalogue, self.amount, self.basis, item.task_version
        )

    def anew(self) -> None:
        """For another try, under a new number; the case's number stays."""
        self.phase, self.order_no, self.qr, self.deadline = Phase.ASKING, "", "", 0.0


def paid(bills: Sequence[Bill]) -> bool:
    """All of them; no bill is none that is paid."""
    return bool(bills) and all(bill.phase is Phase.PAID for bill in bills)


def running(bills: Sequence[Bill]) -> bool:
    """Can the next one still be paid?"""
    return next((bill.phase in OPEN for bill in bills if bill.phase is not Phase.PAID), False)


def bills_of(cases: Iterable[tuple[Item, Mapping[str, str]]]) -> list[Bill]:
    """Of whatever costs anything. `cases`: each item, and its own answers as its case will have
    them. Raises `FeeError`."""
    found = []
    for item, answers in cases:
        basis = fees.basis(item, answers)
        due = fees.due(item, basis)
        if due:
            found.append(Bill(item, due, basis, tuple(fees.lines(item, basis))))
    return found
