"""The ledger against the provider's statement of a day: every difference is found and named."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, func, select

from fleet.payment.alarms import MoneyAlarm, raise_alarm
from fleet.payment.contract import Line, LineKind, Provider
from fleet.payment.ledger import SIDES, Account, Posting
from fleet.payment.money import Fate
from fleet.store.database import Store, put
from fleet.store.payment_tables import payment_days as days
from fleet.store.payment_tables import payment_differences as differences
from fleet.store.payment_tables import payment_entries as entries
from fleet.store.payment_tables import payment_orders as orders
from fleet.store.payment_tables import payment_receipts as receipts

SETTLE_HOURS = 1  # after midnight, until a statement is complete
KEPT_DAYS = 90  # for so long a provider can still be asked for a statement
CALENDAR = "Asia/Shanghai"  # whose days the provider's statements are of

log = structlog.get_logger("fleet.payment")


class Difference(StrEnum):
    """`here`: the fleet's ledger; `there`: the provider's statement."""

    PAYMENT_NOT_HERE = "payment_not_here"
    PAYMENT_NOT_THERE = "payment_not_there"
    PAYMENT_AMOUNT = "payment_amount"
    PAYMENT_ORDER = "payment_order"  # one trade, two orders
    REFUND_NOT_HERE = "refund_not_here"
    REFUND_NOT_THERE = "refund_not_there"
    REFUND_AMOUNT = "refund_amount"
    REFUND_ORDER = "refund_order"
    LINE_TWICE = "line_twice"  # the statement has a number twice
    LEDGER = "ledger"  # our own entries do not add up


@dataclass(frozen=True, slots=True)
class Found:
    kind: Difference
    number: str
    order_no: str
    ours: int
    theirs: int


NOT_HERE = {
    LineKind.PAYMENT: Difference.PAYMENT_NOT_HERE,
    LineKind.REFUND: Difference.REFUND_NOT_HERE,
}
NOT_THERE = {
    LineKind.PAYMENT: Difference.PAYMENT_NOT_THERE,
    LineKind.REFUND: Difference.REFUND_NOT_THERE,
}
AMOUNT = {LineKind.PAYMENT: Difference.PAYMENT_AMOUNT, LineKind.REFUND: Difference.REFUND_AMOUNT}
ORDER = {LineKind.PAYMENT: Difference.PAYMENT_ORDER, LineKind.REFUND: Difference.REFUND_ORDER}
Key = tuple[LineKind, str]


class Reconciliation:
    """Blocks; raises `ProviderError`. `ask`: look at this order at the provider, now."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        ask: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._provider = provider
        self._ask = ask
        self._clock = clock

    def due(self) -> date | None:
        """The oldest day that was not compared yet, once its statement can be complete."""
        zone = ZoneInfo(CALENDAR)
        now = datetime.fromtimestamp(self._clock(), zone)
        with self._store.read() as connection:
            first = connection.scalar(select(func.min(orders.c.made_at)))
            done = set(connection.scalars(select(days.c.day)))
        if first is None:
            return None
        day = max(datetime.fromtimestamp(first, zone), now - timedelta(days=KEPT_DAYS)).date()
        last = (now - timedelta(hours=24 + SETTLE_HOURS)).date()
        while day.isoformat() in done:
            day += timedelta(days=1)
        return day if day <= last else None

    def compare(self, day: date) -> list[Found]:
        """Money that never reached us is fetched by asking for its order; the finding stays."""
        lines = self._provider.statement(day)
        with self._store.read() as connection:
            found = [*differ(_ours(connection, day), lines), *audit(connection, _start(day))]
        for one in found:
            if one.kind is Difference.PAYMENT_NOT_HERE:
                self._ask(one.order_no)
        self._keep(day, len(lines), found)
        return found

    def _keep(self, day: date, lines: int, found: list[Found]) -> None:
        now = self._clock()
        with self._store.write() as connection:
            for one in found:
                row = {
                    "day": day.isoformat(), "kind": one.kind.value, "number": one.number,
                    "order_no": one.order_no, "ours": one.ours, "theirs": one.theirs,
                    "found_at": now,
                }  # fmt: skip
                put(connection, differences, row, ("day", "kind", "number"))
                raise_alarm(connection, now, MoneyAlarm.RECONCILIATION, "", one.order_no)
            values = {"checked_at": now, "lines": lines, "differences": len(found)}
            put(connection, days, {"day": day.isoformat(), **values}, ("day",), values)
        log.info("statement_compared", day=day.isoformat(), lines=lines, differences=len(found))


def differ(ours: Mapping[Key, Line], theirs: list[Line]) -> Iterator[Found]:
    """Pure. `ours` by kind and number."""
    seen: dict[Key, Line] = {}
    for line in theirs:
        key = (line.kind, line.number)
        if key in seen:
            yield Found(Difference.LINE_TWICE, line.number, line.order_no, 1, 2)
            continue
        seen[key] = line
        own = ours.get(key)
        if own is None:
            yield Found(NOT_HERE[line.kind], line.number, line.order_no, 0, line.amount)
            continue
        if own.amount != line.amount:
            yield Found(AMOUNT[line.kind], line.number, own.order_no, own.amount, line.amount)
        if own.order_no != line.order_no:
            yield Found(ORDER[line.kind], line.number, own.order_no, own.amount, line.amount)
    for key, own in ours.items():
        if key not in seen:
            yield Found(NOT_THERE[own.kind], own.number, own.order_no, own.amount, 0)


def audit(connection: Connection, since: float = 0.0) -> Iterator[Found]:
    """Do our own entries agree with the money that came in, trade for trade? Those that moved
    `since` then (epoch seconds); from the beginning, it reads the whole ledger."""
    moved = select(entries.c.trade_no).where(entries.c.at >= since)
    query = select(entries.c.trade_no, entries.c.kind, entries.c.account, entries.c.amount)
    booked: dict[str, dict[tuple[str, str], int]] = {}
    for trade_no, kind, account, amount in connection.execute(
        query.where(entries.c.trade_no.in_(moved))
    ):
        booked.setdefault(trade_no, {})[kind, account] = amount
    came = (receipts.c.taken_at >= since) | receipts.c.trade_no.in_(moved)
    for row in connection.execute(select(receipts).where(came)):
        own = booked.pop(row.trade_no, {})
        if own != _expected(row.state, row.why, row.amount, own):
            total = sum(own.values())
            yield Found(Difference.LEDGER, row.trade_no, row.order_no, total, row.amount)
    for trade_no, own in booked.items():
        yield Found(Difference.LEDGER, trade_no, "", sum(own.values()), 0)


_POSTINGS: dict[str, tuple[Posting, ...]] = {
    Fate.HELD: (Posting.RECEIVED,),
    Fate.SETTLED: (Posting.RECEIVED, Posting.SETTLED),
    Fate.REFUNDING: (Posting.RECEIVED, Posting.RETURNING),
    Fate.REFUNDED: (Posting.RECEIVED, Posting.RETURNING, Posting.RETURNED),
}
_REVOKED: dict[str, tuple[Posting, ...]] = {
    Fate.REFUNDING: (Posting.RECEIVED, Posting.SETTLED, Posting.REVOKED),
    Fate.REFUNDED: (Posting.RECEIVED, Posting.SETTLED, Posting.REVOKED, Posting.RETURNED),
}


def _expected(
    state: str, why: str, amount: int, own: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    revoked = why == "case_refused" and (Posting.REVOKED.value, Account.DUE.value) in own
    postings = (_REVOKED if revoked else _POSTINGS)[state]
    found: dict[tuple[str, str], int] = {}
    for kind in postings:
        debit, credit = SIDES[kind]
        found[kind.value, debit.value] = amount
        found[kind.value, credit.value] = -amount
    return found


def _ours(connection: Connection, day: date) -> dict[Key, Line]:
    start, end = _start(day), _start(day + timedelta(days=1))
    paid = select(receipts).where(receipts.c.paid_at >= start, receipts.c.paid_at < end)
    back = select(receipts).where(receipts.c.refunded_at >= start, receipts.c.refunded_at < end)
    found: dict[Key, Line] = {}
    for row in connection.execute(paid):
        line = Line(LineKind.PAYMENT, row.trade_no, row.order_no, row.amount)
        found[line.kind, line.number] = line
    for row in connection.execute(back):
        line = Line(LineKind.REFUND, row.refund_no, row.order_no, row.amount)
        found[line.kind, line.number] = line
    return found


def _start(day: date) -> float:
    """When that day begins, epoch seconds."""
    return datetime.combine(day, datetime.min.time(), ZoneInfo(CALENDAR)).timestamp()
