"""A town with a fleet, a provider and terminals: real processes, killed and started again."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import msgspec
from sqlalchemy import select

import paymentfleet
from fleet.payment.contract import Line, LineKind
from fleet.payment.ledger import Account, balances
from fleet.payment.reconcile import audit, differ
from fleet.store.database import Store
from fleet.store.payment_tables import payment_orders as orders
from fleet.store.payment_tables import payment_receipts as receipts
from fleet.store.tables import alarms, cases
from kiosk.gateway.appointments import HttpAppointments
from kiosk.gateway.payments import HttpPayments
from kiosk.gateway.proven import ProvenLine
from kiosk.ports import Charge, Payment, PaymentFault, PaymentState
from kiosk.processes import free_port
from kiosk.services import fees
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from paymentfleet import Kill, Ports
from paymentwork import CATALOGUE, FLAT, TERMINAL

PATIENT = 60.0
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["paymentfleet"])


def _preloaded() -> None:
    """The server that processes fork from must find the tests' modules to have them ready."""
    path = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if path is not None:
            os.environ["PYTHONPATH"] = path


class Town:
    """`seconds`: how long a code can be paid. `rate`: of requests between the two that fail."""

    def __init__(
        self,
        folder: Path,
        seconds: float = 60.0,
        rate: float = 0.0,
        catalogue: Catalogue = CATALOGUE,
    ) -> None:
        self.folder = folder
        self.ports = Ports(free_port(), free_port())
        self._seconds, self._rate, self._catalogue = seconds, rate, catalogue
        self._running: dict[str, BaseProcess] = {}
        self._serial = 0
        self.deaths: list[str] = []
        for name in ("fleet", "trust", "sim"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    # ---- Processes ---------------------------------------------------------------------------

    def start(self, fleet_kill: Kill | None = None, provider_kill: Kill | None = None) -> None:
        self.start_provider(provider_kill)
        self.start_fleet(fleet_kill)
        self.wait(lambda: self._answers(self.url, "/healthz"))
        self.wait(lambda: self._answers(self.provider_url, "/openapi.json"))

    def start_fleet(self, kill: Kill | None = None) -> None:
        last = (self._seconds, self._rate, self._catalogue)
        self._start("fleet", paymentfleet.fleet, kill, *last)

    def start_provider(self, kill: Kill | None = None) -> None:
        self._start("provider", paymentfleet.provider, kill)

    def _start(self, name: str, target: Callable[..., None], *arguments: Any) -> None:
        _preloaded()
        every = (self.folder, self.ports, *arguments)
        process = _context.Process(target=target, args=every, daemon=True)
        process.start()
        self._running[name] = process

    def kill(self, name: str) -> None:
        self._running[name].kill()
        self._running[name].join(20)

    def revive(self) -> list[str]:
        """Start again whoever was killed, without another kill."""
        dead = [name for name, process in self._running.items() if not process.is_alive()]
        for name in dead:
            self._running[name].join()
            assert self._running[name].exitcode == -9, f"{name}: {self._running[name].exitcode}"
            self.deaths.append(name)
            {"fleet": self.start_fleet, "provider": self.start_provider}[name]()
        return dead

    def arm(self, who: str, kill: Kill) -> None:
        """Start it again, to be killed at that commit."""
        self.kill(who)
        {"fleet": self.start_fleet, "provider": self.start_provider}[who](kill)

    def stop(self) -> None:
        for process in self._running.values():
            process.kill()
            process.join(20)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.fleet}"

    @property
    def provider_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.provider}"

    def wait(self, condition: Callable[[], Any], seconds: float = PATIENT) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            self.revive()
            assert time.monotonic() < deadline, "still not so"
            time.sleep(0.05)
        return found

    def _answers(self, url: str, path: str) -> bool:
        return self.call("GET", url + path) is not None

    def call(self, method: str, url: str, **body: Any) -> Any:
        """None: no good answer."""
        try:
            options = {"json": body} if method == "POST" else {}
            response = httpx.request(method, url, timeout=20, trust_env=False, **options)  # type: ignore[arg-type]
        except httpx.HTTPError:
            return None
        return response.json() if response.is_success else None

    # ---- A terminal --------------------------------------------------------------------------

    def payments(self) -> HttpPayments:
        return HttpPayments(ProvenLine(self.url, self._token, self._case_key), TERMINAL)

    def appointments(self) -> HttpAppointments:
        return HttpAppointments(ProvenLine(self.url, self._token, self._case_key))

    @property
    def _token(self) -> Path:
        return self.folder / "trust" / "terminal.token"

    def _case_key(self) -> bytes | None:
        path = self.folder / "trust" / "case.pub"
        return bytes.fromhex(path.read_text()) if path.exists() else None

    def charge(self, task: Item = FLAT, **answers: str) -> Charge:
        self._serial += 1
        number = fees.order_number("fedcba9876543210", self._serial)
        due, basis = fees.amount(task, answers), fees.basis(task, answers)
        return Charge(number, task.task_code, "v1", due, basis)

    async def case(self, charge: Charge, case_no: str = "", **answers: str) -> str:
        """The case of a charge arrives, as often as it takes."""
        body = {
            "case_no": case_no or f"C-{charge.order_no}", "terminal": TERMINAL,
            "task_code": charge.task_code, "answers": answers, "catalogue": "v1",
            "payment": charge.order_no,
        }  # fmt: skip
        told = await self.insist(lambda: self.asked("POST", f"{self.url}/test/case", body))
        return str(told)

    async def hand(self, order_no: str, payer: str = "pay") -> bool:
        """The phone. A lost answer is not repeated: that might be another payment."""
        body = {"order": order_no, "payer": payer}
        told = await self.asked("POST", f"{self.provider_url}/hand/pay", body)
        return bool(told and told["done"])

    async def asked(self, method: str, url: str, body: Any) -> Any:
        try:
            async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
                response = await client.request(method, url, json=body)
        except httpx.HTTPError:
            return None
        return response.json() if response.is_success else None

    async def insist(self, ask: Callable[[], Any], seconds: float = PATIENT) -> Any:
        """Until there is an answer; whoever died meanwhile is started again."""
        deadline = time.monotonic() + seconds
        while (told := await ask()) is None or told is PaymentFault.UNREACHABLE:
            assert time.monotonic() < deadline, "no answer"
            self.revive()
            await asyncio.sleep(0.05)
        return told

    async def offered(self, payments: HttpPayments, charge: Charge) -> Payment:
        """As the payment page does: ask until there is a code, or an end."""

        async def ask() -> Payment | PaymentFault | None:
            told = await payments.order(charge, 5)
            waiting = isinstance(told, Payment) and told.state is PaymentState.OPEN and not told.qr
            return None if waiting else told

        told = await self.insist(ask)
        assert isinstance(told, Payment), told
        return told

    async def until(
        self, payments: HttpPayments, order_no: str, *states: PaymentState
    ) -> PaymentState:
        async def ask() -> PaymentState | None:
            told = await payments.state(order_no, 5)
            found = isinstance(told, Payment) and (told.state in states or not states)
            return told.state if found and isinstance(told, Payment) else None

        return PaymentState(await self.insist(ask))

    # ---- What is true in the end -------------------------------------------------------------

    def book(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "sim" / "payment.db", timeout=30)) as db:
            return db.execute(query).fetchall()

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = Store(f"sqlite:///{self.folder}/fleet/fleet.db")
        yield store
        store.close()

    def quiet(self) -> bool:
        """Nothing is under way: no callback, no refund, no order that may still be paid."""
        if self.revive() or self.book("SELECT 1 FROM notices"):
            return False
        with self.store() as store, store.read() as connection:
            looking = connection.execute(select(orders.c.order_no).where(orders.c.looking)).all()
            busy = select(receipts.c.order_no).where(receipts.c.state == "refunding")
            refused = select(orders.c.order_no).join_from(
                cases, orders, orders.c.case_no == cases.c.case_no
            )
            refused = refused.where(cases.c.state == "refused", orders.c.state == "settled")
            waiting = [*connection.execute(busy), *connection.execute(refused)]
            return not looking and not waiting

    def write_hand(self, **keys: Any) -> None:
        path = self.folder / "sim" / "payment.json"
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(keys))
        temporary.replace(path)

    def check(self, settled: set[str]) -> dict[str, int]:
        """`settled`: the orders whose cases were accepted. Money must agree everywhere."""
        with self.store() as store, store.read() as connection:
            assert list(audit(connection)) == []
            money = balances(connection)
            rows = {row.order_no: row for row in connection.execute(select(orders))}
            kept = {row.trade_no: row for row in connection.execute(select(receipts))}
            kinds = sorted(connection.scalars(select(alarms.c.kind)))
        assert {number for number, row in rows.items() if row.state == "settled"} == settled
        due = sum(rows[number].amount for number in settled)
        received = self.book("SELECT coalesce(sum(amount), 0) FROM trades")[0][0]
        returned = self.book("SELECT coalesce(sum(amount), 0) FROM refunds")[0][0]
        assert received - returned == due, (received, returned, due)
        assert (money[Account.HELD], money[Account.DUE], sum(money.values())) == (0, 0, 0)
        assert money[Account.PROVIDER] == -money[Account.PAYEE] == due
        self._agree(kept)
        ends: dict[str, int] = {}
        for row in rows.values():
            ends[row.state] = ends.get(row.state, 0) + 1
        return ends | {f"alarm.{kind}": kinds.count(kind) for kind in kinds}

    def _agree(self, kept: Any) -> None:
        """The provider's whole book against ours."""
        theirs = [
            Line(kind, *row)
            for kind, query in (
                (LineKind.PAYMENT, "SELECT no, order_no, amount FROM trades"),
                (LineKind.REFUND, "SELECT no, order_no, amount FROM refunds"),
            )
            for row in self.book(query)
        ]
        ours = {}
        for row in kept.values():
            line = Line(LineKind.PAYMENT, row.trade_no, row.order_no, row.amount)
            ours[line.kind, line.number] = line
            if row.refunded_at is not None:
                back = Line(LineKind.REFUND, row.refund_no, row.order_no, row.amount)
                ours[back.kind, back.number] = back
        assert [msgspec.json.encode(one) for one in differ(ours, theirs)] == []
