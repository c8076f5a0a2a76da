"""When is a gap a gap? With several workers a later batch may be filed before an earlier one.

An acknowledgement then speaks only of the numbers before a gap that is too young to be one: what it
says of those is true, and the terminal does not send again what another worker has in hand. Nothing
of this is needed to be right: it is in memory alone, and a terminal that waits in vain sends again.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from fleet.ranges import Held


@dataclass(frozen=True, slots=True)
class Told:
    """`new`: how many gaps are told for the first time."""

    held: Held
    new: int = 0


@dataclass(slots=True)
class _Gap:
    last: int
    since: float
    told: bool = False


class Patience:
    """`seconds`: a younger gap is not told. `clock`: monotonic."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._gaps: dict[tuple[str, str], dict[int, _Gap]] = {}

    def told(self, terminal: str, journal: str, held: Held) -> Told:
        """What may be said of a journal of which so much is held."""
        key = (terminal, journal)
        known = self._gaps.pop(key, {})
        if not held.missing:
            return Told(held)
        now = self._clock()
        starts = list(known)
        gaps = self._gaps[key] = {
            first: _same(known, starts, first, last) or _Gap(last, now)
            for first, last in held.missing
        }
        young = (first for first, gap in gaps.items() if now - gap.since < self._seconds)
        end = next(young, None)
        missing = tuple(gap for gap in held.missing if end is None or gap[0] < end)
        new = sum(not gaps[first].told for first, _ in missing)
        for first, _ in missing:
            gaps[first].told = True
        return Told(held if end is None else Held(end - 1, missing), new)

    def due(self) -> list[tuple[str, str]]:
        """(terminal, journal) of gaps that have grown old since they were kept back."""
        now = self._clock()
        return [
            key
            for key, gaps in self._gaps.items()
            if any(not gap.told and now - gap.since >= self._seconds for gap in gaps.values())
        ]


def _same(known: dict[int, _Gap], starts: list[int], first: int, last: int) -> _Gap | None:
    """A part of an earlier gap is as old as that one. `starts`: of `known`, in order."""
    place = bisect_right(starts, first) - 1
    if place < 0 or last > known[starts[place]].last:
        return None
    gap = known[starts[place]]
    return _Gap(last, gap.since, gap.told)
