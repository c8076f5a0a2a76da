"""A web server of packs, with tricks in place of some files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Handle = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Serves a folder; `tricks`: what is done in place of a file."""

    folder: Path
    tricks: dict[str, Handle]
    asked: list[str]
    stopping: threading.Event

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.asked.append(self.path)
        if trick := self.tricks.get(name):
            trick(self)
        elif (self.folder / name).is_file():
            self.give((self.folder / name).read_bytes())
        else:
            self.send_error(404)

    def give(self, data: bytes, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Says nothing."""


class _Quiet(ThreadingHTTPServer):
    """Whoever hangs up in the middle is meant to; a line about it could come in a later test."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing."""


class Server:
    def __init__(self, folder: Path) -> None:
        self.tricks: dict[str, Handle] = {}
        self.asked: list[str] = []
        self.stopping = threading.Event()
        members = {"folder": folder, "tricks": self.tricks, "asked": self.asked,
                   "stopping": self.stopping}  # fmt: skip
        self._server = _Quiet(("127.0.0.1", 0), type("Here", (Handler,), members))
        self.url = f"http://127.0.0.1:{self._server.server_port}/packs/a/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
