"""`python -m fleet [--settings config/fleet.toml]`: broker, ingest, cases, API and console.

Prints `fleet ready <address>` when everything listens. Ends with 0 after SIGTERM or SIGINT, with
2 when it cannot start (the reason in words on stderr).
"""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

import structlog
import uvicorn
from fastapi import FastAPI

from config import load
from config.schema import FleetSettings
from fleet import items
from fleet.console.pages import mount
from fleet.errors import FleetError
from fleet.manager import Place, listen, start
from fleet.platform.contract import Platform, PlatformError
from fleet.platform.sample import SamplePlatform

PR_SET_PDEATHSIG = 1


class Server(uvicorn.Server):
    """Says on stdout, once, that it listens."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"fleet ready {self._address}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="fleet", description="The fleet manager")
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    arguments = parser.parse_args()
    if os.environ.get("KIOSK_DIE_WITH_PARENT") == "1":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    try:
        settings = load.fleet(arguments.settings)
    except load.SettingsFileError as error:
        print(error, file=sys.stderr)
        return 2
    _log_to_stderr()
    try:
        return _run(settings)
    except (FleetError, PlatformError) as error:
        print(f"fleet: {error}", file=sys.stderr)
        return 2


def _run(settings: FleetSettings) -> int:
    host, port = settings.http.host, settings.http.port
    # uvicorn raises the signal again once it has ended; then the rest is still to be stopped.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    with ExitStack() as stack:
        sock = stack.enter_context(listen(host, port))
        try:
            running = start(_place(settings), lambda: _platform(settings), stack)
        except KeyboardInterrupt:
            return 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        mount(running.app, running.live, item_names=items.names(settings.fleet.catalogue))
        name = f"[{host}]" if ":" in host else host
        Server(_uvicorn(running.app), f"http://{name}:{port}").run(sockets=[sock])
    return 0


def _interrupt(_number: int, _frame: object) -> None:
    """A stop while starting: leave by the way that stops what has been started."""
    raise KeyboardInterrupt


def _place(settings: FleetSettings) -> Place:
    return Place(
        tenant=settings.fleet.tenant,
        var=settings.fleet.var,
        trust=settings.fleet.trust,
        store_url=settings.store.url,
        broker=(settings.broker.host, settings.broker.port),
        own_broker=settings.broker.start,
        stale_seconds=settings.fleet.stale_seconds,
    )


def _platform(settings: FleetSettings) -> Platform:
    return SamplePlatform(
        settings.fleet.var,
        settings.fleet.trust,
        settings.platform.accept_unmatched_face,
        settings.platform.authority.zh,
        settings.platform.authority.en,
        settings.platform.authority_code,
    )


def _uvicorn(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


def _log_to_stderr() -> None:
    """Event names and ids only, one JSON object a line."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


if __name__ == "__main__":
    sys.exit(main())
