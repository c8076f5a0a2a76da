"""A certificate printer that speaks IPP on a TCP port, driven by `document.json`.

One thread runs its web server and its mechanism. While the power is off nothing listens, and the
jobs that it held are gone.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web
from pyipp.enums import IppOperation

from drivers.document.mechanism import Mechanism
from drivers.document.messages import decode
from drivers.document.operations import Operations

PATH = "/ipp/print"
MAX_DOCUMENT = 64 << 20  # bytes
_IPP = "application/ipp"
_TICK = 0.02  # seconds, while it has work; otherwise
_IDLE_TICK = 0.1


class DocumentSimulator:
    """`port` 0 takes a free one; sheets come out as `papers/certificates/NNNN.pdf`."""

    def __init__(self, folder: Path, papers: Path, port: int = 0) -> None:
        self._mechanism = Mechanism(folder, papers)
        self._wanted_port = port
        self._keeper: socket.socket | None = None
        self._runner: web.AppRunner | None = None
        self._operations: Operations | None = None
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="document-simulator", daemon=True)

    @property
    def port(self) -> int:
        assert self._keeper is not None, "not started"
        return int(self._keeper.getsockname()[1])

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}{PATH}"

    def start(self) -> None:
        """Returns when it listens."""
        # Holds the port while the power is off, so that nobody else gets it.
        self._keeper = _bound(self._wanted_port)
        self._thread.start()
        self._started.wait(10)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)
        if self._keeper:
            self._keeper.close()

    def _run(self) -> None:
        asyncio.run(self._live())

    async def _live(self) -> None:
        try:
            while not self._stopping.is_set():
                await self._obey_switch()
                self._started.set()
                if self._runner:
                    self._mechanism.tick()
                await asyncio.sleep(_TICK if self._mechanism.jobs else _IDLE_TICK)
        finally:
            await self._switch_off()

    async def _obey_switch(self) -> None:
        on = self._mechanism.state["power"] == "on"
        if on and self._runner is None:
            await self._switch_on()
        elif not on and self._runner:
            await self._switch_off()

    async def _switch_on(self) -> None:
        self._mechanism.switch_on()
        self._operations = Operations(self._mechanism, self.uri)
        app = web.Application(client_max_size=MAX_DOCUMENT)
        app.router.add_post(PATH, self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        await self._runner.setup()
        listener = _bound(self.port)
        await web.SockSite(self._runner, listener).start()

    async def _switch_off(self) -> None:
        """Connections break off, whatever was on them."""
        runner, self._runner = self._runner, None
        self._mechanism.switch_off()
        if runner:
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        message = decode(await request.read())
        if message is None or self._operations is None:
            return web.Response(status=400)
        good = self._operations.answer(message)
        manner = str(self._mechanism.state["answer"])
        if manner == "loses_job_answer" and message.code == IppOperation.PRINT_JOB:
            assert request.transport is not None
            request.transport.abort()
        special = _ANSWERS.get(manner)
        return await special(good) if special else web.Response(body=good, content_type=_IPP)


async def _silent(_good: bytes) -> web.Response:
    await asyncio.sleep(3600)
    return web.Response()


async def _garbage(good: bytes) -> web.Response:
    return web.Response(body=bytes(byte ^ 0xA5 for byte in good), content_type=_IPP)


async def _cut_short(good: bytes) -> web.Response:
    return web.Response(body=good[: len(good) // 2], content_type=_IPP)


async def _huge(good: bytes) -> web.Response:
    return web.Response(body=good + bytes(8 << 20), content_type=_IPP)


async def _web_page(_good: bytes) -> web.Response:
    return web.Response(text="<html>Sample Laser</html>", content_type="text/html")


async def _not_found(_good: bytes) -> web.Response:
    return web.Response(status=404, text="Sample Laser")


async def _denied(_good: bytes) -> web.Response:
    return web.Response(status=401, text="Sample Laser")


_ANSWERS: Mapping[str, Callable[[bytes], Awaitable[web.Response]]] = {
    "silent": _silent,
    "garbage": _garbage,
    "cut_short": _cut_short,
    "huge": _huge,
    "web_page": _web_page,
    "not_found": _not_found,
    "denied": _denied,
}


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
