"""What must not happen with money, kept beside the fleet's other alarms."""

from __future__ import annotations

from enum import StrEnum

import structlog
from sqlalchemy import Connection

from fleet.store.database import put
from fleet.store.tables import alarms

log = structlog.get_logger("fleet.payment")


class MoneyAlarm(StrEnum):
    UNLISTED_FEE = "unlisted_fee"  # a terminal asks for an amount that is not the catalogue's
    ORDER_CONFLICT = "order_conflict"  # an order number that another order already has
    WRONG_AMOUNT = "wrong_amount"  # somebody paid another amount than was asked for
    FORGED_NOTICE = "forged_notice"  # a callback that the provider did not sign
    UNKNOWN_PAYMENT = "unknown_payment"  # money for an order that nobody made
    TRADE_CONFLICT = "trade_conflict"  # one trade told with different amounts or orders
    UNPAID_CASE = "unpaid_case"  # a case that needs a payment, and has none that counts
    UNCLAIMED_PAYMENT = "unclaimed_payment"  # paid, and no case came; it goes back
    REFUND_FAILING = "refund_failing"  # the provider does not give money back
    RECONCILIATION = "reconciliation"  # ledger and the provider's statement differ


def raise_alarm(
    connection: Connection, now: float, kind: MoneyAlarm, terminal: str, number: str
) -> None:
    """Raise it, or count it once more. `number`: of the order, the case or the trade."""
    key = {"kind": kind.value, "terminal": terminal, "journal": "", "seq": 0, "case_no": number}
    again = {"times": alarms.c.times + 1, "last_at": now}
    first = {**key, "first_at": now, "last_at": now, "times": 1}
    put(connection, alarms, first, tuple(key), again)
    log.error("payment_alarm", kind=kind.value, terminal=terminal, number=number)
