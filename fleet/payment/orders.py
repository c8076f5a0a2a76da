"""What terminals do with orders: ask for one, look at it, give it up. All can be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Connection, Row, select, update

from fleet.payment import money
from fleet.payment.alarms import MoneyAlarm, raise_alarm
from fleet.payment.contract import Ask, Provider, ProviderError, Trading
from fleet.payment.items import Items, find
from fleet.payment.states import Happened, OrderState, Why
from fleet.store.database import Store, insert
from fleet.store.payment_tables import payment_orders as orders
from kiosk.services import fees
from kiosk.services.item import Item

SECONDS = 180.0  # how long a code on the screen can be paid
FIRST_LOOK = 2.0  # seconds after which the provider is asked, should it not call

log = structlog.get_logger("fleet.payment")


class OrderFault(StrEnum):
    """Why there is no such order; the terminals' own words (`PaymentFault`)."""

    UNLISTED = "unlisted"  # the amount is not the catalogue's
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_CATALOGUE = "unknown_catalogue"  # the fleet does not hold that version
    NOTHING_TO_PAY = "nothing_to_pay"
    CONFLICT = "conflict"  # this number is another order's
    UNKNOWN_ORDER = "unknown_order"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`terminal`: its own id. `basis`: see `kiosk.services.fees`."""

    order_no: str
    terminal: str
    task_code: str
    catalogue: str
    amount: int
    basis: dict[str, str]
    task_version: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """An order as terminals see it. `qr` empty while open: the provider is away; ask again."""

    order_no: str
    state: OrderState
    amount: int
    qr: str
    seconds: int


class Orders:
    """`clock`: epoch seconds. `owner`: of the terminal's token. All calls block."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        items: Items,
        clock: Callable[[], float] = time.time,
        seconds: float = SECONDS,
    ) -> None:
        self._store = store
        self._provider = provider
        self._items = items
        self._clock = clock
        self._seconds = seconds

    def ask(self, owner: str, wanted: Wanted) -> View | OrderFault:
        """The order is committed before the provider hears of it: its callback may be quicker."""
        item = self._payable(wanted)
        if isinstance(item, OrderFault):
            return item
        row = self._make(owner, wanted)
        if isinstance(row, OrderFault):
            return row
        now = self._clock()
        if row.state != OrderState.OPEN or row.qr or row.expires_at <= now:
            return view(row, now)
        ask = Ask(row.order_no, row.amount, row.expires_at, item.task_name.zh)
        return self._offer(ask) or view(row, now)

    def state(self, owner: str, order_no: str) -> View | OrderFault:
        with self._store.read() as connection:
            query = select(orders).where(orders.c.order_no == order_no, orders.c.owner == owner)
            row = connection.execute(query).first()
        return OrderFault.UNKNOWN_ORDER if row is None else view(row, self._clock())

    def close(self, owner: str, terminal: str, order_no: str) -> View | OrderFault:
        """Give it up. An order that never came stays closed, should it come later."""
        now = self._clock()
        with self._store.write() as connection:
            grave = _blank(owner, Wanted(order_no, terminal, "", "", 0, {}), now)
            grave |= {"state": OrderState.CLOSED.value, "looking": False}
            statement = insert(connection, orders).values(grave)
            connection.execute(statement.on_conflict_do_nothing(index_elements=("order_no",)))
            row = money.locked(connection, order_no)
            if row is None or row.owner != owner:
                return OrderFault.UNKNOWN_ORDER
            if row.state == OrderState.PAID:
                money.give_back(connection, order_no, Why.ABANDONED, now)
            money.move(connection, row, Happened.CLOSED, look_at=now)
            row = money.locked(connection, order_no)
        assert row is not None
        log.info("order_closed", order=order_no, state=row.state)
        return view(row, now)

    def _payable(self, wanted: Wanted) -> Item | OrderFault:
        named = (wanted.catalogue, wanted.task_code, wanted.task_version)
        item = find(self._items, *named)
        if item is None:
            known = self._items.knows(wanted.catalogue)
            return OrderFault.UNKNOWN_ITEM if known else OrderFault.UNKNOWN_CATALOGUE
        try:
            due = fees.due(item, wanted.basis)
        except fees.FeeError:
            due = -1
        if due != wanted.amount:
            with self._store.write() as connection:
                kind = MoneyAlarm.UNLISTED_FEE
                raise_alarm(connection, self._clock(), kind, wanted.terminal, wanted.order_no)
            return OrderFault.UNLISTED
        return item if due else OrderFault.NOTHING_TO_PAY

    def _make(self, owner: str, wanted: Wanted) -> Row[Any] | OrderFault:
        now = self._clock()
        with self._store.write() as connection:
            made = _blank(owner, wanted, now) | {"expires_at": now + self._seconds}
            statement = insert(connection, orders).values(made)
            connection.execute(statement.on_conflict_do_nothing(index_elements=("order_no",)))
            row = money.locked(connection, wanted.order_no)
            assert row is not None
            if not _same(row, owner, wanted):
                kind = MoneyAlarm.ORDER_CONFLICT
                raise_alarm(connection, now, kind, wanted.terminal, wanted.order_no)
                return OrderFault.CONFLICT
        return row

    def _offer(self, ask: Ask) -> View | None:
        """Have it made at the provider; None: it is away, and nothing is known."""
        try:
            told = self._provider.create(ask)
        except ProviderError:
            log.warning("provider_away", order=ask.order_no)
            return None
        with self._store.write() as connection:
            row = money.locked(connection, ask.order_no)
            assert row is not None
            if told.state is Trading.WAITING:
                change = update(orders).where(orders.c.order_no == ask.order_no)
                connection.execute(change.values(qr=told.qr))
            elif told.state in (Trading.REFUSED, Trading.CLOSED):
                money.move(connection, row, Happened.REFUSED)
            row = _row(connection, ask.order_no)
        return view(row, self._clock())


def view(row: Row[Any], now: float) -> View:
    """To terminals, money that a case has claimed is simply paid."""
    state = OrderState(row.state)
    shown = OrderState.PAID if state is OrderState.SETTLED else state
    left = max(0, int(row.expires_at - now)) if state is OrderState.OPEN else 0
    qr = row.qr if state is OrderState.OPEN and left else ""
    return View(row.order_no, shown, row.amount, qr, left)


def _row(connection: Connection, order_no: str) -> Row[Any]:
    return connection.execute(select(orders).where(orders.c.order_no == order_no)).one()


def _blank(owner: str, wanted: Wanted, now: float) -> dict[str, Any]:
    return {
        "order_no": wanted.order_no, "owner": owner, "terminal": wanted.terminal,
        "task_code": wanted.task_code, "catalogue": wanted.catalogue, "amount": wanted.amount,
        "state": OrderState.OPEN.value, "qr": "", "made_at": now, "expires_at": now,
        "looking": True, "look_at": now + FIRST_LOOK, "looks": 0,
    }  # fmt: skip


def _same(row: Row[Any], owner: str, wanted: Wanted) -> bool:
    """The grave of an order that was closed before it came has no content of its own."""
    if row.owner != owner:
        return False
    content = (wanted.task_code, wanted.catalogue, wanted.amount, wanted.terminal)
    held = (row.task_code, row.catalogue, row.amount, row.terminal)
    return held == content or not row.task_code
