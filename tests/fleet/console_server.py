"""A fleet with nothing but store, ingest and console, for the console's tests.

`python console_server.py STORE_URL [RULES]` prints its port, then takes one JSON object per line:
`{"topic", "payload", "ago"}` is ingested as if it had come `ago` seconds before now. It answers
each with `ok` after the commit. With CONSOLE_PASSWORD, people sign in by it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

import uvicorn
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI

from fleet.alarms.office import AlarmOffice, AlarmPlace
from fleet.console.pages import mount
from fleet.handling.answering import AnswerDesk
from fleet.ingest import Arrival, Ingest
from fleet.interface.routes import Desk, router
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.people import accounts
from fleet.people.install import install
from fleet.people.office import People, PeopleTerms
from fleet.people.passwords import Passwords
from fleet.people.roles import Role
from fleet.people.sessions import Limits
from fleet.process import log_to_stderr
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store
from fleet.updates.repository import Repository

STALE_SECONDS = 3600.0
KEY = X25519PrivateKey.from_private_bytes(b"k" * 32)  # what is said is sealed to it
PERSONS = (("li.wei", Role.APPROVER), ("zhao.min", Role.APPROVER), ("wang.fang", Role.VIEWER))
NAMES = {"SAMPLE-CERT": ("出具参保证明", "Proof of insurance")}


class Door:
    """Hands lines of stdin to the real ingest thread, each at its own time."""

    def __init__(self, store: Store) -> None:
        self._ago = 0.0
        self._committed = threading.Event()
        self._ingest = Ingest(store, "sample", Metrics(), lambda: time.time() - self._ago)
        self._ingest.start(lambda _terminal, _ack: None)

    def serve(self) -> None:
        for line in sys.stdin:
            said = json.loads(line)
            self._ago = said["ago"]
            self._committed.clear()
            payload = said["payload"].encode()
            self._ingest.put(Arrival(said["topic"], payload, done=self._committed.set))
            print("ok" if self._committed.wait(10) else "not committed", flush=True)


def main() -> None:
    log_to_stderr()  # stdout is for answers
    store = Store(sys.argv[1])
    app, live = FastAPI(), Live(store, STALE_SECONDS)
    office = None
    if len(sys.argv) > 2:
        office = AlarmOffice(store, live, AlarmPlace(Path(sys.argv[2]), 0.3, deaf_seconds=0.0))
        office.start()
    password = os.environ.get("CONSOLE_PASSWORD")
    people = _signed_in(app, store, password) if password else None
    audit, updates = people.audit if people else None, Repository(Path("updates"), time.time)
    app.state.reporter = reporter = Reporter(store, {})
    app.state.rollouts = acts = RolloutDesk(store, audit, updates)
    app.state.work = work = AnswerDesk(store, KEY, audit)
    app.include_router(router(Desk(store, live, reporter, acts, work)))
    mount(app, live, item_names=NAMES, people=people, alarms=office)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    threading.Thread(target=Door(store).serve, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])


def _signed_in(app: FastAPI, store: Store, password: str) -> People:
    """`li.wei` and `zhao.min` may act and approve, `wang.fang` may look."""
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    terms = PeopleTerms(limits=Limits(second=frozenset()))
    people = People(store, Path.cwd(), terms, hashing=quick)
    install(app, people)
    kept = quick.keep(password)
    with store.write() as connection:
        for name, role in PERSONS:
            accounts.add(connection, name, role, time.time(), password=kept)
            accounts.change(connection, name, must_change=False)
    return people


if __name__ == "__main__":
    main()
