"""Payments that have no outcome yet, and no visit any more: given up until the fleet has heard it.

What was paid for them, or still is, goes back; the fleet does that once. A payment whose case is
written is never given up. So money and case go together, whenever the power is cut.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import structlog

from kiosk.journal import Journal
from kiosk.ports import Payment, PaymentFault, Payments, PaymentState
from kiosk.session.bills import PaymentOutcome
from kiosk.wire import Record

KIND = "kiosk.payment.intent"
SECONDS = 5.0  # for one answer
PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)  # between two tries

log = structlog.get_logger("session")


class Till:
    """On the session's loop. `payments`: how the fleet is asked."""

    def __init__(
        self, journal: Journal, payments: Payments, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self.payments = payments
        self._journal = journal
        self._pauses = pauses
        self._left: dict[str, tuple[Record, PaymentOutcome]] = {}
        self._wake = asyncio.Event()
        for intent in journal.unfinished():
            if intent.type == KIND:
                self._left[order_of(intent)] = (intent, PaymentOutcome.INTERRUPTED)

    @property
    def interrupted(self) -> bool:
        """Did the last stop cut off a payment that the fleet has not heard of since?"""
        return any(why is PaymentOutcome.INTERRUPTED for _, why in self._left.values())

    def give_up(self, intent: Record, why: PaymentOutcome) -> None:
        """Never once its case is written."""
        self._left[order_of(intent)] = (intent, why)
        self._wake.set()

    async def run(self) -> None:
        """For ever. A network that is away costs nothing but time."""
        tries = 0
        while True:
            self._wake.clear()
            try:
                told = [await self._close(order_no) for order_no in list(self._left)]
            except Exception as error:  # noqa: BLE001 - a defect here must not end the session
                log.error("till_failed", error=type(error).__name__)
                told = [False]
            tries = 0 if all(told) else tries + 1
            pause = self._pauses[min(tries, len(self._pauses)) - 1] if tries else None
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue

    async def _close(self, order_no: str) -> bool:
        """An order that never came to the fleet stays closed there, should it come later."""
        told = await self.payments.close(order_no, SECONDS)
        if isinstance(told, PaymentFault) and told is not PaymentFault.UNKNOWN_ORDER:
            return False
        intent, why = self._left[order_no]
        state = str(told.state) if isinstance(told, Payment) else str(told)
        if state == PaymentState.PAID:
            log.error("payment_of_a_case", order=order_no)  # its case came from another journal
        self._journal.end(intent, outcome(intent, why) | {"state": state})
        del self._left[order_no]
        return True

    async def end(self) -> None:
        await self.payments.end()


def order_of(intent: Record) -> str:
    return str(_data(intent)["order_no"])


def outcome(intent: Record, how: PaymentOutcome) -> dict[str, Any]:
    """What the journal keeps of it: nothing of who paid."""
    return _data(intent) | {"outcome": str(how)}


def _data(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(record.data)
    return found


def recover(journal: Journal, intents: list[Record]) -> None:
    """At a start, without the network: what was paid for a case that is written is paid for good;
    the others stay open until a `Till` has told the fleet."""
    for intent in intents:
        order_no = order_of(intent)
        if any(_names(record, order_no) for record in journal.walk(intent.seq)):
            journal.end(intent, outcome(intent, PaymentOutcome.PAID))


def _names(record: Record, order_no: str) -> bool:
    return record.type == "kiosk.case.intent" and _data(record).get("payment") == order_no
