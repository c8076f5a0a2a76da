"""What the fleet asks of a payment provider (aggregate payment, 聚合支付), and what it answers.

Amounts are fen. Every act can be repeated: the same order, or the same refund, is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class ProviderError(RuntimeError):
    """No answer that counts; nothing is known. Ask again."""


class Trading(StrEnum):
    """An order as the provider sees it."""

    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"  # the payer's bank did not pay; no other try is taken
    CLOSED = "closed"  # nobody can pay it any more
    UNKNOWN = "unknown"  # there is no such order


class Returning(StrEnum):
    """A refund as the provider sees it."""

    DONE = "done"
    UNDERWAY = "underway"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ask:
    """A new order. `expires_at`: epoch seconds after which nobody can pay it, nor make it.

    `subject`: what a phone shows; the item's name, never a person's.
    """

    order_no: str
    amount: int
    expires_at: float
    subject: str


@dataclass(frozen=True, slots=True)
class Trade:
    """Money that somebody paid. `paid_at`: epoch seconds by the provider's clock."""

    trade_no: str
    order_no: str
    amount: int
    paid_at: float


@dataclass(frozen=True, slots=True)
class Told:
    """`qr`: what the code on the screen says, of an order that waits."""

    order_no: str
    state: Trading
    qr: str = ""
    trades: tuple[Trade, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    state: Returning
    at: float = 0.0  # when it was done, epoch seconds by the provider's clock


class LineKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a daily statement. `number`: of the trade or of the refund."""

    kind: LineKind
    number: str
    order_no: str
    amount: int


class Provider(Protocol):
    """All block, for some seconds at most, and raise `ProviderError`."""

    def create(self, ask: Ask) -> Told:
        """REFUSED or CLOSED: this order cannot be paid. An order that exists stays as it is."""

    def query(self, order_no: str) -> Told: ...

    def close(self, order_no: str) -> Told:
        """Let nobody pay it any more; what was paid before is told."""

    def refund(self, refund_no: str, trade: Trade) -> Returned:
        """Give all of `trade` back. The same `refund_no` again tells how it stands."""

    def statement(self, day: date) -> list[Line]:
        """Everything that moved on that day of the provider's calendar."""
