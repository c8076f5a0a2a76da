"""A fleet that takes scanned pages, over real HTTP on loopback, and lines that fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import func, select

from fleet import gateway, keys
from fleet.archive import routes
from fleet.archive.pages import Pages
from fleet.store.archive_tables import pages as table
from fleet.store.database import Store


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.01)


@dataclass
class PageFleet:
    url: str
    token_file: Path
    key: X25519PrivateKey
    store: Store
    pages: Pages

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def count(self) -> int:
        with self.store.read() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0


@contextmanager
def page_fleet(folder: Path) -> Iterator[PageFleet]:
    key = X25519PrivateKey.generate()
    store = Store(f"sqlite:///{folder}/fleet.db")
    trust = folder / "trust"
    tokens = keys.tokens(folder / "var", trust)
    desk = Pages(store, key)
    app = FastAPI()
    app.include_router(routes.router(desk, gateway.known_terminal(tokens)))
    with serving(app) as port:
        yield PageFleet(f"http://127.0.0.1:{port}", trust / "terminal.token", key, store, desk)
    store.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        wait_until(lambda: server.started)
        try:
            yield sock.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(30)


class CutLine:
    """A relay that lets `bytes_each[n]` bytes of the n-th connection through, then resets it."""

    def __init__(self, port: int, bytes_each: list[int]) -> None:
        self._far, self._most = port, bytes_each
        self.cut = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            most = self._most.pop(0) if self._most else None
            threading.Thread(target=self._relay, args=(near, most), daemon=True).start()

    def _relay(self, near: socket.socket, most: int | None) -> None:
        far = socket.create_connection(("127.0.0.1", self._far))
        back = threading.Thread(target=_pump, args=(far, near, None), daemon=True)
        back.start()
        if not _pump(near, far, most):
            self.cut += 1
        for one in (near, far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _pump(source: socket.socket, target: socket.socket, most: int | None) -> bool:
    """False: the line was cut."""
    passed = 0
    try:
        while piece := source.recv(65536):
            passed += len(piece)
            if most is not None and passed > most:
                return False
            target.sendall(piece)
    except OSError:
        pass
    return True
