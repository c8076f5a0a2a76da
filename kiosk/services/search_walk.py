"""Walking a query over a strip: from which places can it be read, sign for sign?

A walk keeps, for each beginning of the query, the set of places that reading it leads to. The
sets are remembered: at a terminal the next question is nearly always this one and a letter more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

Query = TypeVar("Query", str, tuple[str, ...])
Fits = Callable[[Query], int]  # a piece of the query -> the places where it stands, as one unit

_KEPT = 96  # beginnings remembered


class Walk(Generic[Query]):
    """Without a mistake.

    `fits` is for pieces of up to `longest` signs, `ends` for the last piece, unfinished or not;
    both are asked often. `origin`: places where the first unit may stand.
    """

    def __init__(self, origin: int, longest: int, fits: Fits[Query], ends: Fits[Query]) -> None:
        self._origin, self._longest = origin, longest
        self._fits: Fits[Query] = fits
        self._ends: Fits[Query] = ends
        self.reached = lru_cache(_KEPT)(self._reached)

    def found(self, query: Query) -> int:
        """Places of the last unit."""
        return self._hits(query, self._ends)

    def _reached(self, begun: Query) -> int:
        """Places after what has been read so far, where the next unit may stand."""
        return self._hits(begun, self._fits) << 1 if begun else self._origin

    def _hits(self, query: Query, fits: Fits[Query]) -> int:
        hits = 0
        for used in range(1, min(self._longest, len(query)) + 1):
            places = fits(query[-used:])
            if places:
                hits |= self.reached(query[:-used]) & places
        return hits


class SlippedWalk:
    """With one mistake exactly. `clean` leads to it; `mistaken`: what a misspelt piece can mean."""

    def __init__(
        self, clean: Walk[str], longest: int, fits: Fits[str], ends: Fits[str], mistaken: Fits[str]
    ) -> None:
        self._clean, self._longest = clean, longest
        self._fits, self._ends, self._mistaken = fits, ends, mistaken
        self.reached = lru_cache(_KEPT)(self._reached)

    def found(self, query: str) -> int:
        return self._hits(query, self._ends)

    def _reached(self, begun: str) -> int:
        return self._hits(begun, self._fits) << 1 if begun else 0

    def _hits(self, query: str, fits: Fits[str]) -> int:
        hits = self._swapped(query, fits)
        for used in range(1, min(self._longest + 1, len(query)) + 1):
            piece, before = query[-used:], query[:-used]
            clean = self._clean.reached(before)
            if clean:
                hits |= clean & self._mistaken(piece)
            places = fits(piece)
            if places:
                hits |= self.reached(before) & places
        return hits

    def _swapped(self, query: str, fits: Fits[str]) -> int:
        """ybiao for yibao: the last letter of one syllable and the first of the next."""
        hits = 0
        for used in range(3, min(2 * self._longest, len(query)) + 1):
            clean, both = self._clean.reached(query[:-used]), query[-used:]
            if not clean:
                continue
            for border in range(max(1, used - 1 - self._longest), min(self._longest, used - 1)):
                second = fits(both[border] + both[border + 2 :])
                if second:
                    first = self._fits(both[:border] + both[border + 1])
                    hits |= ((clean & first) << 1) & second
        return hits
