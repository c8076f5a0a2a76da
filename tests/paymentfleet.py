"""Fleet and provider as processes of their own, each of which can be killed at any commit.

`fleet(...)` and `provider(...)` run in a forked child. `Kill(n, "before")` ends it by SIGKILL in
the n-th transaction that writes, just before its commit; `"after"`: just after.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import structlog
import uvicorn
from fastapi import FastAPI, HTTPException
from sqlalchemy import Connection

from fleet import gateway, keys
from fleet.booking import routes as booking_routes
from fleet.booking.book import Bookings
from fleet.booking.changes import Changes
from fleet.identity.door import Door
from fleet.identity.marks import Marks
from fleet.payment import notices as notices_module
from fleet.payment.http import HttpProvider
from fleet.payment.items import Catalogues
from fleet.payment.office import PaymentOffice
from fleet.payment.provider import __main__ as provider_main
from fleet.payment.provider import book as provider_book
from fleet.store.database import Store
from kiosk import wire
from kiosk.services.load import Catalogue
from paymentwork import CATALOGUE, refused_case


@dataclass(frozen=True)
class Kill:
    at: int
    when: str


class Trigger:
    """Counts commits."""

    def __init__(self, kill: Kill | None) -> None:
        self._kill = kill
        self._lock = threading.Lock()
        self._count = 0

    def next(self) -> int:
        with self._lock:
            self._count += 1
            return self._count

    def pull(self, number: int, when: str) -> None:
        if self._kill == Kill(number, when):
            os.kill(os.getpid(), signal.SIGKILL)


class KillingStore(Store):
    def __init__(self, url: str, kill: Kill | None) -> None:
        super().__init__(url)
        self.trigger = Trigger(kill)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        number = self.trigger.next()
        with super().write() as connection:
            yield connection
            self.trigger.pull(number, "before")
        self.trigger.pull(number, "after")


class KillingBook(provider_book.Book):
    trigger = Trigger(None)

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with super()._write() as db:
            before = db.total_changes
            yield db
            number = self.trigger.next() if db.total_changes != before else 0
            self.trigger.pull(number, "before")
        self.trigger.pull(number, "after")


class Faulty(httpx.HTTPTransport):
    """Loses requests, loses answers, and sends requests twice: `rate` of them."""

    def __init__(self, rate: float, seed: int) -> None:
        super().__init__()
        self._rate = rate
        self._random = random.Random(seed)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fate = self._random.random() / self._rate if self._rate else 1.0
        if fate < 0.34:
            raise httpx.ConnectError("lost on the way there")
        if fate < 0.67:
            super().handle_request(request).read()
        response = super().handle_request(request)
        if 0.67 <= fate < 1.0:
            response.read()
            raise httpx.ReadError("lost on the way back")
        return response


@dataclass(frozen=True)
class Ports:
    fleet: int
    provider: int


def fleet(
    folder: Path,
    ports: Ports,
    kill: Kill | None = None,
    seconds: float = 60.0,
    rate: float = 0.0,
    catalogue: Catalogue = CATALOGUE,
) -> None:
    os.setsid()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    var, sim = folder / "fleet", folder / "sim"
    store = KillingStore(f"sqlite:///{var}/fleet.db", kill)
    provider = HttpProvider(
        f"http://127.0.0.1:{ports.provider}", sim / "merchant.key", sim / "payment.pub",
        f"http://127.0.0.1:{ports.fleet}{notices_module.PATH}", 3.0,
    )  # fmt: skip
    if rate:
        address = f"http://127.0.0.1:{ports.provider}"
        transport = Faulty(rate, os.getpid())
        provider._client = httpx.Client(base_url=address, transport=transport, timeout=3.0)
    app, office = _app(store, provider, folder, seconds, catalogue)
    listener = _listener(ports.fleet)
    office.start()
    uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[listener])


def _app(
    store: Store, provider: HttpProvider, folder: Path, seconds: float, catalogue: Catalogue
) -> tuple[FastAPI, PaymentOffice]:
    var, trust = folder / "fleet", folder / "trust"
    items = Catalogues([catalogue])
    marks = Marks(keys.identity_key(var))
    door = Door(store, keys.case_key(var, trust), marks)
    known = gateway.known_terminal(keys.tokens(var, trust))
    office = PaymentOffice(store, provider, items, seconds)
    app = FastAPI()
    for router in office.routers(door, known):
        app.include_router(router)
    app.include_router(
        booking_routes.router(
            Bookings(store, marks, items),
            Changes(store, marks, items, lambda *_: None),
            door,
            known,
        )
    )

    @app.get("/healthz")
    def healthz() -> dict[str, bool]:
        if not office.healthy:
            raise HTTPException(503)
        return {"ok": True}

    @app.post("/test/case")
    def case(body: dict[str, Any]) -> str:
        """What the case worker does with a case that has arrived."""
        payload = wire.CasePayload(
            apply_date="2027-01-15T10:00:00+08:00", applicant=wire.CaseApplicant("", ""),
            identity="card", task_version="1", **body,
        )  # fmt: skip
        return office.claims.claim(payload).value

    @app.post("/test/refused/{case_no}")
    def refused(case_no: str) -> bool:
        """What the case worker writes when the office refuses it."""
        with store.write() as connection:
            refused_case(connection, case_no)
        return True

    return app, office


def provider(folder: Path, ports: Ports, kill: Kill | None = None) -> None:
    os.setsid()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    KillingBook.trigger = Trigger(kill)
    provider_main.Book = KillingBook  # type: ignore[misc]
    provider_main.run(folder / "sim", _listener(ports.provider))


def _listener(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(64)
    return sock
