"""The fleet's window for codes and PINs by itself: the real routes and store over real HTTP."""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from fleet import gateway, keys
from fleet.identity.codes import Codes
from fleet.identity.door import Door
from fleet.identity.marks import Marks
from fleet.identity.pins import Pins
from fleet.identity.routes import Identity, router
from fleet.identity.senders import CodeSender, SimulatedSender
from fleet.metrics import Metrics
from fleet.platform.contract import Person, Persons, PlatformError
from fleet.platform.persons import SamplePersons
from fleet.store.database import Store
from kiosk import wire
from kiosk.gateway import HttpCredentials
from kiosk.gateway.proven import ProvenLine
from kiosk.model import SecretAnswer, SecretFault

ZHANG, LI = "445299199003072043", "445299195410121019"
NO_PIN, NO_PHONE, NOBODY = "810000198808080021", "944840197911051010", "445299197609231513"
PIN = "135790"  # Zhang's
PATIENT = 30.0


@dataclass
class QuickPersons:
    """The sample people, without the time that a PIN's hash takes. `tried`: PINs looked at."""

    sample: Persons = field(default_factory=SamplePersons)
    tried: list[str] = field(default_factory=list)
    away: bool = False

    def find(self, number: str) -> Person | None:
        if self.away:
            raise PlatformError("not now")
        return self.sample.find(number)

    def pin_holds(self, number: str, pin: str) -> bool:
        self.tried.append(pin)
        return pin == PIN


class Window:
    """`now` is the clock of fleet and terminals alike. `other_token`: of a second terminal."""

    def __init__(self, folder: Path, sender: CodeSender | None = None) -> None:
        self.folder = folder
        self.now = 1_800_000_000.0
        self.phone_file = folder / "sim" / "phone.json"
        self.sender = sender or SimulatedSender(self.phone_file, ("示例县", "Sample County"))
        self.persons: Any = QuickPersons()
        var, trust = folder / "var", folder / "trust"
        self.key = keys.case_key(var, trust)
        self.token = trust / "terminal.token"
        self.other_token = folder / "other.token"
        keys.write(self.other_token, "another-terminal", 0o600)
        known = keys.tokens(var, trust)._digests | {"KT-0002": keys._digest("another-terminal")}
        self._tokens = keys.Tokens(known)
        self._marks = Marks(keys.identity_key(var))
        self.metrics = Metrics()

    @property
    def database(self) -> Path:
        return self.folder / "fleet.db"

    @contextmanager
    def open(self) -> Iterator[str]:
        """Serve until the end of the block, then let go of the database; gives the address."""
        store = Store(f"sqlite:///{self.database}")
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(self._app(store), log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)
            listener.close()
            store.close()
            assert not thread.is_alive()

    def _app(self, store: Store) -> FastAPI:
        clock = self.clock
        identity = Identity(
            Door(store, self.key, self._marks, clock),
            Codes(store, self._marks, self.persons, self.sender, clock),
            Pins(store, self._marks, self.persons, clock),
        )
        app = FastAPI()
        app.include_router(router(identity, gateway.known_terminal(self._tokens), self.metrics))
        return app

    def clock(self) -> float:
        return self.now

    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def terminal(self, url: str, token: Path | None = None) -> HttpCredentials:
        return HttpCredentials(ProvenLine(url, token or self.token, self.public_key, self.clock))

    @property
    def code(self) -> str:
        """What the phone shows."""
        return str(json.loads(self.phone_file.read_text("utf-8"))["code"])


def request(window: Window, number: str = ZHANG, secret: str = PIN, **other: Any) -> Any:
    made = {"nonce": secrets.token_hex(32), "time": window.now, **other}
    return wire.IdentityRequest(number=number, secret=secret, **made)


def sealed(window: Window, said: Any = None, purpose: str = wire.CHECK_PIN) -> str:
    return wire.seal_identity(window.public_key(), purpose, said or request(window))


def post(http: httpx.Client, path: str, body: str) -> httpx.Response:
    return http.post(f"{wire.IDENTITY}/{path}", json={"sealed": body})


def other(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06}"


async def refused(terminal: HttpCredentials, number: str) -> SecretFault | None:
    """Why no code was sent."""
    found = await terminal.send_code(number, PATIENT)
    assert isinstance(found, SecretAnswer)
    return found.fault
