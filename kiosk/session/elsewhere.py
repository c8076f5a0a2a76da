"""Where the next terminal stands, for who can't be served at this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from kiosk.model import Text
from kiosk.view import Elsewhere


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another terminal. `way`: how to get there; `days`: 1 is Monday; `opens` = `closes`: it is
    open all day."""

    site: Text
    way: Text
    opens: time
    closes: time
    days: frozenset[int]

    def at(self, now: datetime) -> Elsewhere | None:
        """What is said of it now; None: it opens no more today."""
        if now.isoweekday() not in self.days:
            return None
        if self.opens == self.closes:
            return Elsewhere(self.site, self.way, "always")
        clock = now.time()
        if clock < self.opens:
            return Elsewhere(self.site, self.way, "opens", f"{self.opens:%H:%M}")
        if clock < self.closes:
            return Elsewhere(self.site, self.way, "until", f"{self.closes:%H:%M}")
        return None


def elsewhere(neighbours: Sequence[Neighbour], now: datetime) -> Elsewhere | None:
    """The nearest that is open; else the nearest that still opens today. They are given in the
    order of their distance."""
    told = [one for neighbour in neighbours if (one := neighbour.at(now)) is not None]
    return next((one for one in told if one.hours != "opens"), told[0] if told else None)
