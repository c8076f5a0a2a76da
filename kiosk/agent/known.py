"""The latest time that is known to be past, whatever this clock says.

It comes from whom we can believe: the fleet's own words over the link, the beginning of our own
certificate, the day on which this software was made. It makes words plainer, and no check weaker.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk import RELEASED
from kiosk.journal import Journal

STATUS = "known_time"
KEEP_SECONDS = 3600.0  # how much later it must be to be written again


class KnownTime:
    """`proven`: epoch seconds from our own certificate. Belongs to its journal's thread; `latest`
    may be asked from any."""

    def __init__(self, journal: Journal, proven: Callable[[], float] = lambda: 0.0) -> None:
        self._journal, self._proven = journal, proven
        kept = journal.statuses().get(STATUS, (0.0, 0.0))[0]
        self._kept = float(kept) if isinstance(kept, int | float) else 0.0
        self._heard = max(self._kept, _seconds(RELEASED))

    def latest(self) -> float:
        return max(self._heard, self._proven())

    def hear(self, time: str) -> None:
        """A time in the fleet's own message (ISO 8601)."""
        self._heard = max(self._heard, _seconds(time))
        if self._heard > self._kept + KEEP_SECONDS:
            self._kept = self._heard
            self._journal.put_status(STATUS, self._kept)


def _seconds(time: str) -> float:
    try:
        return datetime.fromisoformat(time).timestamp()
    except ValueError:
        return 0.0
