"""Reading a query as Chinese: Hanzi, full pinyin, an unfinished end, initials, and all mixed.

Units of the strip, by their first letter: `c` a Hanzi, letter or digit as written; `s` the
syllable as read there, and `p` its initials; `x` the sound of any reading of the Hanzi, and `a`
the initials of its other readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from kiosk.services.search_kinds import Closeness
from kiosk.services.search_strip import Strip
from kiosk.services.search_syllables import LONGEST, TWO_LETTER_INITIALS, Syllables, sound
from kiosk.services.search_walk import Fits, SlippedWalk, Walk
from kiosk.services.search_words import is_hanzi, is_letter

_KEPT = 160
_LEAST_LETTERS, _LEAST_HANZI = 4, 3  # with fewer, one error makes anything of anything
_SAID_FOR_ANOTHER = {"n": "l", "l": "n"}


class Chinese:
    """`readings`: for each Hanzi its syllables, also for those that no item has."""

    def __init__(self, strip: Strip, readings: Mapping[str, Sequence[str]]) -> None:
        self.strip = strip
        self._readings = readings
        sounds = set(strip.units("x"))
        spelt = {syllable for each in readings.values() for syllable in each}
        self._syllables = Syllables(each for each in spelt if sound(each) in sounds)
        self._meant = lru_cache(_KEPT)(self._mistaken)
        self._walks = {
            (closeness, at_begin): self._walk(closeness, origin)
            for closeness in Closeness
            for at_begin, origin in ((True, strip.begin), (False, strip.inside))
        }

    def find(self, words: Sequence[str], closeness: Closeness, *, at_begin: bool) -> int:
        """Where the words stand: the places of their last sign."""
        query = "".join(words)
        if closeness is Closeness.TYPO and not _may_err(query):
            return 0
        return self._walks[closeness, at_begin].found(query)

    def prepare(self, words: Sequence[str]) -> None:
        """Walk with a mistake as far as these words, in case that the next letter is one."""
        query = "".join(words)
        if _may_err(query):
            for at_begin in (True, False):
                self._walks[Closeness.TYPO, at_begin].reached(query)

    def pieces(self, words: Sequence[str]) -> list[str]:
        """Pairs of Hanzi that stand together: what is left of a whole sentence."""
        pairs = (
            word[at : at + 2]
            for word in words
            for at in range(len(word) - 1)
            if is_hanzi(word[at]) and is_hanzi(word[at + 1])
        )
        return list(dict.fromkeys(pairs))

    def _walk(self, closeness: Closeness, origin: int) -> Walk[str] | SlippedWalk:
        fits, ends = self._spelling[closeness]
        walk = Walk(origin, LONGEST, fits, ends)
        if closeness is not Closeness.TYPO:
            return walk
        return SlippedWalk(walk, LONGEST, fits, ends, self._meant)

    @cached_property
    def _spelling(self) -> dict[Closeness, tuple[Fits[str], Fits[str]]]:
        """For each closeness what a piece can mean, within the query and at its end."""
        kept = lru_cache(_KEPT)
        return {
            Closeness.EXACT: (self._exact, kept(self._exact_end)),
            Closeness.ALIKE: (kept(self._alike), kept(self._alike_end)),
            # Without initials: a mistake besides would fit nearly anything.
            Closeness.TYPO: (kept(self._whole), kept(self._whole_end)),
        }

    def _exact(self, piece: str) -> int:
        if not piece.isascii() or piece.isdigit():
            return self.strip.places(f"c{piece}")
        found = self.strip.places(f"s{piece}")
        return found | self.strip.places(f"p{piece}") if _is_initial(piece) else found

    def _exact_end(self, piece: str) -> int:
        beginning = self._syllables.beginning(piece) if not _is_initial(piece) else []
        return self._exact(piece) | self.strip.any_of(f"s{syllable}" for syllable in beginning)

    def _alike(self, piece: str) -> int:
        return self._whole(piece) | self._alike_initial(piece)

    def _alike_end(self, piece: str) -> int:
        return self._whole_end(piece) | self._alike_initial(piece)

    def _whole(self, piece: str) -> int:
        if is_letter(piece[0]):
            return self.strip.places(f"x{sound(piece)}")
        if len(piece) > 1:
            return 0
        return self.strip.places(f"c{piece}") | self._sounding(self._readings.get(piece, ()))

    def _whole_end(self, piece: str) -> int:
        if not is_letter(piece[0]):
            return self._whole(piece)
        if len(piece) == 1:
            return self._alike_initial(piece)
        return self._sounding(self._syllables.alike_beginning(piece))

    def _alike_initial(self, piece: str) -> int:
        if not _is_initial(piece):
            return 0
        other = _SAID_FOR_ANOTHER.get(piece, piece)
        return self.strip.any_of(f"{kind}{each}" for kind in "pa" for each in {piece, other})

    def _mistaken(self, piece: str) -> int:
        if len(piece) == 1:
            return self.strip.inside if is_hanzi(piece) else 0
        return self._sounding(self._syllables.mistaken(piece))

    def _sounding(self, syllables: Iterable[str]) -> int:
        return self.strip.any_of(f"x{each}" for each in sorted(set(map(sound, syllables))))


def _is_initial(piece: str) -> bool:
    return (len(piece) == 1 and is_letter(piece)) or piece in TWO_LETTER_INITIALS


def _may_err(query: str) -> bool:
    letters, hanzi = sum(map(is_letter, query)), sum(map(is_hanzi, query))
    return letters >= _LEAST_LETTERS or hanzi >= _LEAST_HANZI
