"""The parts of a fleet manager, started in order and stopped in the opposite one."""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from fleet import api, casework, gateway, reception, upkeep, windows
from fleet.alarms.office import AlarmOffice
from fleet.backup.stamp import last_made
from fleet.base import Base, Probes, Secrets
from fleet.broker import Broker
from fleet.commands import Commander
from fleet.errors import StartError
from fleet.handling.answering import AnswerDesk
from fleet.interface.routes import Desk
from fleet.live import Live
from fleet.people.install import install
from fleet.people.office import People
from fleet.pki import routes as pki
from fleet.pki.keeper import Keeper
from fleet.place import Outside, Place
from fleet.reports.build import Reporter
from fleet.reports.history import Historian
from fleet.rollouts import office as rollouts
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store
from fleet.updates.repository import Repository
from fleet.workers import Workers


@dataclass(frozen=True, slots=True)
class Running:
    """`keeper`: of the certificates, where the link has any. `workers`: of the ingest.

    `alarms`: where there are rules for them.
    """

    app: FastAPI
    live: Live
    keeper: Keeper | None
    workers: Workers
    alarms: AlarmOffice | None


def start(place: Place, outside: Callable[[], Outside], stack: ExitStack) -> Running:
    """Everything but HTTP; `stack` stops it. Raises `FleetError`."""
    place.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.trust.mkdir(parents=True, exist_ok=True)
    stack.enter_context(_only_one(place.var))
    secrets, others = Secrets.of(place), outside()
    store = Store(place.store_url)
    stack.callback(store.close)
    keeper = _keeper(place)
    Commander(place.var, place.trust, place.tenant)
    _broker(place, keeper, stack)
    return _connect(Base.of(place, secrets, others, store, keeper), stack)


def _keeper(place: Place) -> Keeper | None:
    if place.secure is None:
        return None
    terms = place.secure.terms
    keeper = Keeper(place.var / "pki", place.tenant, terms, place.trust, place.workers)
    for terminal in place.secure.invite:
        keeper.invite(terminal, place.secure.invite_hours)
    return keeper


def _broker(place: Place, keeper: Keeper | None, stack: ExitStack) -> None:
    """Our own, where there is one; it reads the lists anew when the keeper has changed them."""
    broker = None
    if place.own_broker:
        folder = keeper.broker if keeper else None
        broker = Broker(place.var / "broker", *place.broker, secure=folder)
        stack.callback(broker.stop)
        broker.start()
    if keeper is not None:
        stop = threading.Event()
        stack.callback(keeper.start(stop, broker.reload if broker else None).join)
        stack.callback(stop.set)


def _connect(base: Base, stack: ExitStack) -> Running:
    probes: Probes = {}
    office = casework.start(base, stack, probes)
    historian = Historian(base.store, base.live, looked=base.metrics.history_watched.set)
    historian.start()
    stack.callback(historian.stop)
    workers = reception.start(base, stack, probes)
    people = _people(base)
    app = _application(base, people, probes)
    windows.add(app, base, office)
    known = gateway.known_terminal(base.secrets.tokens)
    probes["rollouts"] = rollouts.start(
        app, base.place, base.store, base.keeper, known=known, stack=stack
    )
    if people is not None:
        install(app, people)
    alarms = upkeep.start(
        base.place, base.store, base.live, audit=people.audit if people else None, stack=stack,
        probes=probes,
    )  # fmt: skip
    return Running(app, base.live, base.keeper, workers, alarms)


def _application(base: Base, people: People | None, probes: Probes) -> FastAPI:
    store, place = base.store, base.place
    base.metrics.last_backup.set_function(partial(last_made, place.var))
    reporter = Reporter(store, place.items, place.timetable)
    repository = Repository(place.var / rollouts.FOLDER, time.time)
    audit = people.audit if people else None
    acts = RolloutDesk(store, audit, repository)
    work = AnswerDesk(store, base.secrets.case, audit)
    app = api.build(base.metrics, probes, Desk(store, base.live, reporter, acts, work))
    app.state.items = base.items  # what steps and materials are called, for the console
    if base.keeper is not None:
        app.include_router(pki.router(base.keeper.authority))
    return app


def _people(base: Base) -> People | None:
    place = base.place
    return None if place.people is None else People(base.store, place.var, place.people)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket for HTTP; raises `StartError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise StartError(
            f"http port {port} on {host} cannot be used ({os.strerror(error.errno or 0)}):"
            " stop the other program, or set another http.port"
        ) from None
    return sock


def _only_one(var: Path) -> ExitStack:
    """Holds `var` as long as this process lives; the kernel lets go of it even after a kill."""
    stack = ExitStack()
    file = stack.enter_context((var / "lock").open("w"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stack.close()
        raise StartError(f"another fleet manager is running in {var}") from None
    return stack
