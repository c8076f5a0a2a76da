"""The gap ledger of one journal: which sequence numbers are held, without listing them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Everything from 1 to `top` is held but the inclusive ranges `missing`, in order."""

    top: int = 0
    missing: Ranges = ()

    @property
    def through(self) -> int:
        """Nothing is missing up to here."""
        return self.missing[0][0] - 1 if self.missing else self.top

    def __contains__(self, seq: int) -> bool:
        return 1 <= seq <= self.top and self._gap(seq) < 0

    def plus(self, seq: int) -> Held:
        """The same with `seq`, which must be at least 1."""
        if seq > self.top:
            skipped = ((self.top + 1, seq - 1),) if seq > self.top + 1 else ()
            return Held(seq, self.missing + skipped)
        place = self._gap(seq)
        if place < 0:
            return self
        first, last = self.missing[place]
        parts = tuple(p for p in ((first, seq - 1), (seq + 1, last)) if p[0] <= p[1])
        return Held(self.top, self.missing[:place] + parts + self.missing[place + 1 :])

    def beyond(self, first: int, last: int) -> Held:
        """The same with all of these, which must lie beyond `top`."""
        skipped = ((self.top + 1, first - 1),) if first > self.top + 1 else ()
        return Held(last, self.missing + skipped)

    def _gap(self, seq: int) -> int:
        """The place in `missing` of the range that holds `seq`, or -1."""
        place = bisect_right(self.missing, seq, key=lambda gap: gap[0]) - 1
        return place if place >= 0 and seq <= self.missing[place][1] else -1


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as inclusive ranges: [1, 2, 5] -> [(1, 2), (5, 5)]."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number <= found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
