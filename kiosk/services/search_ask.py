"""One query against one strip, the best places first, each set made only when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from kiosk.services import search_bits
from kiosk.services.search_kinds import Closeness, Place
from kiosk.services.search_strip import Region, Strip

_MOST_WORDS = 6
_MOST_PIECES = 12


class Reader(Protocol):
    """A language: how its words are read on its strip."""

    strip: Strip

    def find(self, words: Sequence[str], closeness: Closeness, *, at_begin: bool) -> int: ...
    def prepare(self, words: Sequence[str]) -> None: ...
    def pieces(self, words: Sequence[str]) -> list[str]: ...


def found(
    reader: Reader, words: Sequence[str], closeness: Closeness
) -> Iterator[tuple[Place, Iterable[int]]]:
    """Items, rising, for each place; an item may come again. All readers yield alike places."""
    strip = reader.strip
    name, keyword = strip.regions[Region.NAME], strip.regions[Region.KEYWORD]
    whole = reader.find(words, closeness, at_begin=True)
    yield Place.EXACT, strip.items(whole & name & strip.last)
    yield Place.PREFIX, strip.items(whole & name)
    within = reader.find(words, closeness, at_begin=False)
    yield Place.PART, strip.items(within & name)
    yield Place.KEYWORD, strip.items(whole & keyword & strip.last)
    yield Place.KEYWORD, strip.items(whole & keyword)
    yield Place.KEYWORD, strip.items(within & keyword)
    yield Place.DEPARTMENT, strip.items(within & strip.regions[Region.DEPARTMENT])
    yield Place.WORDS, _all_words(reader, words, closeness)


def pieces(reader: Reader, words: Sequence[str]) -> Iterator[Iterable[int]]:
    """Items that hold some pieces of the words: first those with the most of them."""
    strip, wanted = reader.strip, reader.pieces(words)[:_MOST_PIECES]
    named = [strip.ends & strip.regions[Region.NAME] << 1] + [0] * len(wanted)
    shared: Counter[int] = Counter()
    for piece in wanted:
        hits = reader.find((piece,), Closeness.EXACT, at_begin=False)
        ends = search_bits.line_ends(hits, strip.inside, strip.ends)
        for number in range(len(wanted), 0, -1):  # named[n]: ends of names with n pieces or more
            named[number] |= named[number - 1] & ends
        shared.update(set(chain(*strip.sharing(hits))))
    for number in range(len(wanted), 0, -1):
        yield strip.items(named[number] >> 1)
        yield sorted(item for item, count in shared.items() if count == number)


def _all_words(reader: Reader, words: Sequence[str], closeness: Closeness) -> Iterable[int]:
    if not 1 < len(words) <= _MOST_WORDS:
        return ()
    strip = reader.strip
    hits: list[int] = []
    for word in words:
        hits.append(reader.find((word,), closeness, at_begin=False))
        if not hits[-1]:
            return ()
    fewest, *others = sorted(hits, key=strip.holding)
    items = set(chain(strip.names(fewest), *strip.sharing(fewest)))
    for more in others:
        items = strip.named(more, items) | items.intersection(chain(*strip.sharing(more)))
    return sorted(items)
