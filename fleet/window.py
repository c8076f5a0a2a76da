"""What terminals ask, with TLS: a second door to the same application, for their paths alone."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import ExitStack
from socket import socket
from typing import Any

import uvicorn
from fastapi import FastAPI

from fleet.errors import StartError

OPEN = ("/api/v1/gateway/", "/api/v1/link/")
HEALTH = "/healthz"
START_SECONDS = 10.0
_NOT_FOUND = (
    {"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]},
    {"type": "http.response.body", "body": b""},
)


class Window:
    """Serves on a thread of its own; the console is not to be had here."""

    def __init__(self, app: FastAPI, secure: ssl.SSLContext) -> None:
        self._app = app
        config = uvicorn.Config(
            self._narrow,
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",  # the application's own begins and ends with its first door
            timeout_graceful_shutdown=3,
            ssl_context_factory=lambda *_: secure,
        )
        self._server = uvicorn.Server(config)

    def start(self, sock: socket, stack: ExitStack) -> None:
        """Returns when it serves; `stack` stops it. Raises `StartError`."""
        stack.callback(sock.close)
        thread = threading.Thread(target=self._server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        stack.callback(thread.join, START_SECONDS)
        stack.callback(setattr, self._server, "should_exit", True)
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                raise StartError("the gateway with TLS did not start")
            time.sleep(0.01)

    async def _narrow(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and (path.startswith(OPEN) or path == HEALTH):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            for message in _NOT_FOUND:
                await send(message)
