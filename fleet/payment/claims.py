"""A case and its payment: no case is handed over unpaid, and no payment serves two cases.

The amount is computed once more, from the whole case: what a terminal had told for the order may
have been something else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Connection, Row, select

from fleet.payment import money
from fleet.payment.alarms import MoneyAlarm, raise_alarm
from fleet.payment.items import Items, find
from fleet.payment.states import Happened, OrderState, Why
from fleet.store.database import Store
from fleet.store.payment_tables import payment_orders as orders
from kiosk.services import fees
from kiosk.wire import CasePayload

log = structlog.get_logger("fleet.payment")


class Claim(StrEnum):
    FREE = "free"  # nothing to pay
    SETTLED = "settled"
    UNPAID = "unpaid"  # refuse the case: no payment that counts
    WAIT = "wait"  # not yet known; ask again


class Claims:
    """`clock`: epoch seconds. Blocks; can be repeated."""

    def __init__(self, store: Store, items: Items, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._items = items
        self._clock = clock

    def claim(self, case: CasePayload) -> Claim:
        """Before a case is handed over. A catalogue that is not here yet: WAIT."""
        due = self._due(case)
        if due is None:
            return Claim.WAIT
        if not due and not case.payment:
            return Claim.FREE
        now = self._clock()
        with self._store.write() as connection:
            order = money.locked(connection, case.payment)
            told = _verdict(connection, order, case, due)
            if told is Claim.SETTLED and order is not None and order.case_no is None:
                money.settle(connection, order, case.case_no, now)
            if told is Claim.UNPAID:
                raise_alarm(connection, now, MoneyAlarm.UNPAID_CASE, case.terminal, case.case_no)
                _return_mismatch(connection, order, case, now)
        log.info("case_claims", case_no=case.case_no, order=case.payment, claim=told.value)
        return told

    def _due(self, case: CasePayload) -> int | None:
        """Fen; None: by a version of the item that has not come here yet."""
        item = find(self._items, case.catalogue, case.task_code, case.task_version)
        if item is None and not self._items.knows(case.catalogue):
            if case.payment:
                return None
            # Naming a catalogue that nobody knows does not make an item free.
            item = self._items.newest(case.task_code)
        if item is None:
            return 0  # the platform refuses it
        try:
            return fees.amount(item, case.answers)
        except fees.FeeError:
            return -1


def _verdict(connection: Connection, order: Row[Any] | None, case: CasePayload, due: int) -> Claim:
    if order is None or not _belongs(order, case, due):
        return Claim.UNPAID
    if order.state == OrderState.SETTLED:
        return Claim.SETTLED if order.case_no == case.case_no else Claim.UNPAID
    if order.state == OrderState.OPEN:
        return Claim.WAIT  # the terminal has seen it paid; this fleet's memory is older
    taken = connection.scalar(select(orders.c.order_no).where(orders.c.case_no == case.case_no))
    return Claim.SETTLED if order.state == OrderState.PAID and taken is None else Claim.UNPAID


def _belongs(order: Row[Any], case: CasePayload, due: int) -> bool:
    same = (order.task_code, order.terminal, order.amount) == (case.task_code, case.terminal, due)
    return same and due > 0


def _return_mismatch(
    connection: Connection, order: Row[Any] | None, case: CasePayload, now: float
) -> None:
    """The terminal's own order, paid for this very item, but not what the answers cost."""
    if order is None or order.state != OrderState.PAID:
        return
    if (order.task_code, order.terminal) != (case.task_code, case.terminal):
        return
    money.give_back(connection, order.order_no, Why.WRONG_AMOUNT, now)
    money.move(connection, order, Happened.CLOSED)
