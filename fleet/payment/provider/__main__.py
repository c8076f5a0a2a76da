"""`python -m fleet.payment.provider --folder var/sim [--port N]`: the simulated provider.

Keeps its book in `<folder>/payment.db` and its signing key beside it; writes `payment.pub` and
`merchant.key` for the fleet; is driven by `<folder>/payment.json` (see `hand`). Prints
`provider ready <address>` when it listens; ends with 0 after SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import secrets
import signal
import socket
import sys
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet import process
from fleet.certificates import files
from fleet.payment.provider.acts import Callbacks, Phone
from fleet.payment.provider.app import Shop, build
from fleet.payment.provider.book import Book
from fleet.payment.provider.hand import Hand
from fleet.serving import Server


def main() -> int:
    parser = argparse.ArgumentParser(prog="provider", description="A simulated payment provider")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="on loopback; 0: any free one")
    arguments = parser.parse_args()
    process.die_with_parent()
    process.log_to_stderr()
    run(arguments.folder, socket.create_server(("127.0.0.1", arguments.port)))
    return 0


def run(folder: Path, listener: socket.socket) -> None:
    """Serves until SIGTERM."""
    folder.mkdir(parents=True, exist_ok=True)
    book, hand, key = Book(folder / "payment.db"), Hand(folder / "payment.json"), _key(folder)
    phone = Phone(book, hand)
    callbacks = Callbacks(book, hand, phone, key)
    app = build(Shop(book, hand, phone, key, _merchant(folder)))
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it again once it has ended
    callbacks.start()
    try:
        Server(config, "provider", f"http://127.0.0.1:{listener.getsockname()[1]}").run(
            sockets=[listener]
        )
    finally:
        callbacks.stop()


def _key(folder: Path) -> Ed25519PrivateKey:
    path = folder / "payment.key"
    if not path.exists():
        files.write(path, Ed25519PrivateKey.generate().private_bytes_raw().hex().encode())
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii")))
    public = key.public_key().public_bytes_raw().hex().encode()
    files.write(folder / "payment.pub", public, files.PUBLIC)
    return key


def _merchant(folder: Path) -> str:
    path = folder / "merchant.key"
    if not path.exists():
        files.write(path, secrets.token_urlsafe(32).encode())
    return path.read_text("ascii")


if __name__ == "__main__":
    sys.exit(main())
