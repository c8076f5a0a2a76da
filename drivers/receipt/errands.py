"""What a driver remembers between its errands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from kiosk.model import PrintOutcome, Rung

_REMEMBERED = 256
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 3.0  # seconds


class Attempt:
    """Decides, once, between sending a job and giving it up; both threads may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sending = self._given_up = False

    def claim(self) -> bool:
        """From here on bytes may have reached the printer. False: it was given up before."""
        with self._lock:
            self._sending = not self._given_up
            return self._sending

    def give_up(self) -> Rung:
        """Nothing more is reported; QUEUED: and nothing will be sent."""
        with self._lock:
            self._given_up = True
            return Rung.UNCONFIRMED if self._sending else Rung.QUEUED

    @property
    def given_up(self) -> bool:
        with self._lock:
            return self._given_up


class Backoff:
    """A printer that is away is looked for less and less often, but every three seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._pause = 0.0
        self._not_before = 0.0

    @property
    def due(self) -> bool:
        return self._now() >= self._not_before

    def failed(self) -> None:
        self._pause = min(_LONGEST_PAUSE, 2 * self._pause or _FIRST_PAUSE)
        self._not_before = self._now() + self._pause

    def succeeded(self) -> None:
        self._pause = self._not_before = 0.0


class Outcomes:
    """Of jobs that may have reached the printer: none of them is sent again."""

    def __init__(self) -> None:
        self._by_job: dict[str, PrintOutcome] = {}

    def get(self, job: str) -> PrintOutcome | None:
        return self._by_job.get(job)

    def keep(self, job: str, outcome: PrintOutcome) -> PrintOutcome:
        self._by_job[job] = outcome
        if len(self._by_job) > _REMEMBERED:
            del self._by_job[next(iter(self._by_job))]
        return outcome
