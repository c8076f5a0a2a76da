"""A thread that works whenever something was committed, and now and then without that."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod

from fleet.store.database import Store

PACE_SECONDS = 0.1  # between two looks, however often something is committed


class Pace:
    """Keeps a thread that is woken by each commit from looking dozens of times a second."""

    def __init__(self, stopping: threading.Event, wake: threading.Event) -> None:
        self._stopping, self._wake = stopping, wake
        self._last = 0.0

    def begin(self) -> None:
        """Before a look, which sees everything that was committed until now."""
        left = self._last + PACE_SECONDS - time.monotonic()
        if left > 0:
            self._stopping.wait(left)
        self._last = time.monotonic()
        self._wake.clear()


class Woken(ABC):
    """Its work is `_run`, which ends once `_stopping` is set and clears `_wake` before it looks, or
    lets `_pace` do that. `records_only`: see `fleet.changes`."""

    def __init__(self, store: Store, name: str, *, records_only: bool = False) -> None:
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pace = Pace(self._stopping, self._wake)
        self._leave = store.changes.subscribe(self._wake.set, records_only=records_only)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive()

    def ask_to_stop(self) -> None:
        """Ends after the piece of work in hand; does not wait for it."""
        self._leave()
        self._stopping.set()
        self._wake.set()

    def stop(self) -> None:
        """Ends after the piece of work in hand."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(10)

    @abstractmethod
    def _run(self) -> None: ...
