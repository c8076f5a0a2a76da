"""A keypad behind `kiosk.ports.Keypad`: any Linux input device with keys."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from drivers.debounce import Debounce
from drivers.evdev import EvdevSource, InputEvent, SourceFault
from drivers.keypad.keys import KEYS, Hands
from drivers.keypad.status import DEVICE, KeypadFault, understand
from drivers.options import Options, Site
from kiosk.model import DeviceStatus, Key

KEPT_SECONDS = 1.0  # for which a key waits for somebody who asks: quick fingers, no old ones
_KEPT = 32  # keys
_IDLE = 60.0  # seconds of one wait; keys and unplugging end it
_AWAY = 0.5  # seconds to the next look for a keypad that is away; then twice, and again
_LONG_AWAY = 4.0
_FIRST_SECONDS = 2.0  # for the first look
_JOIN_SECONDS = 2.0


class KeypadOptions(Options):
    path: str = Field(
        "", description="Input device, for example one in /dev/input/by-id; empty: found by name"
    )
    name: str = Field(
        "", description="Without a path: part of the keypad's name in /dev/input/by-id"
    )
    keys: dict[Annotated[int, Field(ge=1, le=0x2FF)], Key | Literal[""]] = Field(
        default_factory=dict,
        description='Other keys: key code (as evtest tells it) -> key, "" for none. Keys: '
        + ", ".join(Key),
    )
    stuck_seconds: float = Field(
        10.0, ge=0.1, le=600, description="Seconds after which a key that is held is stuck"
    )

    @model_validator(mode="after")
    def _which(self) -> Self:
        """Without either, the first keyboard of the machine would be taken."""
        if not (self.path or self.name):
            raise ValueError("neither path nor name is given")
        return self


class EvdevKeypad:
    """Grabs the device while it is there, so that no key reaches the screen as typing."""

    Options: ClassVar = KeypadOptions

    def __init__(
        self, source: EvdevSource, keys: Mapping[int, Key], stuck_seconds: float = 10.0
    ) -> None:
        self._source = source
        self._hands = Hands(keys)
        self._stuck_seconds = stuck_seconds
        self._debounce = Debounce(DEVICE)
        self._lock = threading.Lock()  # of all below
        self._pressed: deque[tuple[Key, float]] = deque(maxlen=_KEPT)
        self._fault: SourceFault | None = SourceFault.ABSENT
        self._looked = self._closed = False
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        self._thread: threading.Thread | None = None

    @classmethod
    def build(cls, options: KeypadOptions, _site: Site) -> Self:
        given = {code: key for code, key in options.keys.items() if isinstance(key, Key)}
        kept = {code: key for code, key in KEYS.items() if code not in options.keys}
        source = EvdevSource(options.path, options.name)
        return cls(source, {**kept, **given}, options.stuck_seconds)

    async def key(self) -> Key | None:
        """One press for one caller. Cancel to stop waiting; the key that comes then is kept."""
        with self._waiting() as news:
            while True:
                with self._lock:
                    key = self._take()
                    if key or self._closed or (self._looked and self._fault):
                        return key
                await news.wait()
                news.clear()

    async def status(self) -> DeviceStatus:
        """From what was last seen: no keypad says that it is well."""
        with self._waiting() as news, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_SECONDS):
                while not (self._looked or self._closed):
                    await news.wait()
                    news.clear()
        with self._lock:
            self._forget_old()
            fault = SourceFault.ABSENT if self._closed else self._fault
            stuck = self._hands.held(time.monotonic()) >= self._stuck_seconds
        status = understand(fault, stuck=stuck)
        if self._closed:
            return status
        missed = status.fault is not None and status.fault.code == KeypadFault.NOT_CONNECTED
        return self._debounce.see(status, missed=missed)

    async def close(self) -> None:
        with self._lock:
            self._closed = True
            thread, self._thread = self._thread, None
        self._ring()
        self._source.wake()
        if thread is not None:
            await asyncio.to_thread(thread.join, _JOIN_SECONDS)

    def _take(self) -> Key | None:
        self._forget_old()
        return self._pressed.popleft()[0] if self._pressed else None

    def _forget_old(self) -> None:
        oldest = time.monotonic() - KEPT_SECONDS
        while self._pressed and self._pressed[0][1] < oldest:
            self._pressed.popleft()

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[asyncio.Event]:
        """Rung after each look. The first one who waits starts the looking."""
        waiter = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._waiters.append(waiter)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name=DEVICE, daemon=True)
                self._thread.start()
        try:
            yield waiter[1]
        finally:
            with self._lock:
                self._waiters.remove(waiter)

    def _ring(self) -> None:
        with self._lock:
            waiters = tuple(self._waiters)
        for loop, news in waiters:
            with contextlib.suppress(RuntimeError):  # its loop has been closed meanwhile
                loop.call_soon_threadsafe(news.set)

    def _run(self) -> None:
        pause = _AWAY
        fault: SourceFault | None = SourceFault.ABSENT
        while not self._closed:
            # what was typed before it was opened is for nobody
            fault = self._source.open() if fault is None else self._source.discard()
            self._note(fault or [])
            if fault is None:
                self._note(self._source.read(_IDLE))
                pause = _AWAY
            else:
                self._source.wait(pause)
                pause = min(2 * pause, _LONG_AWAY)
        self._source.end()

    def _note(self, came: list[InputEvent] | SourceFault) -> None:
        now = time.monotonic()
        with self._lock:
            self._looked = True
            self._fault = came if isinstance(came, SourceFault) else None
            if isinstance(came, SourceFault):
                self._hands.release()
                self._pressed.clear()
            else:
                self._pressed.extend((key, now) for key in self._hands.see(came, now))
        self._ring()
