"""Reading a query as English: whole words in a row, the last one unfinished or not.

Units of the strip: `w` a word, `p` the first one and the first two letters of a word.
"""

from __future__ import annotations

import string
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from kiosk.services.search_kinds import Closeness
from kiosk.services.search_strip import Strip
from kiosk.services.search_walk import Walk

_KEPT = 128
_LEAST_LETTERS = 4  # of a word that may hold a mistake, and of one that counts alone

_Words = tuple[str, ...]


class English:
    def __init__(self, strip: Strip) -> None:
        self.strip = strip
        self._words = sorted(strip.units("w"))
        self._known = frozenset(self._words)
        beginning, meant = lru_cache(_KEPT)(self._beginning), lru_cache(_KEPT)(self._meant)
        self._walks = {
            (closeness, at_begin): Walk[_Words](origin, 1, fits, ends)
            for closeness, fits, ends in (
                (Closeness.EXACT, self._exact, beginning),
                (Closeness.TYPO, meant, lambda piece: beginning(piece) | meant(piece)),
            )
            for at_begin, origin in ((True, strip.begin), (False, strip.inside))
        }

    def find(self, words: Sequence[str], closeness: Closeness, *, at_begin: bool) -> int:
        """Where the words stand: the places of the last one. Every word may hold a mistake."""
        walk = self._walks.get((closeness, at_begin))
        return walk.found(tuple(words)) if walk and "".join(words).isascii() else 0

    def prepare(self, words: Sequence[str]) -> None:
        """Nothing: a walk over words is short."""

    def pieces(self, words: Sequence[str]) -> list[str]:
        return [word for word in words if len(word) >= _LEAST_LETTERS and word in self._known]

    def _exact(self, piece: _Words) -> int:
        return self.strip.places(f"w{piece[0]}")

    def _beginning(self, piece: _Words) -> int:
        letters = piece[0]
        if len(letters) <= 2:
            return self.strip.places(f"p{letters}")
        first = bisect_left(self._words, letters)
        words = takewhile(lambda word: word.startswith(letters), self._words[first:])
        return self.strip.any_of(f"w{word}" for word in words)

    def _meant(self, piece: _Words) -> int:
        near = _one_error_away(piece[0]) & self._known if len(piece[0]) >= _LEAST_LETTERS else ()
        return self._exact(piece) | self.strip.any_of(f"w{word}" for word in sorted(near))


def _one_error_away(word: str) -> set[str]:
    """Every spelling with one letter wrong, missing, too many, or swapped with its neighbour."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {left + right[1:] for left, right in parts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    for letter in string.ascii_lowercase:
        found |= {left + letter + right for left, right in parts}
        found |= {left + letter + right[1:] for left, right in parts if right}
    return found - {word}
