"""Where the money is, in a whole household: at the provider, in the fleet's books, in its cases."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import tally
from realhousehold import Household, wait

PENSION = "11445299MB2D00006J2001100102001"


def total(home: Household, table: str) -> int:
    """In fen, by the simulated provider's own book. `table`: trades or refunds."""
    with closing(sqlite3.connect(home.folder / "sim/payment.db", timeout=30)) as db:
        [(amount,)] = db.execute(f"SELECT coalesce(sum(amount), 0) FROM {table}")
    return int(amount)


def still(home: Household) -> bool:
    """No refund is under way, and no order is paid without its case."""
    busy = "SELECT 1 FROM payment_receipts WHERE state IN ('refunding', 'held')"
    paid = "SELECT 1 FROM payment_orders WHERE state = 'paid'"
    return not home.fleet_rows(busy) and not home.fleet_rows(paid)


def check(home: Household, seconds: float) -> int:
    """Paid if and only if there is a case; what was kept for them, in fen."""
    due = f"SELECT case_no FROM cases WHERE task_code = '{PENSION}' AND NOT handed_over"
    wait(lambda: still(home) and not home.fleet_rows(due), seconds, "nothing to be under way")
    filed = f"SELECT case_no FROM cases WHERE task_code = '{PENSION}' AND state <> 'refused'"
    cases = {number for (number,) in home.fleet_rows(filed)}
    settled = "SELECT case_no, amount FROM payment_orders WHERE state = 'settled'"
    orders = dict(home.fleet_rows(settled))
    tally.count(lost=len(cases - orders.keys()), doubled=len(orders.keys() - cases))
    assert orders.keys() == cases, "paid without a case, or a case without its money"
    kept = total(home, "trades") - total(home, "refunds")
    tally.count(lost=kept < sum(orders.values()), doubled=kept > sum(orders.values()))
    assert kept == sum(orders.values()), "what was kept is not what was due"
    return kept
