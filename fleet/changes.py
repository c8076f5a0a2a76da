"""Tells everybody in this process that something was committed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Changes:
    """Callbacks run on the committing thread: they must be quick and must not raise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[tuple[Callable[[], None], bool]] = []

    def subscribe(
        self, callback: Callable[[], None], *, records_only: bool = False
    ) -> Callable[[], None]:
        """Returns the function that ends the subscription. `records_only`: not of commits that
        hold nothing but what terminals say of themselves, of which there are hundreds a second."""
        entry = (callback, records_only)
        with self._lock:
            self._callbacks.append(entry)

        def leave() -> None:
            with self._lock:
                if entry in self._callbacks:
                    self._callbacks.remove(entry)

        return leave

    def notify(self, *, records: bool = True) -> None:
        """Called after each commit, from any thread. `records`: did it hold any?"""
        with self._lock:
            callbacks = tuple(self._callbacks)
        for callback, records_only in callbacks:
            if records or not records_only:
                callback()

    @contextmanager
    def watch(self) -> Iterator[asyncio.Event]:
        """An event of the running loop, set after each commit: wait, clear, then read."""
        loop = asyncio.get_running_loop()
        event = asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

        leave = self.subscribe(wake)
        try:
            yield event
        finally:
            leave()
