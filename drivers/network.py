"""A network that can be cut: TCP relays on loopback, driven by `network.json`.

`link`: `up`; `down` (connections are reset, new ones refused); `silent` (a black hole: connections
stay and say nothing; what was on its way arrives once the link is up again, as TCP would have
repeated it). `delay_ms`: how much later each piece arrives, in both directions.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from drivers.statefile import StateFile

STATE_FILE = "network.json"
DEFAULTS: Mapping[str, Any] = {"link": "up", "delay_ms": 0}

_LOOK_EVERY = 0.1  # seconds between looks at the state file
_PIECE = 65536
_LONGEST_DELAY = 60_000.0  # milliseconds
_ON_THE_WAY = 8  # pieces that one direction holds at most
_BACKLOG = 64
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 seconds: close() sends RST


class NetworkCut:
    """`routes`: port to listen on → (host, port) behind it. One thread for all."""

    def __init__(self, folder: Path, routes: Mapping[int, tuple[str, int]]) -> None:
        self._file = StateFile(folder / STATE_FILE, DEFAULTS)
        self._routes = dict(routes)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None

    def start(self) -> None:
        """The ports listen when it returns; `OSError` when one is taken."""
        with contextlib.ExitStack() as bound:
            listeners = [
                (bound.enter_context(_bound(port)), target) for port, target in self._routes.items()
            ]
            bound.pop_all()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(listeners, ready)), name="network", daemon=True
        )
        self._thread.start()
        ready.wait(10)

    def stop(self) -> None:
        """Resets what is connected."""
        if self._loop is not None and self._end is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._end.set)
        if self._thread is not None:
            self._thread.join(10)

    async def _run(
        self, listeners: list[tuple[socket.socket, tuple[str, int]]], ready: threading.Event
    ) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        gate = Gate()
        doors = [Door(listener, target, gate) for listener, target in listeners]
        try:
            link = ""
            while not self._end.is_set():
                said = self._file.get()
                gate.delay = seconds_of(said["delay_ms"])
                if said["link"] != link:
                    link = str(said["link"])
                    gate.turn(up=link not in {"down", "silent"})
                    await asyncio.gather(*(door.turn(link) for door in doors))
                ready.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._end.wait(), _LOOK_EVERY)
        finally:
            await asyncio.gather(*(door.close() for door in doors))


class Gate:
    """Shut, nothing passes in any direction."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self.delay = 0.0  # seconds

    def turn(self, *, up: bool) -> None:
        (self._open.set if up else self._open.clear)()

    async def passed(self) -> None:
        await self._open.wait()


class Door:
    """One listening port. It stays bound while the link is down, so that nobody else takes it."""

    def __init__(self, listener: socket.socket, target: tuple[str, int], gate: Gate) -> None:
        self._listener, self._target, self._gate = listener, target, gate
        self._listening = False
        self._accepting: asyncio.Task[None] | None = None
        self._relays: set[asyncio.Task[None]] = set()

    async def turn(self, link: str) -> None:
        if link == "down":
            await self._cut()
            return
        self._listener.listen(_BACKLOG)
        self._listening = True
        if link == "silent":
            await _cancelled(self._accepting)
            self._accepting = None
        elif self._accepting is None:
            self._accepting = asyncio.create_task(self._accept())

    async def close(self) -> None:
        await self._cut()
        self._listener.close()

    async def _cut(self) -> None:
        if self._listening:
            # Linux: stops listening (connections that wait are reset) and keeps the port bound.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listening = False
        await _cancelled(self._accepting, *self._relays)
        self._accepting = None

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(self._listener)
            except OSError:  # the client has gone again, or no file handle is left
                await asyncio.sleep(_LOOK_EVERY)
                continue
            relay = asyncio.create_task(_relay(client, self._target, self._gate))
            self._relays.add(relay)
            relay.add_done_callback(self._relays.discard)


async def _relay(client: socket.socket, target: tuple[str, int], gate: Gate) -> None:
    """Until both directions have ended, or one breaks: then both ends are reset."""
    loop = asyncio.get_running_loop()
    server = _stream()
    client.setblocking(False)
    try:
        await loop.sock_connect(server, target)
        await _all(_pump(client, server, gate), _pump(server, client, gate))
    except BaseException as error:
        for end in (client, server):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        if not isinstance(error, OSError):
            raise
    finally:
        client.close()
        server.close()


async def _pump(source: socket.socket, sink: socket.socket, gate: Gate) -> None:
    """One direction; `b""` is the end of it, which is handed on too (a half-close)."""
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_ON_THE_WAY)
    await _all(_take(source, queue, gate), _give(sink, queue, gate))


async def _take(
    source: socket.socket, queue: asyncio.Queue[tuple[float, bytes]], gate: Gate
) -> None:
    loop = asyncio.get_running_loop()
    piece = b"-"
    while piece:
        await gate.passed()
        piece = await loop.sock_recv(source, _PIECE)
        await queue.put((loop.time() + gate.delay, piece))


async def _give(sink: socket.socket, queue: asyncio.Queue[tuple[float, bytes]], gate: Gate) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due, piece = await queue.get()
        await asyncio.sleep(due - loop.time())
        await gate.passed()
        if not piece:
            sink.shutdown(socket.SHUT_WR)
            return
        await _send(sink, piece, gate)


async def _send(sink: socket.socket, piece: bytes, gate: Gate) -> None:
    """Like `sock_sendall`, but it stops in the middle of a piece when the gate shuts."""
    rest = memoryview(piece)
    while rest:
        await gate.passed()
        try:
            rest = rest[sink.send(rest) :]
        except BlockingIOError:
            await _writable(sink)


async def _writable(sink: socket.socket) -> None:
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_writer(sink, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(sink)


async def _all(*parts: Coroutine[Any, Any, None]) -> None:
    """Wait for all; when one breaks or this is cancelled, none is left running."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        await _cancelled(*tasks)


async def _cancelled(*tasks: asyncio.Task[None] | None) -> None:
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _bound(port: int) -> socket.socket:
    listener = _stream()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def _stream() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setblocking(False)
    return made


def seconds_of(milliseconds: object) -> float:
    """At most a minute. What is no number of milliseconds is none."""
    if isinstance(milliseconds, int | float) and milliseconds > 0:
        return min(milliseconds, _LONGEST_DELAY) / 1000
    return 0.0
