"""The one place where money comes in, is claimed, and goes back. Within the caller's transaction.

Whoever calls has locked the order's row (`locked`), so that no two of them decide about one order
at a time.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from fleet.payment.alarms import MoneyAlarm, raise_alarm
from fleet.payment.contract import Trade
from fleet.payment.ledger import Posting, post
from fleet.payment.states import GIVEN_UP, Happened, OrderState, Why, after
from fleet.store.database import insert
from fleet.store.payment_tables import payment_orders as orders
from fleet.store.payment_tables import payment_receipts as receipts

COUNTED = {"preserve_rowcount": True}


class Fate(StrEnum):
    """What became of one trade's money."""

    HELD = "held"
    SETTLED = "settled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Taken(StrEnum):
    ACCEPTED = "accepted"
    REPEATED = "repeated"  # known already
    RETURNING = "returning"  # it has to go back
    CONFLICT = "conflict"  # not as it was told before; nothing was changed


def locked(connection: Connection, order_no: str) -> Row[Any] | None:
    query = select(orders).where(orders.c.order_no == order_no).with_for_update()
    return connection.execute(query).first()


def move(connection: Connection, order: Row[Any], happened: Happened, **values: Any) -> OrderState:
    """Take the order to its next state; `values` are written only if that is another one."""
    before = OrderState(order.state)
    state = after(before, happened)
    if state is not before:
        change = update(orders).where(orders.c.order_no == order.order_no)
        connection.execute(change.values(state=state.value, **values))
    return state


def receive(connection: Connection, order: Row[Any], trade: Trade, now: float) -> Taken:
    """Take a trade that the provider told of: once, however often and in whatever order."""
    row = {
        "trade_no": trade.trade_no, "order_no": order.order_no, "amount": trade.amount,
        "paid_at": trade.paid_at, "taken_at": now, "state": Fate.HELD.value,
    }  # fmt: skip
    statement = insert(connection, receipts).values(row)
    statement = statement.on_conflict_do_nothing(index_elements=("trade_no",))
    # PostgreSQL's driver counts an INSERT's rows only when it is asked to.
    if connection.execute(statement, execution_options=COUNTED).rowcount == 0:
        return _again(connection, order, trade, now)
    post(connection, Posting.RECEIVED, trade.trade_no, order.order_no, trade.amount, now=now)
    why = _unwanted(order, trade)
    if why is Why.WRONG_AMOUNT:
        raise_alarm(connection, now, MoneyAlarm.WRONG_AMOUNT, order.terminal, order.order_no)
    if why is None:
        move(connection, order, Happened.ACCEPTED, paid_at=trade.paid_at)
        return Taken.ACCEPTED
    give_back(connection, order.order_no, why, now, trade_no=trade.trade_no)
    move(connection, order, Happened.SURPLUS)
    return Taken.RETURNING


def _unwanted(order: Row[Any], trade: Trade) -> Why | None:
    if trade.amount != order.amount:
        return Why.WRONG_AMOUNT if order.state not in GIVEN_UP else Why.LATE
    if order.state == OrderState.OPEN:
        return None
    return Why.LATE if order.state in GIVEN_UP else Why.DOUBLED


def _again(connection: Connection, order: Row[Any], trade: Trade, now: float) -> Taken:
    known = connection.execute(select(receipts).where(receipts.c.trade_no == trade.trade_no)).one()
    if (known.order_no, known.amount) == (trade.order_no, trade.amount):
        return Taken.REPEATED
    raise_alarm(connection, now, MoneyAlarm.TRADE_CONFLICT, order.terminal, trade.trade_no)
    return Taken.CONFLICT


def give_back(
    connection: Connection,
    order_no: str,
    why: Why,
    now: float,
    *,
    trade_no: str = "",
    revoked: bool = False,
) -> None:
    """Decide that money goes back: that of one trade, or all that the order holds.

    `revoked`: it was settled. The act itself is the worker's; its number hangs on the trade, so
    that the provider takes a repeated one for the same.
    """
    source = Fate.SETTLED if revoked else Fate.HELD
    query = select(receipts).where(receipts.c.order_no == order_no, receipts.c.state == source)
    if trade_no:
        query = query.where(receipts.c.trade_no == trade_no)
    kind = Posting.REVOKED if revoked else Posting.RETURNING
    for row in connection.execute(query).all():
        post(connection, kind, row.trade_no, order_no, row.amount, now=now)
        change = update(receipts).where(receipts.c.trade_no == row.trade_no)
        state = {"state": Fate.REFUNDING.value, "refund_no": f"R{row.trade_no}"[:64]}
        connection.execute(change.values(**state, why=why.value, try_at=now))


def returned(connection: Connection, receipt: Row[Any], at: float, now: float) -> bool:
    """The provider has given it back; False when that was known. `receipt`: read without a lock."""
    order = locked(connection, receipt.order_no)
    change = update(receipts).where(
        receipts.c.trade_no == receipt.trade_no, receipts.c.state == Fate.REFUNDING
    )
    if connection.execute(change.values(state=Fate.REFUNDED, refunded_at=at)).rowcount == 0:
        return False
    post(connection, Posting.RETURNED, receipt.trade_no, receipt.order_no, receipt.amount, now=now)
    left = select(func.count()).where(
        receipts.c.order_no == receipt.order_no, receipts.c.state == Fate.REFUNDING
    )
    if order is not None and not connection.scalar(left):
        move(connection, order, Happened.RETURNED)
    return True


def settle(connection: Connection, order: Row[Any], case_no: str, now: float) -> None:
    """The case that it was paid for has come: from now on the money is the office's."""
    held = select(receipts).where(
        receipts.c.order_no == order.order_no, receipts.c.state == Fate.HELD
    )
    row = connection.execute(held).one()
    post(connection, Posting.SETTLED, row.trade_no, order.order_no, row.amount, now=now)
    change = update(receipts).where(receipts.c.trade_no == row.trade_no)
    connection.execute(change.values(state=Fate.SETTLED.value))
    move(connection, order, Happened.CLAIMED, case_no=case_no)
