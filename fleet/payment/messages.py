"""What fleet and provider send each other: JSON, one struct for each message."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from fleet.payment.contract import LineKind, Returning, Told, Trade, Trading

T = TypeVar("T")

Number = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,63}$")]
Amount = Annotated[int, Meta(ge=1, le=100_000_000_000)]


class NewOrder(msgspec.Struct, frozen=True):
    """`notify_url`: where the provider tells what became of it."""

    order: Number
    amount: Amount
    expires_at: float
    subject: Annotated[str, Meta(max_length=128)]
    notify_url: str


class TradeLine(msgspec.Struct, frozen=True):
    trade: Number
    amount: Amount
    paid_at: float


class OrderAnswer(msgspec.Struct, frozen=True):
    """Also the body of a callback."""

    order: Number
    state: Trading
    qr: Annotated[str, Meta(max_length=512)] = ""
    trades: list[TradeLine] = []


class NewRefund(msgspec.Struct, frozen=True):
    refund: Number
    order: Number
    trade: Number
    amount: Amount


class RefundAnswer(msgspec.Struct, frozen=True):
    refund: Number
    state: Returning
    at: float = 0.0


class StatementLine(msgspec.Struct, frozen=True):
    kind: LineKind
    number: Number
    order: Number
    amount: Amount


class StatementAnswer(msgspec.Struct, frozen=True):
    day: str
    lines: list[StatementLine]


def decoded(body: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def told(answer: OrderAnswer) -> Told:
    trades = tuple(
        Trade(line.trade, answer.order, line.amount, line.paid_at) for line in answer.trades
    )
    return Told(answer.order, answer.state, answer.qr, trades)
