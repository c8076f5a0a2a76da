"""The people's office in a test: quick hashing, a clock that is set, a browser without pictures."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyotp
from argon2 import PasswordHasher
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from fleet.people import accounts
from fleet.people.guard import cookie_name, who
from fleet.people.install import install
from fleet.people.office import People, PeopleTerms
from fleet.people.passwords import Passwords
from fleet.people.roles import Role
from fleet.people.sessions import Limits
from fleet.store.database import Store

NOON = 1_790_000_000.0
PASSWORD = "vierzehn Kraniche 8"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
NO_FACTOR = PeopleTerms(limits=Limits(second=frozenset()))


class Hands(Passwords):
    """Counts how often a password was looked at."""

    def __init__(self) -> None:
        super().__init__(QUICK)
        self.looked = 0

    def holds(self, kept: str, password: str) -> bool:
        self.looked += 1
        return super().holds(kept, password)


@dataclass
class House:
    """An application behind the guard, with a few addresses that stand for the fleet's."""

    store: Store
    var: Path
    terms: PeopleTerms = NO_FACTOR
    now: float = NOON
    hands: Hands = field(default_factory=Hands)

    def __post_init__(self) -> None:
        self.people = People(
            self.store, self.var, self.terms, hashing=self.hands, clock=lambda: self.now
        )
        self.app = FastAPI()
        install(self.app, self.people)
        self.reached: list[str] = []
        for path in ("/", "/terminals/KT-0001", "/api/v1/terminals", "/metrics", "/healthz"):
            self.app.get(path)(self._reach)
        for path in ("/api/v1/gateway/x", "/api/v1/commands", "/api/v1/unheard-of"):
            self.app.post(path)(self._reach)

    def _reach(self, request: Request) -> dict[str, str]:
        self.reached.append(request.url.path)
        return {"who": who(request).name}

    def add(self, name: str, role: Role = Role.VIEWER, password: str = PASSWORD) -> None:
        with self.store.write() as connection:
            kept = self.people.passwords.keep(password)
            assert accounts.add(connection, name, role, self.now, password=kept) is None
            accounts.change(connection, name, must_change=False)

    def browser(self, address: str = "192.0.2.7") -> Browser:
        return Browser(self, address)

    def acts(self) -> list[tuple[str, str, str, str]]:
        from sqlalchemy import select

        from fleet.store.people_tables import audit

        with self.store.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.position))
            return [(row.who, row.act, row.target, row.outcome) for row in rows]


class Browser:
    """Follows nothing by itself; fills in forms as they are on the page."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.http = TestClient(
            house.app, base_url="http://127.0.0.1:18080", follow_redirects=False,
            client=(address, 50000),
        )  # fmt: skip
        self.page: httpx.Response

    @property
    def cookie(self) -> str:
        return self.http.cookies.get(cookie_name(secure=self.house.terms.secure), "")

    def get(self, path: str, **more: Any) -> httpx.Response:
        self.page = self.http.get(path, **more)
        return self.page

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """A form of the page that was shown last, with its hidden fields."""
        hidden = re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', getattr(self, "page", None).text
        ) if hasattr(self, "page") else []  # fmt: skip
        known = {name: html.unescape(value) for name, value in hidden if name != "one"}
        self.page = self.http.post(path, data={**known, **fields})
        return self.page

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        self.get("/sign-in")
        return self.send("/sign-in", name=name, password=password, **more)

    def follow(self) -> httpx.Response:
        return self.get(self.page.headers["location"])


def code(secret: str, now: float) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).at(int(now))
