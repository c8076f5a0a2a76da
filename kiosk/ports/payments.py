"""Fees: an order, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class PaymentState(StrEnum):
    """An order of a payment as the fleet tells it."""

    OPEN = "open"
    PAID = "paid"
    REFUSED = "refused"  # by the payer's bank or the provider; ask for a new order
    EXPIRED = "expired"
    CLOSED = "closed"  # given up by this terminal; what is still paid goes back
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class PaymentFault(StrEnum):
    """Why nothing is known of an order, or why there is none."""

    UNREACHABLE = "unreachable"  # no answer in time; ask again, it is the same order
    UNLISTED = "unlisted"  # the amount is not the catalogue's
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_CATALOGUE = "unknown_catalogue"
    NOTHING_TO_PAY = "nothing_to_pay"
    CONFLICT = "conflict"  # this number is another order's
    UNKNOWN_ORDER = "unknown_order"


@dataclass(frozen=True, slots=True)
class Charge:
    """What is to be paid: fen, by this item of this catalogue. See `kiosk.services.fees`.

    `order_no`: made from the journal, so that a repeated request is the same order.
    """

    order_no: str
    task_code: str
    catalogue: str
    amount: int
    basis: Mapping[str, str] = field(repr=False)
    task_version: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """`qr`: what the code says that a phone pays by, for `seconds`; '' while open: not there yet,
    ask for the order again."""

    order_no: str
    state: PaymentState
    amount: int
    qr: str = ""
    seconds: int = 0


class Payments(Protocol):
    """Payments by phone, through the fleet. Every call can be repeated; none charges twice."""

    async def order(self, charge: Charge, seconds: float) -> Payment | PaymentFault: ...

    async def state(self, order_no: str, seconds: float) -> Payment | PaymentFault: ...

    async def close(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        """Give it up: what was paid, or still is, goes back. Never once its case is written."""

    async def end(self) -> None:
        """Let the connection go."""
