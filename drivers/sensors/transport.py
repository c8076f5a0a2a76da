"""Sensors behind `kiosk.ports.Sensors`: a thread looks at each source, as seldom as it may."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from drivers.debounce import MISSES
from drivers.sensors.readings import UNKNOWN
from drivers.sensors.settle import Recovery, Settler
from drivers.sensors.status import DEVICE, Seen, SensorFault, understand
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction

_QUICK = 0.03  # seconds between looks while a contact settles
_SOON = 0.5  # seconds to the next look at a source that was missed; more and more later
_SLOWEST = 5.0  # seconds between looks at a source that is away
_FIRST_SECONDS = 4.0  # for the first look at all sources
_JOIN_SECONDS = 2.0


class Source(Protocol):
    """Something that tells some readings. For its own thread, except `wake`."""

    name: str
    serves: frozenset[str]
    every: float  # seconds between looks
    times: int  # looks that must agree before a new word is believed

    def look(self) -> Seen | SensorFault:
        """Within two seconds; a fault when it can't be asked."""

    def rest(self, seconds: float) -> None:
        """Wait for the next look; shorter when something happens, or after `wake`."""

    def wake(self) -> None: ...

    def close(self) -> None: ...


class _Watch:
    """One source and what is known of it."""

    def __init__(self, source: Source, on_news: Callable[[], None]) -> None:
        self.source = source
        self.seen: Seen | None = None
        self._on_news = on_news
        self._settler = Settler(source.times)
        self._recovery = Recovery()
        self._misses = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"{DEVICE}-{source.name}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        self.source.wake()

    def join(self, seconds: float) -> None:
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._ending.is_set():
            seen = self._judged(self.source.look(), time.monotonic())
            if seen != self.seen and not self._ending.is_set():
                self.seen = seen
                self._on_news()
            self.source.rest(self._pause())
        self.source.close()

    def _judged(self, said: Seen | SensorFault, now: float) -> Seen | None:
        """What may be believed now. The first misses change nothing; at the start they tell."""
        if isinstance(said, Seen):
            self._misses = 0
            settled = self._recovery.see(self._settler.see(said.readings, now), now)
            return Seen(settled, said.fault)
        self._misses += 1
        if self.seen is not None and self._misses < MISSES:
            return self.seen
        self._settler.forget()
        return Seen(dict.fromkeys(sorted(self.source.serves), UNKNOWN), said)

    def _pause(self) -> float:
        if self._settler.unsettled:
            return min(_QUICK, self.source.every)
        if not self._misses:
            return self.source.every
        soon = min(_SOON, self.source.every)
        return float(min(soon * 2 ** min(max(0, self._misses - MISSES), 8), _SLOWEST))


@dataclass(eq=False, slots=True)
class _Waiter:
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event = field(default_factory=asyncio.Event)


class WatchedSensors:
    """All sources of a terminal as one device. The base of the drivers."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._watches = [_Watch(source, self._news) for source in sources]
        self._lock = threading.Lock()
        self._waiters: list[_Waiter] = []
        self._version = 0
        self._told: int | None = None  # the version that `change` last returned for
        self._started = self._closed = False

    async def status(self) -> DeviceStatus:
        """At once, except that the first one waits for a look at each source."""
        self._start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_SECONDS):
                await self._until(lambda: all(watch.seen for watch in self._watches))
        if self._closed:
            fault = Fault(SensorFault.SENSOR_UNREACHABLE, FaultAction.MAINTENANCE, "closed")
            return DeviceStatus(DEVICE, DeviceState.NO_DEVICE, fault=fault)
        if self._told is None:
            self._told = self._version
        seen = [watch.seen for watch in self._watches]
        known = [one for one in seen if one is not None]
        if len(known) < len(seen):
            return DeviceStatus(DEVICE, DeviceState.STARTING)
        return understand(known)

    async def change(self) -> None:
        """Returns at once when something changed since it last returned: no change is missed."""
        self._start()
        if self._closed:
            await asyncio.Event().wait()
        base = self._version if self._told is None else self._told
        await self._until(lambda: self._version != base)
        self._told = self._version

    async def close(self) -> None:
        with self._lock:
            self._closed = True
        self._wake()
        for watch in self._watches:
            watch.end()
        for watch in self._watches:
            await asyncio.to_thread(watch.join, _JOIN_SECONDS)

    def _start(self) -> None:
        with self._lock:
            if self._started or self._closed:
                return
            self._started = True
        for watch in self._watches:
            watch.start()

    async def _until(self, true: Callable[[], bool]) -> None:
        """Wait until it is `true`, or the sensors are closed."""
        waiter = _Waiter(asyncio.get_running_loop())
        with self._lock:
            self._waiters.append(waiter)
        try:
            while not (true() or self._closed):
                await waiter.news.wait()
                waiter.news.clear()
        finally:
            with self._lock:
                self._waiters.remove(waiter)

    def _news(self) -> None:
        with self._lock:
            self._version += 1
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiters = tuple(self._waiters)
        for waiter in waiters:
            with contextlib.suppress(RuntimeError):  # its loop has been closed meanwhile
                waiter.loop.call_soon_threadsafe(waiter.news.set)
