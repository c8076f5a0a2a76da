"""Finding an item: by words in Chinese, pinyin and English, and by browsing shelves.

`build` makes the index inside a bundle; `Finder` reads it, on the thread of its connection.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import islice, zip_longest
from types import MappingProxyType

from kiosk.model.characters import simplified
from kiosk.services import search_ask, search_bits, search_words
from kiosk.services.item import Item
from kiosk.services.search_browse import Shelves
from kiosk.services.search_chinese import Chinese
from kiosk.services.search_english import English
from kiosk.services.search_kinds import Closeness, Facet, Hit, Place, Shelf
from kiosk.services.search_strip import Strip
from kiosk.services.search_tables import CHINESE, ENGLISH, READINGS

__all__ = ["Closeness", "Facet", "Finder", "Hit", "Place", "Shelf", "build"]

_MOST = 200  # hits of one query
_LONG, _SHORT = 12, 6  # signs of a query
_ALL: Mapping[Facet, str] = MappingProxyType({})

_Found = tuple[int, Place, Closeness]


def build(
    connection: sqlite3.Connection,
    items: Iterable[Item],
    weights: Mapping[str, float] | None = None,
) -> None:
    """Make the search_* tables in a bundle's file; they must not exist. The caller commits.

    `weights`: how often an item is asked for, by task_code; missing is 0. Items found alike come
    by weight, then name, then code. The same items and weights make the same rows. Raises
    ValueError when two items have one task_code.
    """
    # pypinyin takes a while to load, and a terminal that only reads does not need it.
    from kiosk.services import search_index

    search_index.build(connection, items, weights)


class Finder:
    """Raises sqlite3.OperationalError when the file has no index; after that, for no words."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._size: int = connection.execute("SELECT count(*) FROM search_item").fetchone()[0]
        self._shelves = Shelves(connection, self._size)
        self._readers: tuple[search_ask.Reader, ...] = (
            Chinese(Strip(connection, CHINESE), _readings(connection)),
            English(Strip(connection, ENGLISH)),
        )

    def find(self, words: str, limit: int = 20) -> list[Hit]:
        """The best first. Blank words: every item, in browse order."""
        most = max(0, min(limit, _MOST))
        if search_words.is_blank(words):
            return [Hit(code, Place.BROWSE, Closeness.EXACT) for code in self.browse(limit=most)]
        seen: dict[int, _Found] = {}
        asked = search_words.typed(simplified(words[: search_words.MOST_TYPED]))
        for found in self._found(asked):
            if len(seen) >= most:
                break
            seen.setdefault(found[0], found)
        for reader in self._readers:
            reader.prepare(asked)
        codes = self._codes(list(seen))
        return [Hit(codes[line], place, closeness) for line, place, closeness in seen.values()]

    def counts(self, facet: Facet, chosen: Mapping[Facet, str] = _ALL) -> list[Shelf]:
        """The shelves of `facet` that are not empty, counting what is on all `chosen` ones."""
        return self._shelves.counts(facet, chosen)

    def browse(
        self, chosen: Mapping[Facet, str] = _ALL, limit: int = 20, offset: int = 0
    ) -> list[str]:
        """Task codes of what is on all `chosen` shelves, in browse order."""
        first = max(0, offset)
        lines = search_bits.members(self._shelves.lines(chosen))
        wanted = list(islice(lines, first, first + max(0, limit)))
        codes = self._codes(wanted)
        return [codes[line] for line in wanted]

    def _found(self, words: Sequence[str]) -> Iterator[_Found]:
        if not words:
            return
        seen: set[int] = set()
        for closeness in Closeness:
            if len(seen) >= _enough(words, closeness):
                return
            asked = [search_ask.found(reader, words, closeness) for reader in self._readers]
            for row in zip(*asked, strict=True):
                for item in merge(*(items for _, items in row)):
                    seen.add(item)
                    yield item, row[0][0], closeness
        if not seen:
            parts = [search_ask.pieces(reader, words) for reader in self._readers]
            for several in zip_longest(*parts, fillvalue=()):
                for item in merge(*several):
                    yield item, Place.PIECES, Closeness.EXACT

    def _codes(self, lines: Sequence[int]) -> dict[int, str]:
        asked = json.dumps(lines)
        query = """SELECT line, task_code FROM search_item
                   WHERE line IN (SELECT value FROM json_each(?))"""
        return dict(self._connection.execute(query, (asked,)).fetchall())


def _enough(words: Sequence[str], closeness: Closeness) -> int:
    """With so many found that fit better, nobody needs those of this closeness."""
    length = sum(map(len, words))
    if length >= _LONG:
        return 1
    return 3 if length >= _SHORT or closeness is Closeness.TYPO else _MOST


def _readings(connection: sqlite3.Connection) -> dict[str, list[str]]:
    query = "SELECT content FROM search_table WHERE name = ?"
    packed = connection.execute(query, (READINGS,)).fetchone()[0]
    readings: dict[str, list[str]] = {}
    for syllable, signs in json.loads(zlib.decompress(packed)).items():
        for sign in signs:
            readings.setdefault(sign, []).append(syllable)
    return readings
