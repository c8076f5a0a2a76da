"""A web server that says when it listens, for whoever started it."""

from __future__ import annotations

import socket

import uvicorn


class Server(uvicorn.Server):
    """Prints `<name> ready <address>` on stdout, once, when it listens."""

    def __init__(self, config: uvicorn.Config, name: str, address: str) -> None:
        super().__init__(config)
        self._ready = f"{name} ready {address}"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._ready, flush=True)
