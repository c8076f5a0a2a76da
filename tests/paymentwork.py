"""Payments in one process: items with fees, a provider in memory, a clock that is set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from fleet.payment import signature
from fleet.payment.claims import Claims
from fleet.payment.contract import (
    Ask,
    Line,
    LineKind,
    ProviderError,
    Returned,
    Returning,
    Told,
    Trade,
    Trading,
)
from fleet.payment.items import Catalogues
from fleet.payment.ledger import Account, balances
from fleet.payment.looks import Looks
from fleet.payment.messages import OrderAnswer, TradeLine
from fleet.payment.notices import Notices
from fleet.payment.orders import OrderFault, Orders, View, Wanted
from fleet.payment.reconcile import Found, Reconciliation, audit
from fleet.store.database import Store, put
from fleet.store.payment_tables import payment_orders, payment_receipts
from fleet.store.tables import alarms, cases
from kiosk import wire
from kiosk.services import fees
from kiosk.services.fields import FieldChoice, FieldType, FormField, When, Words
from kiosk.services.item import Assurance, Booking, Fee, Guide, Item, ItemKind
from kiosk.services.load import Catalogue

W = Words("字", "word")
TIERS = {"low": 10_000, "mid": 30_000, "high": 300_000}
TERMINAL, OWNER, OTHER = "KT-0001", "KT-0001", "KT-0002"
ZHANG = "445299199003072043"


def choice(name: str, codes: list[str], kind: FieldType = FieldType.CHOICE) -> FormField:
    return FormField(name, kind, W, choices=tuple(FieldChoice(code, W) for code in codes))


def fee(**values: Any) -> Fee:
    return Fee(W, W, "law", **values)


def item(code: str, fields: list[FormField], *prices: Fee, booking: Booking | None = None) -> Item:
    return Item(
        catalog_code=code, task_code=code, task_version="1", task_name=Words("缴费", "Payment"),
        dept_name=W, dept_code="d", kind=ItemKind.INSTANT, icon="coin", assurance=Assurance.CARD,
        anticipate_day=0, promise_day=0, result_name=W, guide=Guide(*[W] * 11), purpose=W,
        fields=tuple(fields), fees=tuple(prices), booking=booking,
    )  # fmt: skip


FLAT = item("FLAT", [], fee(amount=500))
TIER = item("TIER", [choice("tier", list(TIERS))], fee(field="tier", amounts=TIERS))
BILL = item("BILL", [FormField("sum", FieldType.MONEY, W)], fee(field="sum"))
FAMILY = item(
    "FAMILY", [FormField("insured", FieldType.PEOPLE, W)], fee(field="insured", amount=40_000)
)
POST = item(
    "POST",
    [
        choice("delivery", ["pickup", "post"]),
        FormField("parcel", FieldType.CHOICE, W, when=When("delivery", ("post",))),
    ],
    fee(field="delivery", amounts={"pickup": 0, "post": 1200}),
    fee(field="parcel", amounts={"small": 0, "large": 800}),
)
FREE = item("FREE", [], fee())
CATALOGUE = Catalogue((FLAT, TIER, BILL, FAMILY, POST, FREE), "v1")


@dataclass
class MemoryProvider:
    """Implements `contract.Provider`. `away`: calls fail; `mute`: they act, and then fail."""

    clock: Any
    away: bool = False
    mute: bool = False
    refuses: bool = False
    orders: dict[str, tuple[Ask, Trading]] = field(default_factory=dict)
    trades: dict[str, list[Trade]] = field(default_factory=dict)
    refunds: dict[str, tuple[Trade, float]] = field(default_factory=dict)
    refund_calls: int = 0
    returning: Returning = Returning.DONE
    hidden: set[str] = field(default_factory=set)  # trades that its statement leaves out

    def create(self, ask: Ask) -> Told:
        self._gate()
        if self.refuses:
            return Told(ask.order_no, Trading.REFUSED)
        self.orders.setdefault(ask.order_no, (ask, Trading.WAITING))
        return self._told(ask.order_no)

    def query(self, order_no: str) -> Told:
        self._gate()
        return self._told(order_no)

    def close(self, order_no: str) -> Told:
        self._gate()
        if self._told(order_no).state is Trading.WAITING:
            self.orders[order_no] = (self.orders[order_no][0], Trading.CLOSED)
        return self._told(order_no)

    def refund(self, refund_no: str, trade: Trade) -> Returned:
        self.refund_calls += 1
        if self.away:
            raise ProviderError("away")
        if self.returning is not Returning.DONE:
            return Returned(self.returning)
        at = self.refunds.setdefault(refund_no, (trade, self.clock()))[1]
        if self.mute:
            raise ProviderError("mute")
        return Returned(Returning.DONE, at)

    def statement(self, day: date) -> list[Line]:
        start = datetime.combine(day, datetime.min.time(), ZoneInfo("Asia/Shanghai")).timestamp()
        span = range(int(start), int(start) + 86400)
        paid = [
            Line(LineKind.PAYMENT, one.trade_no, one.order_no, one.amount)
            for trades in self.trades.values()
            for one in trades
            if int(one.paid_at) in span and one.trade_no not in self.hidden
        ]
        back = [
            Line(LineKind.REFUND, number, one.order_no, one.amount)
            for number, (one, at) in self.refunds.items()
            if int(at) in span
        ]
        return paid + back

    def pay(self, order_no: str, more: int = 0) -> Trade:
        ask = self.orders[order_no][0]
        made = self.trades.setdefault(order_no, [])
        made.append(Trade(f"T{order_no}{len(made)}", order_no, ask.amount + more, self.clock()))
        self.orders[order_no] = (ask, Trading.PAID)
        return made[-1]

    def received(self) -> int:
        return sum(one.amount for trades in self.trades.values() for one in trades)

    def returned(self) -> int:
        return sum(trade.amount for trade, _ in self.refunds.values())

    def _told(self, order_no: str) -> Told:
        if order_no not in self.orders:
            return Told(order_no, Trading.UNKNOWN)
        state = self.orders[order_no][1]
        qr = f"https://pay.example/q/{order_no}" if state is Trading.WAITING else ""
        return Told(order_no, state, qr, tuple(self.trades.get(order_no, ())))

    def _gate(self) -> None:
        if self.away:
            raise ProviderError("away")


def refused_case(connection: Connection, case_no: str) -> None:
    row = {
        "case_no": case_no, "terminal": TERMINAL, "task_code": "FLAT", "kind": "instant",
        "sealed": "", "state": "refused", "received_at": 0.0,
    }  # fmt: skip
    put(connection, cases, row, ("case_no",))


class Desk:
    """Everything about payments but HTTP. `woken`: how often somebody was to ask."""

    def __init__(self, url: str) -> None:
        self.now = 1_800_000_000.0
        self.store = Store(url)
        self.provider = MemoryProvider(self.clock)
        self.key = Ed25519PrivateKey.generate()
        self.woken = 0
        items = Catalogues([CATALOGUE])
        self.orders = Orders(self.store, self.provider, items, self.clock, 180)
        self.looks = Looks(self.store, self.provider, self.clock)
        self.claims = Claims(self.store, items, self.clock)
        self.notices = Notices(self.store, self.key.public_key, self._woken, self.clock)
        self.reconciliation = Reconciliation(self.store, self.provider, self.ask_soon, self.clock)
        self.asked: list[str] = []
        self._serial = 0

    def clock(self) -> float:
        return self.now

    def _woken(self) -> None:
        self.woken += 1

    def ask_soon(self, order_no: str) -> None:
        self.asked.append(order_no)

    def number(self) -> str:
        self._serial += 1
        return fees.order_number("0123456789abcdef", self._serial)

    def wanted(self, task: Item = FLAT, amount: int | None = None, **answers: str) -> Wanted:
        due = fees.amount(task, answers) if amount is None else amount
        basis = fees.basis(task, answers)
        return Wanted(self.number(), TERMINAL, task.task_code, "v1", due, basis)

    def ask(self, task: Item = FLAT, **answers: str) -> View:
        told = self.orders.ask(OWNER, self.wanted(task, **answers))
        assert isinstance(told, View), told
        return told

    def paid(self, task: Item = FLAT, **answers: str) -> str:
        """An order that somebody has paid and that the fleet knows of."""
        number = self.ask(task, **answers).order_no
        self.provider.pay(number)
        assert self.notify(number) == 200
        assert self.state(number) == "paid"
        return number

    def state(self, order_no: str) -> str:
        told = self.orders.state(OWNER, order_no)
        return told.value if isinstance(told, OrderFault) else told.state.value

    def close(self, order_no: str) -> str:
        told = self.orders.close(OWNER, TERMINAL, order_no)
        return told.value if isinstance(told, OrderFault) else told.state.value

    def notify(self, order_no: str, *, trades: Any = None, key: Any = None) -> int:
        """The provider's callback."""
        told = self.provider._told(order_no)
        lines = [TradeLine(t.trade_no, t.amount, t.paid_at) for t in told.trades]
        answer = OrderAnswer(order_no, told.state, trades=lines if trades is None else trades)
        body = msgspec.json.encode(answer)
        signed = signature.sign(key or self.key, signature.CALLBACK, body, self.now)
        return self.notices.take(body, signed)

    def tick(self, seconds: float = 61.0) -> None:
        """Time passes; whoever is due is asked."""
        self.now += seconds
        self.looks.at_unclaimed()
        self.looks.at_refused_cases()
        self.looks.at_orders()
        self.looks.at_refunds()

    def case(self, order: str, number: str = "C-1", task: Item = FLAT, **answers: str) -> Any:
        return wire.CasePayload(
            case_no=number, terminal=TERMINAL, task_code=task.task_code, task_version="1",
            apply_date="2027-01-15T10:00:00+08:00", applicant=wire.CaseApplicant("", ""),
            answers=answers, identity="card", catalogue="v1", payment=order,
        )  # fmt: skip

    def refuse(self, case_no: str) -> None:
        """The office refuses a case."""
        with self.store.write() as connection:
            refused_case(connection, case_no)

    def balances(self) -> dict[Account, int]:
        with self.store.read() as connection:
            return balances(connection)

    def receipts(self) -> list[tuple[str, str, int]]:
        query = select(
            payment_receipts.c.state, payment_receipts.c.why, payment_receipts.c.amount
        ).order_by(payment_receipts.c.taken_at, payment_receipts.c.trade_no)
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]

    def alarms(self) -> list[str]:
        with self.store.read() as connection:
            return sorted(connection.scalars(select(alarms.c.kind)))

    def today(self) -> date:
        return datetime.fromtimestamp(self.now, ZoneInfo("Asia/Shanghai")).date()

    def compare(self, days: int = 0) -> list[Found]:
        return self.reconciliation.compare(self.today() - timedelta(days=days))

    def sound(self) -> None:
        """Nothing is under way, and every fen is where it belongs."""
        with self.store.read() as connection:
            assert list(audit(connection)) == []
            settled = connection.execute(
                select(payment_orders.c.amount).where(payment_orders.c.state == "settled")
            ).scalars()
            due = sum(settled)
        money = self.balances()
        assert sum(money.values()) == 0
        assert (money[Account.HELD], money[Account.DUE]) == (0, 0)
        assert money[Account.PROVIDER] == -money[Account.PAYEE] == due
        assert self.provider.received() - self.provider.returned() == due
