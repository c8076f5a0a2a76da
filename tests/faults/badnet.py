"""A bad network before one port: slow, stalling, cutting off anywhere; or with an old broker."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

PIECE = 1500  # bytes


@dataclass(slots=True)
class Weather:
    """Of each piece on its way. `cut`, `stall`: one in so many pieces, 0 for never; `delay`: the
    longest, in seconds."""

    delay: float = 0.0
    cut: int = 0
    stall: int = 0
    stall_seconds: float = 3.0
    away: bool = False  # nobody is let in, and all are thrown out
    old: bool = False  # as a broker that speaks MQTT 3.1.1 and nothing newer


class Relay:
    """TCP from `port` to `target`. `cuts` counts connections that were cut off."""

    def __init__(self, target: tuple[str, int], weather: Weather, seed: int) -> None:
        self.port = 0
        self.cuts = 0
        self.versions = Counter[int]()  # of MQTT that were asked for, while it is `old`
        self.weather = weather
        self._target = target
        self._dice = Random(seed)
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            while True:
                await asyncio.sleep(0.05)
                if self.weather.away:
                    for writer in list(self._open):
                        self._cut(writer)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self.weather.away:
                return
            first = await self._spoken(reader, writer) if self.weather.old else b""
            there, back = await asyncio.open_connection(*self._target)
            self._open.add(back)
            back.write(first)
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for one in (writer, *([back] if "back" in locals() else [])):
                self._open.discard(one)
                one.transport.abort()

    async def _spoken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        """The beginning of a CONNECT, up to its version; another than 3.1.1's (4) is refused."""
        head = await reader.readexactly(2)
        while head[-1] & 0x80:
            head += await reader.readexactly(1)
        head += await reader.readexactly(7)
        version = head[-1]
        self.versions[version] += 1
        if version != 4:
            writer.write(b"\x20\x02\x00\x01")
            await writer.drain()
            raise ConnectionResetError
        return head

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            weather = self.weather
            if weather.delay:
                await asyncio.sleep(self._dice.uniform(0, weather.delay))
            if weather.stall and self._dice.randrange(weather.stall) == 0:
                await asyncio.sleep(weather.stall_seconds)
            if weather.cut and self._dice.randrange(weather.cut) == 0:
                writer.write(piece[: self._dice.randrange(len(piece) + 1)])
                await writer.drain()
                self._cut(writer)
                raise ConnectionResetError
            writer.write(piece)
            await writer.drain()
        raise ConnectionResetError  # the other side has gone, and so does this one

    def _cut(self, writer: asyncio.StreamWriter) -> None:
        self.cuts += 1
        self._open.discard(writer)
        writer.transport.abort()


@contextmanager
def relay(target: tuple[str, int], weather: Weather, seed: int = 1) -> Iterator[Relay]:
    loop, ready = asyncio.new_event_loop(), threading.Event()
    made = Relay(target, weather, seed)

    def run() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(made.serve(ready))
        loop.run_forever()
        task.cancel()
        everything = [task, *asyncio.all_tasks(loop)]
        loop.run_until_complete(asyncio.gather(*everything, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, name="relay", daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
