"""What the simulated back ends share: their arguments, their office, and how they start and end."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from fleet import process
from fleet.certificates import files
from fleet.platform.backends.faults import Faults
from fleet.platform.backends.server import Answer, BackEnd
from fleet.platform.office import Office
from fleet.platform.registers import look_up
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue

CHINA = timezone(timedelta(hours=8))
Build = Callable[[Office, Faults, str], Answer]


def run(name: str, build: Build) -> int:
    """Serve until SIGTERM or SIGINT. Prints `<name> ready <address>` when it listens."""
    arguments = _arguments(name)
    process.die_with_parent()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    items = _items(arguments.catalogue)
    office = Office(
        folder / f"{name}.db", items, look_up, _china_now, arguments.accept_unmatched_face
    )
    faults = Faults(folder / f"{name}.json")
    secret = shared_secret(arguments.secret_file or folder / f"{name}.secret")
    try:
        with BackEnd(arguments.port, build(office, faults, secret), office, faults) as server:
            port = server.server_address[1]
            ready = msgspec.json.encode({"port": port, "pid": os.getpid()})
            files.write(folder / f"{name}.ready.json", ready)
            print(f"{name} ready http://127.0.0.1:{port}", flush=True)
            server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        return 0
    return 0


def shared_secret(path: Path) -> str:
    """What the fleet signs in with; made at the first start."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with files.locked(path.parent):
        if not path.exists():
            files.write(path, secrets.token_hex(32).encode())
        return path.read_text("ascii").strip()


def _items(folders: list[Path]) -> list[Item]:
    return [item for folder in folders for item in load_catalogue(folder).items]


def _arguments(name: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"fleet.platform.backends.{name}", description="A simulated approval platform"
    )
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--folder", type=Path, required=True, help="its file and its state file")
    parser.add_argument("--catalogue", type=Path, action="append", help="folder of items")
    parser.add_argument("--secret-file", type=Path, help="made when it is missing")
    parser.add_argument("--accept-unmatched-face", action="store_true")
    parser.set_defaults(catalogue=None)
    found = parser.parse_args()
    found.catalogue = found.catalogue or [Path("config/catalogue")]
    return found


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _china_now() -> datetime:
    return datetime.now(CHINA)
