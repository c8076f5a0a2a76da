"""A camera's stream on loopback, for simulators: JPEG after JPEG in one HTTP answer."""

from __future__ import annotations

import random
import select
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/stream.mjpg"
HOST = "127.0.0.1"
# A stream stays open and says nothing; ends; goes on with no pictures in it; with the same one.
HANG, STOP, GARBAGE, FROZEN = FAULTS = ("hang", "stop", "garbage", "frozen")

_BOUNDARY = "frame"
_GARBAGE = 20_000  # bytes, in a picture's place
_TICK = 0.05
_WRITE_SECONDS = 3.0


class MjpegServer:
    """Serves `http://127.0.0.1:<port>/stream.mjpg` until `stop`; port 0 finds a free one.

    `jpeg` and `fault` are asked for each picture, on any thread.
    """

    def __init__(
        self,
        port: int,
        rate: float,
        jpeg: Callable[[], bytes],
        fault: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._server = _Server((HOST, port), _Handler)
        self._server.pause = 1 / rate
        self._server.jpeg = jpeg
        self._server.fault = fault
        self.port: int = self._server.server_port
        threading.Thread(
            target=self._server.serve_forever, args=(_TICK,), name="mjpeg", daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}{PATH}"

    def stop(self) -> None:
        """No more connections, and those that are open break."""
        self._server.unplugged.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pause: float
    jpeg: Callable[[], bytes]
    fault: Callable[[], str | None]

    def server_activate(self) -> None:
        self.unplugged = threading.Event()
        super().server_activate()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _WRITE_SECONDS
    _next = 0.0  # when a picture is due
    _newest = b""

    def do_GET(self) -> None:
        if self.path != PATH:
            self.send_error(404)
            return
        try:
            while self.server.fault() == HANG and self._due():
                pass  # not even a first line
            self._head()
            while self._due() and self._part(self.server.fault()):
                pass
        except OSError:
            self.close_connection = True  # whoever looked has gone

    def _due(self) -> bool:
        """Wait for the next picture's time; False when unplugged, or when nobody looks any more."""
        now = time.monotonic()
        self._next = max(self._next + self.server.pause, now)
        if self.server.unplugged.wait(self._next - now):
            return False
        spoke, _, _ = select.select([self.connection], [], [], 0)
        return not spoke or bool(self.connection.recv(1, socket.MSG_PEEK))

    def _head(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def _part(self, fault: str | None) -> bool:
        """One picture, or what the fault makes of it; False: the stream ends."""
        if fault == GARBAGE:
            self.wfile.write(random.randbytes(_GARBAGE))
        elif fault in (None, FROZEN):
            if fault is None or not self._newest:
                self._newest = self.server.jpeg()
            self._send(self._newest)
        return fault != STOP

    def _send(self, jpeg: bytes) -> None:
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        self.wfile.write(head.encode() + jpeg + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Says nothing: a stream would fill the log."""
