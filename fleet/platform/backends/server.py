"""HTTP for a simulated back end, with everything that can go wrong between it and its caller.

Not a web framework: cutting, dripping and doubling need the socket itself.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from fleet.platform.backends.faults import Befalls, Fault, Faults
from fleet.platform.office import Office

MOST_BYTES = 32 * 2**20
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """`forget`: tokens and sessions are to be forgotten before it is looked at."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = field(repr=False)
    content_type: str = JSON


Answer = Callable[[Request], Reply]
_BEFORE = (Fault.AWAY, Fault.CUT_BEFORE)


class BackEnd(ThreadingHTTPServer):
    """Listens from the start; `port` 0: any free one. `simulation` is what a test may drive."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, answer: Answer, office: Office, faults: Faults) -> None:
        self.answer = answer
        self.office = office
        self.faults = faults
        self.last = Reply(500, b"")
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that go away are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BackEnd
    timeout = 30

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """A path may hold a case number; nothing is logged."""

    def _handle(self) -> None:
        split = urlsplit(self.path)
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return self._send(Reply(413, b"{}"))
        request = Request(
            self.command,
            split.path,
            dict(parse_qsl(split.query)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(length)),
        )
        if request.path.startswith("/sim/"):
            return self._send(_simulate(self.server.office, request))
        return self._disturbed(request, self.server.faults.draw())

    do_GET = do_POST = do_PUT = _handle  # noqa: N815 - the library's own names

    def _disturbed(self, request: Request, befalls: Befalls) -> None:
        fault = befalls.fault
        if fault in _BEFORE:
            return self._cut()
        if fault is Fault.ERROR:
            return self._send(Reply(500, b'{"code":"C5000","message":"busy"}'))
        if fault is Fault.TOKEN_EXPIRED:
            request = Request(
                request.method, request.path, request.query, request.headers, request.body, True
            )
        reply = self.server.answer(request)
        last, self.server.last = self.server.last, reply
        return self._after(fault, befalls.seconds, reply, last)

    def _after(self, fault: Fault | None, seconds: float, reply: Reply, last: Reply) -> None:
        match fault:
            case Fault.LATE:
                time.sleep(seconds)
                self._send(reply)
            case Fault.DOUBLED:
                self._send(Reply(reply.status, reply.body * 2, reply.content_type))
            case Fault.MALFORMED:
                half = reply.body[: len(reply.body) // 2] + b"\x00\xff<{"
                self._send(Reply(reply.status, half, reply.content_type))
            case Fault.CUT_AFTER:
                self._cut()
            case Fault.CUT_MIDDLE:
                self._write(_bytes(reply)[: -max(1, len(reply.body) // 2)])
                self._cut()
            case Fault.ERROR_AFTER:
                self._send(Reply(500, b'{"code":"C5000","message":"busy"}'))
            case Fault.DRIP:
                for byte in _bytes(reply):
                    self._write(bytes([byte]))
                    time.sleep(seconds)
            case Fault.OTHER:
                self._send(last)
            case _:
                self._send(reply)

    def _send(self, reply: Reply) -> None:
        self._write(_bytes(reply))

    def _write(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _bytes(reply: Reply) -> bytes:
    head = f"HTTP/1.1 {reply.status} -\r\nContent-Type: {reply.content_type}\r\n"
    return f"{head}Content-Length: {len(reply.body)}\r\n\r\n".encode() + reply.body


def _simulate(office: Office, request: Request) -> Reply:
    """For tests and for people who try things out: time put forward, and what is on record."""
    if request.path == "/sim/advance" and request.method == "POST":
        try:
            days = msgspec.json.decode(request.body, type=dict[str, float]).get("days", 1.0)
        except msgspec.DecodeError:
            return Reply(400, b"{}")
        return Reply(200, msgspec.json.encode({"ended": office.advance(days)}))
    if request.path == "/sim/cases":
        with office.book.change():
            return Reply(200, msgspec.json.encode(office.book.counts()))
    return Reply(404, b"{}")
