"""Watches reader and card on a thread of its own: pcscd wakes it, nothing is polled.

The thread looks up every `SLICE` seconds even when nothing happens, so that a service that hangs
shows, and opens the service again by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from smartcard import scard

from drivers.chipcard.pcsc import PLUG_AND_PLAY, Context
from drivers.chipcard.status import Trouble

SLICE = 2.0  # seconds
_HUNG_AFTER = 4.0  # seconds without a sign of life; more than a slice
_FIRST_RETRY, _LAST_RETRY = 0.2, 3.0  # seconds between tries to reach the service
_SETTLE = 0.05  # seconds before readers that just changed are listed again
_LOOK = 0.02  # seconds between looks whether the thread has ended
_COUNTER = 16  # bits: above them pcscd counts cards coming and going


@dataclass(frozen=True, slots=True)
class Scene:
    """`card`: 0 for none, else a number of the card's own for as long as it lies there."""

    trouble: Trouble | None
    reader: str = ""
    card: int = 0
    counter: int = 0
    atr: bytes = b""


_HELD = scard.SCARD_STATE_EXCLUSIVE | scard.SCARD_STATE_INUSE
_HUNG = Scene(Trouble.SERVICE_HUNG)
_CLOSED = Scene(Trouble.NO_READER)


def scene_after(before: Scene, reader: str, state: int, atr: bytes) -> Scene:
    """A card is another one when pcscd has counted, or there was none.

    A service that starts again counts from nought: a card that lies there then is taken for the
    one that lay there before, for nobody was asked to lift it.
    """
    if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
        return Scene(Trouble.READER_UNAVAILABLE, reader, before.card)
    counter = state >> _COUNTER
    if not state & scard.SCARD_STATE_PRESENT:
        return Scene(None, reader, 0, counter)
    counted = before.trouble in (None, Trouble.READER_IN_USE)
    same = before.card > 0 and (before.counter == counter if counted else True)
    return Scene(None, reader, before.card if same else -1, counter, atr)


class Watch:
    """`name`: part of the reader's name; empty for the first reader that there is."""

    def __init__(self, name: str, connect: Callable[[], Context | Trouble] = Context.open) -> None:
        self._name = name
        self._connect = connect
        self._lock = threading.Lock()
        self._scene: Scene | None = None
        self._cards = 0
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._alive = time.monotonic()
        self._busy_until = 0.0
        self._stopping = threading.Event()
        self._context: Context | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Once; later calls do nothing."""
        if self._thread is None and not self._stopping.is_set():
            self._alive = time.monotonic()
            self._thread = threading.Thread(target=self._run, name="chipcard-watch", daemon=True)
            self._thread.start()

    def now(self) -> Scene:
        if self._stopping.is_set():
            return _CLOSED
        if time.monotonic() - self._alive > _HUNG_AFTER:
            return replace(_HUNG, card=self._scene.card if self._scene else 0)
        return self._scene or _HUNG

    async def after(self, scene: Scene | None, seconds: float = SLICE) -> Scene:
        """The next scene that is not `scene`; the present one when the time is over.

        None stands for the time before the first look.
        """
        loop = asyncio.get_running_loop()
        changed: asyncio.Future[None] = loop.create_future()
        entry = (loop, changed)
        with self._lock:
            now = self.now()
            if self._stopping.is_set() or (self._scene is not None and now != scene):
                return now
            self._waiting.append(entry)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed, seconds)
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._waiting.remove(entry)
        return self.now()

    def own(self, seconds: float) -> None:
        """For so long it is this program that holds the reader."""
        self._busy_until = time.monotonic() + seconds

    async def stop(self, seconds: float) -> None:
        """A thread that a hung service holds is left to end with the service."""
        self._stopping.set()
        self._publish(_CLOSED)
        if self._thread is None:
            return
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        ending = (time.monotonic() + seconds, loop, ended)
        threading.Thread(target=self._end, args=ending, daemon=True).start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)

    def _end(self, until: float, loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
        """Cancels again and again: what comes before the wait has begun is lost."""
        while self._thread and self._thread.is_alive() and time.monotonic() < until:
            context = self._context
            if context:
                context.cancel()
            self._thread.join(_LOOK)
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(ended.set)

    def _run(self) -> None:
        pause = _FIRST_RETRY
        while not self._stopping.is_set():
            self._alive = time.monotonic()
            opened = self._connect()
            if isinstance(opened, Trouble):
                self._trouble(opened)
                self._stopping.wait(pause)
                pause = min(2 * pause, _LAST_RETRY)
                continue
            pause = _FIRST_RETRY
            self._context = opened
            self._trouble(self._follow(opened))
            self._context = None
            opened.close()

    def _follow(self, context: Context) -> Trouble:
        """Until the service fails; says how."""
        known: dict[str, int] = {}
        while not self._stopping.is_set():
            self._alive = time.monotonic()
            names = context.readers()
            if isinstance(names, Trouble):
                return names
            reader = next((name for name in names if self._name in name), None)
            if reader is None:
                self._trouble(Trouble.OTHER_READER if names else Trouble.NO_READER)
            asked = {PLUG_AND_PLAY: 0} | ({reader: known.get(reader, 0)} if reader else {})
            states = context.wait(asked, SLICE)
            if isinstance(states, Trouble):
                return states
            known = {name: state for name, (state, _) in states.items()}
            if reader in states:
                self._see(reader, *states[reader])
            elif reader:
                self._stopping.wait(_SETTLE)
        return Trouble.NO_READER

    def _see(self, reader: str, state: int, atr: bytes) -> None:
        scene = scene_after(self._scene or _CLOSED, reader, state, atr)
        if scene.card < 0:
            self._cards += 1
            scene = replace(scene, card=self._cards)
        foreign = state & _HELD and time.monotonic() > self._busy_until
        self._publish(replace(scene, trouble=Trouble.READER_IN_USE) if foreign else scene)

    def _trouble(self, trouble: Trouble) -> None:
        """The card that lay there is remembered: it may still lie there when all is well again."""
        self._publish(Scene(trouble, card=self._scene.card if self._scene else 0))

    def _publish(self, scene: Scene) -> None:
        with self._lock:
            changed, self._scene = scene != self._scene, scene
            waiting, self._waiting = (self._waiting, []) if changed else ([], self._waiting)
        for loop, future in waiting:
            with contextlib.suppress(RuntimeError):  # a loop that has ended
                loop.call_soon_threadsafe(_wake, future)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
