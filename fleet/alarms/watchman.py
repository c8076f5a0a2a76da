"""The thread that looks at everything again and again, and tells when it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms.round import Round
from fleet.live import Live

REST = 10  # at least so many times as long as a round takes
# After a start: terminals come back within two minutes, and then have a minute to say something.
DEAF_SECONDS = 180.0

log = structlog.get_logger("fleet.alarms")


class Watchman:
    """`seconds` between two rounds; more where there are very many terminals."""

    def __init__(
        self, rounds: Round, live: Live, seconds: float, deaf_seconds: float = DEAF_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._deaf_seconds = deaf_seconds
        self._rounds = rounds
        self._live = live
        self._seconds = seconds
        self._clock = clock
        self._stopping = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive() and not self._failing

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        rest, hears_at = 0.0, time.monotonic() + self._deaf_seconds
        while not self._stopping.wait(rest):
            begun = time.monotonic()
            self._once(deaf=begun < hears_at)
            rest = max(self._seconds, REST * (time.monotonic() - begun))

    def _once(self, *, deaf: bool) -> None:
        try:
            self._rounds.once(self._clock(), self._live.terminals(), deaf)
        except SQLAlchemyError as error:
            self._failing = True
            log.error("alarms_not_kept", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a defect in one round must not end the watch
            self._failing = True
            log.error("alarms_failed", error=type(error).__name__)
        else:
            self._failing = False
