"""How long wrong PINs keep somebody out: three are free, then 30 s, doubled up to an hour.

No calendar clock is asked, for those jump. Within one start of the machine its uptime counts; a
lock from an earlier start has lasted at least as long as this start has, so it always ends.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

TRIES = 3
_FIRST_WAIT, _LONGEST_WAIT = 30, 3600
_DOUBLINGS = 7  # 30 s doubled so often is more than the longest wait
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Instant:
    """Which start of the machine, and seconds since (standby included)."""

    boot: str
    seconds: float


Clock = Callable[[], Instant]


def uptime() -> Instant:
    return Instant(_BOOT_ID.read_text().strip(), time.clock_gettime(time.CLOCK_BOOTTIME))


@dataclass(frozen=True, slots=True)
class Lockout:
    """Wrong PINs in a row, and when the last of them was given."""

    failures: int = 0
    boot: str = ""
    since: float = 0.0

    @property
    def tries_left(self) -> int:
        return max(0, TRIES - self.failures)

    def failed(self, now: Instant) -> Lockout:
        return replace(self, failures=self.failures + 1, boot=now.boot, since=now.seconds)

    def wait(self, now: Instant) -> int:
        """Whole seconds until the next try; 0: now."""
        if self.failures < TRIES:
            return 0
        doublings = min(self.failures - TRIES, _DOUBLINGS)
        whole = min(_FIRST_WAIT << doublings, _LONGEST_WAIT)
        known = now.boot == self.boot and now.seconds >= self.since
        elapsed = now.seconds - self.since if known else now.seconds
        return max(0, math.ceil(whole - elapsed))
