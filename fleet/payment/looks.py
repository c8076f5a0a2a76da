"""Asking the provider: about orders that it has not told of, and for money to go back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import Row, Select, select, update

from fleet.payment import money
from fleet.payment.alarms import MoneyAlarm, raise_alarm
from fleet.payment.contract import Provider, ProviderError, Returning, Told, Trade, Trading
from fleet.payment.money import Fate
from fleet.payment.states import Happened, OrderState, Why, after
from fleet.store.database import Store
from fleet.store.payment_tables import payment_orders as orders
from fleet.store.payment_tables import payment_receipts as receipts
from fleet.store.tables import cases

ROUND = 50
REFUSED = "refused"  # a case's state
PAUSES = (2.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)  # seconds between looks at one order
LIMP = (1.0, 5.0, 30.0, 300.0, 3600.0)  # between tries to give money back
REFUND_ALARM = 5  # tries
UNCLAIMED_SECONDS = 8 * 86400.0  # a terminal can be cut off for seven days with its case

log = structlog.get_logger("fleet.payment")


class Looks:
    """One round of each kind; true: there may be more to do at once. Blocks.

    A provider that is away ends a round with `ProviderError`: the others would wait for it too.
    """

    def __init__(
        self,
        store: Store,
        provider: Provider,
        clock: Callable[[], float] = time.time,
        unclaimed_seconds: float = UNCLAIMED_SECONDS,
    ) -> None:
        self._store = store
        self._provider = provider
        self._clock = clock
        self._unclaimed = unclaimed_seconds

    def at_orders(self) -> bool:
        """Orders that may still be paid. One past its time is closed there first, then here."""
        query = select(orders).where(orders.c.looking.is_(True), orders.c.look_at <= self._clock())
        with self._store.read() as connection:
            waiting = connection.execute(query.order_by(orders.c.look_at).limit(ROUND)).all()
        for row in waiting:
            self._look(row)
        return len(waiting) == ROUND

    def _look(self, row: Row[Any]) -> None:
        over = row.state != OrderState.OPEN or row.expires_at <= self._clock()
        try:
            told = (self._provider.close if over else self._provider.query)(row.order_no)
        except ProviderError:
            self._later(row)
            raise
        self.take(told)

    def take(self, told: Told) -> None:
        """What the provider says of an order, into the ledger."""
        now = self._clock()
        with self._store.write() as connection:
            row = money.locked(connection, told.order_no)
            if row is None:
                return
            for trade in told.trades:
                money.receive(connection, row, trade, now)
                row = money.locked(connection, told.order_no)
                assert row is not None
            expired = row.expires_at <= now
            if told.state is Trading.REFUSED:
                money.move(connection, row, Happened.REFUSED)
            elif told.state is Trading.CLOSED or (told.state is Trading.UNKNOWN and expired):
                money.move(connection, row, Happened.EXPIRED)
            values = {"look_at": now + _pause(PAUSES, row.looks), "looks": row.looks + 1}
            done = told.state in (Trading.CLOSED, Trading.REFUSED, Trading.PAID)
            # What it does not know could still come to it, but not after the order's own time.
            looking = not done and not (told.state is Trading.UNKNOWN and expired)
            change = update(orders).where(orders.c.order_no == told.order_no)
            connection.execute(change.values(looking=looking, **values))

    def _later(self, row: Row[Any]) -> None:
        pause = _pause(PAUSES, row.looks)
        change = update(orders).where(orders.c.order_no == row.order_no)
        with self._store.write() as connection:
            connection.execute(
                change.values(look_at=self._clock() + pause, looks=orders.c.looks + 1)
            )

    def at_refunds(self) -> bool:
        """Money that has to go back. What is uncertain is asked again under the same number."""
        query = select(receipts).where(
            receipts.c.state == Fate.REFUNDING, receipts.c.try_at <= self._clock()
        )
        with self._store.read() as connection:
            waiting = connection.execute(query.order_by(receipts.c.try_at).limit(ROUND)).all()
        for row in waiting:
            self._refund(row)
        return len(waiting) == ROUND

    def _refund(self, row: Row[Any]) -> None:
        trade = Trade(row.trade_no, row.order_no, row.amount, row.paid_at)
        try:
            told = self._provider.refund(row.refund_no, trade)
        except ProviderError:
            self._not_yet(row, count=False)
            raise
        if told.state is not Returning.DONE:
            self._not_yet(row, count=told.state is Returning.REFUSED)
            return
        with self._store.write() as connection:
            fresh = money.returned(connection, row, told.at, self._clock())
        if fresh:
            log.info("money_returned", order=row.order_no, why=row.why)

    def _not_yet(self, row: Row[Any], *, count: bool) -> None:
        now, tries = self._clock(), row.tries + count
        change = update(receipts).where(receipts.c.trade_no == row.trade_no)
        with self._store.write() as connection:
            connection.execute(change.values(tries=tries, try_at=now + _pause(LIMP, tries)))
            if tries >= REFUND_ALARM:
                raise_alarm(connection, now, MoneyAlarm.REFUND_FAILING, "", row.order_no)

    def at_refused_cases(self) -> bool:
        """What was paid for a case that the office then refused. Read from the cases themselves:
        whoever decides need not know of payments, and no kill comes in between."""
        query = select(orders.c.order_no).join_from(
            cases, orders, orders.c.case_no == cases.c.case_no
        )
        query = query.where(cases.c.state == REFUSED, orders.c.state == OrderState.SETTLED)
        return self._give_up(query, Happened.CASE_REFUSED, Why.CASE_REFUSED)

    def at_unclaimed(self) -> bool:
        """Money that no case has claimed in all the time that a terminal may be cut off."""
        query = select(orders.c.order_no).where(
            orders.c.state == OrderState.PAID, orders.c.paid_at <= self._clock() - self._unclaimed
        )
        return self._give_up(query, Happened.UNCLAIMED, Why.UNCLAIMED)

    def _give_up(self, query: Select[str], happened: Happened, why: Why) -> bool:
        now = self._clock()
        with self._store.read() as connection:
            found = connection.scalars(query.limit(ROUND)).all()
        for order_no in found:
            with self._store.write() as connection:
                row = money.locked(connection, order_no)
                if row is None or after(OrderState(row.state), happened) == row.state:
                    continue  # it moved on meanwhile
                revoked = happened is Happened.CASE_REFUSED
                money.give_back(connection, order_no, why, now, revoked=revoked)
                money.move(connection, row, happened)
                if happened is Happened.UNCLAIMED:
                    kind = MoneyAlarm.UNCLAIMED_PAYMENT
                    raise_alarm(connection, now, kind, row.terminal, order_no)
        return len(found) == ROUND


def _pause(pauses: tuple[float, ...], times: int) -> float:
    return pauses[min(times, len(pauses) - 1)]
