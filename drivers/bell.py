"""Waits for bytes of a device, and can be woken from any thread: no polling while nothing comes."""

from __future__ import annotations

import os
import select
import threading

_LONGEST = 86_400.0  # seconds; beyond some weeks poll's number has no room


class Bell:
    """One thread waits; any thread rings. A ring before the wait ends it too, and counts once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._event: int | None = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def ring(self) -> None:
        with self._lock:
            if self._event is not None:
                os.eventfd_write(self._event, 1)

    def wait(self, seconds: float, *files: int) -> bool:
        """True when one of `files` has bytes or broke; False after the time or by a ring.

        After a day it returns anyway.
        """
        event = self._event
        if event is None:
            return False
        poll = select.poll()
        for file in (event, *files):
            poll.register(file, select.POLLIN)
        ready = {file for file, _ in poll.poll(1000 * min(max(0.0, seconds), _LONGEST))}
        if event in ready:
            self._hear(event)
        return bool(ready - {event})

    def close(self) -> None:
        """When nobody waits any more; rings and waits do nothing from then on."""
        with self._lock:
            event, self._event = self._event, None
            if event is not None:
                os.close(event)

    def _hear(self, event: int) -> None:
        with self._lock:
            if self._event == event:
                os.eventfd_read(event)
