"""The parts of a fleet manager, started in order and stopped in the opposite one."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI

from fleet import api, keys
from fleet.broker import Broker
from fleet.cases import CaseWorker
from fleet.errors import StartError
from fleet.ingest import Ingest
from fleet.link import Link
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.platform.contract import Platform
from fleet.store.database import Store

LINK_SECONDS = 15.0

log = structlog.get_logger("fleet")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fleet manager keeps things, and whom it talks to. `broker`: host and port."""

    tenant: str
    var: Path
    trust: Path
    store_url: str
    broker: tuple[str, int]
    own_broker: bool
    stale_seconds: float


@dataclass(frozen=True, slots=True)
class Running:
    app: FastAPI
    live: Live


def start(place: Place, platform: Callable[[], Platform], stack: ExitStack) -> Running:
    """Everything but HTTP; `stack` stops it. Raises `FleetError`."""
    place.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.trust.mkdir(parents=True, exist_ok=True)
    stack.enter_context(_only_one(place.var))
    key = keys.case_key(place.var, place.trust)
    tokens = keys.tokens(place.var, place.trust)
    decider = platform()
    store = Store(place.store_url)
    stack.callback(store.close)
    if place.own_broker:
        broker = Broker(place.var / "broker", *place.broker)
        stack.callback(broker.stop)
        broker.start()
    return _connect(place, store, tokens, (key, decider), stack)


def _connect(
    place: Place,
    store: Store,
    tokens: keys.Tokens,
    deciding: tuple[X25519PrivateKey, Platform],
    stack: ExitStack,
) -> Running:
    metrics = Metrics()
    live = Live(store, place.stale_seconds)
    metrics.show(live)
    worker = CaseWorker(store, *deciding, metrics)
    ingest = Ingest(store, place.tenant, metrics)
    link = Link(
        place.broker,
        place.tenant,
        put=ingest.put,
        next_session=lambda: store.count("host.session"),
    )
    metrics.broker_connected.set_function(lambda: link.connected)
    worker.start()
    stack.callback(worker.stop)
    ingest.start(link.send)
    stack.callback(ingest.stop)
    stack.callback(link.stop)
    if not link.start(LINK_SECONDS):
        log.error("broker_unreachable", host=place.broker[0], port=place.broker[1])
    probes = {
        "broker": lambda: link.connected,
        "store": store.answers,
        "ingest": lambda: ingest.healthy,
        "cases": lambda: worker.healthy,
    }
    return Running(api.build(store, live, tokens, metrics, probes), live)


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
