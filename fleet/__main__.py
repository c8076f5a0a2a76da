"""`python -m fleet [--settings config/fleet.toml]`: broker, ingest, cases, API and console.

Prints `fleet ready <address>` when everything listens. Ends with 0 after SIGTERM or SIGINT, with
2 when it cannot start (the reason in words on stderr).
"""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from config import load
from config.fleet_schema import FleetSettings
from fleet import process, programs, wiring
from fleet.console.pages import mount
from fleet.errors import FleetError
from fleet.manager import listen, start
from fleet.platform.contract import PlatformError
from fleet.serving import Server
from fleet.window import Window


def main() -> int:
    if sys.argv[1:] and sys.argv[1] in programs.COMMANDS:
        return programs.run(sys.argv[1], sys.argv[2:])
    arguments = _parser().parse_args()
    process.die_with_parent()
    try:
        settings = load.fleet(arguments.settings)
    except load.SettingsFileError as error:
        print(error, file=sys.stderr)
        return 2
    process.log_to_stderr()
    try:
        return _run(settings)
    except (FleetError, PlatformError) as error:
        print(f"fleet: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fleet",
        usage="%(prog)s [--settings FILE]\n       %(prog)s COMMAND --help",
        description="The fleet manager; with a command, what is done beside it.",
        epilog=programs.listed(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--settings", type=Path, default=Path("config/fleet.toml"), metavar="FILE",
        help="config/fleet.toml, if none is named",
    )  # fmt: skip
    return parser


def _run(settings: FleetSettings) -> int:
    host, port = settings.http.host, settings.http.port
    # uvicorn raises the signal again once it has ended; then the rest is still to be stopped.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    with ExitStack() as stack:
        sock = stack.enter_context(listen(host, port))
        try:
            known = wiring.items(settings.fleet.catalogue)
            running = start(
                wiring.place(settings, known), lambda: wiring.outside(settings, known), stack
            )
        except KeyboardInterrupt:
            return 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        names = {code: (item.task_name.zh, item.task_name.en) for code, item in known.items()}
        people = running.app.state.people
        mount(running.app, running.live, item_names=names, people=people, alarms=running.alarms)
        if running.keeper is not None:
            window = Window(running.app, running.keeper.server)
            window.start(listen(host, settings.http.gateway_port), stack)
        process.settle_in()
        Server(_uvicorn(running.app), "fleet", f"http://{wiring.named(host)}:{port}").run(
            sockets=[sock]
        )
    return 0


def _interrupt(_number: int, _frame: object) -> None:
    """A stop while starting: leave by the way that stops what has been started."""
    raise KeyboardInterrupt


def _uvicorn(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    sys.exit(main())
