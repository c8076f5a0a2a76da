"""Payments: what a phone is to pay, and did it?"""

from __future__ import annotations

import msgspec

from kiosk.gateway.line import decoded, log
from kiosk.gateway.proven import ProvenLine
from kiosk.ports import Charge, Payment, PaymentFault, PaymentState

PAYMENTS = "/api/v1/gateway/payments"
PAYABLE = (PaymentState.OPEN, PaymentState.PAID)


class _Order(msgspec.Struct, frozen=True):
    terminal: str
    task_code: str
    catalogue: str
    amount: int
    basis: dict[str, str]
    task_version: str


class _Terminal(msgspec.Struct, frozen=True):
    terminal: str


class _Told(msgspec.Struct, frozen=True):
    order_no: str
    state: PaymentState
    amount: int
    qr: str = ""
    seconds: int = 0


class _Fault(msgspec.Struct, frozen=True):
    fault: PaymentFault


class HttpPayments:
    """Implements `kiosk.ports.Payments`. `terminal`: this one's id, as its cases say it."""

    def __init__(self, line: ProvenLine, terminal: str) -> None:
        self._line = line
        self._terminal = terminal

    async def order(self, charge: Charge, seconds: float) -> Payment | PaymentFault:
        said = _Order(
            self._terminal, charge.task_code, charge.catalogue, charge.amount, dict(charge.basis),
            charge.task_version,
        )  # fmt: skip
        told = await self._ask("order", charge.order_no, "", said, seconds)
        if isinstance(told, Payment) and told.state in PAYABLE and told.amount != charge.amount:
            log.warning("gateway.malformed", what="payment")
            return PaymentFault.UNREACHABLE
        return told

    async def state(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        return await self._ask("state", order_no, "/state", _Terminal(self._terminal), seconds)

    async def close(self, order_no: str, seconds: float) -> Payment | PaymentFault:
        return await self._ask("close", order_no, "/close", _Terminal(self._terminal), seconds)

    async def end(self) -> None:
        await self._line.end()

    async def _ask(
        self, what: str, order_no: str, leaf: str, said: msgspec.Struct, seconds: float
    ) -> Payment | PaymentFault:
        path, purpose = f"{PAYMENTS}/{order_no}{leaf}", f"payment/{what}/{order_no}"
        body = await self._line.ask(path, purpose, said, seconds)
        fault = decoded(body, _Fault)
        if fault is not None:
            return fault.fault
        told = decoded(body, _Told)
        if told is None or told.order_no != order_no:
            return PaymentFault.UNREACHABLE
        return Payment(told.order_no, told.state, told.amount, told.qr, told.seconds)
