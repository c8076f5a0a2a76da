"""Whoever works at the built-in office: lets its cases walk on, again and again."""

from __future__ import annotations

import threading
import time

import structlog

from fleet.platform.contract import PlatformError
from fleet.platform.office import Office

LOOK_SECONDS = 2.0  # between two rounds, or
SHARE = 20  # so many times as long as the last one took: many cases must not keep it busy

log = structlog.get_logger("fleet.platform")


class Clerk:
    """One thread."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends after the round in hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        pause = LOOK_SECONDS
        while not self._stopping.wait(pause):
            begun = time.monotonic()
            try:
                self._office.walk()
            except PlatformError as error:
                log.error("office_stands_still", error=type(error).__name__)
            pause = max(LOOK_SECONDS, SHARE * (time.monotonic() - begun))
