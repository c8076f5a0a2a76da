"""Cases that a platform did not take: how often, when again; and is the platform itself away?"""

from __future__ import annotations

import time
from dataclasses import dataclass

BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0)
MOST_RESTING = 200  # so many failures, or
MOST_IN_A_ROW = 5  # so many without a success between, say that the platform is away


@dataclass(slots=True)
class _Trouble:
    """Not again before `until` (monotonic)."""

    times: int = 0
    until: float = 0.0


class Troubles:
    """Those of one platform."""

    def __init__(self) -> None:
        self._known: dict[str, _Trouble] = {}
        self._in_a_row = 0

    def failed(self, case_no: str) -> int:
        """How often by now."""
        trouble = self._known.setdefault(case_no, _Trouble())
        trouble.until = time.monotonic() + BACKOFF[min(trouble.times, len(BACKOFF) - 1)]
        trouble.times += 1
        self._in_a_row += 1
        return trouble.times

    def taken(self, case_no: str) -> None:
        self._known.pop(case_no, None)
        self._in_a_row = 0

    def forget(self, case_no: str) -> None:
        self._known.pop(case_no, None)

    @property
    def known(self) -> list[str]:
        return list(self._known)

    def due(self, most: int) -> list[str]:
        """Those whose rest is over, the longest first."""
        now = time.monotonic()
        rested = sorted((one.until, case_no) for case_no, one in self._known.items())
        return [case_no for until, case_no in rested if until <= now][:most]

    @property
    def away(self) -> bool:
        now = time.monotonic()
        resting = sum(trouble.until > now for trouble in self._known.values())
        return self._in_a_row >= MOST_IN_A_ROW or resting >= MOST_RESTING
