"""A strip: texts of the items one after another, and which sign stands where.

First come the names, in the order in which items are shown, so that the first places found are
the first answers; then every keyword and every department, each text once however many items
have it. A place holds one Hanzi (or one English word); after each text one place stays empty.
"""

from __future__ import annotations

import sqlite3
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from heapq import merge

from kiosk.services import search_bits

_KEPT = 320  # sets held ready; the index of a county of 21,735 items has some 2,000
_END = "#end"

Text = tuple[tuple[str, ...], ...]  # for each place the units that are found there


class Region(StrEnum):
    """What a text is."""

    NAME = "name"
    KEYWORD = "keyword"
    DEPARTMENT = "department"


class StripWriter:
    """`number` tells the strips of a file apart."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._starts = [0]
        self._items = 0
        self._shared: dict[Region, dict[Text, list[int]]] = {
            Region.KEYWORD: {},
            Region.DEPARTMENT: {},
        }

    def item(self, name: Text, shared: Iterable[tuple[Region, Text]]) -> None:
        """The next item in browse order, and its keywords and departments."""
        self._append(name)
        for region, text in dict.fromkeys(shared):
            if text:
                self._shared[region].setdefault(text, []).append(self._items)
        self._items += 1

    def write(self, connection: sqlite3.Connection) -> None:
        holders: list[int] = []
        counts = [0]
        for texts in self._shared.values():
            for text, items in texts.items():
                self._append(text)
                holders += items
                counts.append(len(holders))
        units = [
            (self._number, unit, search_bits.pack(places, self._starts[-1]))
            for unit, places in sorted(self._places.items())
        ]
        connection.executemany(
            "INSERT INTO search_unit (strip, unit, places) VALUES (?,?,?)", units
        )
        sizes = (self._items, *map(len, self._shared.values()))
        tables = {"sizes": sizes, "starts": self._starts, "counts": counts, "holders": holders}
        for name, numbers in tables.items():
            row = (f"{self._number}:{name}", struct.pack(f"<{len(numbers)}I", *numbers))
            connection.execute("INSERT INTO search_table VALUES (?, ?)", row)

    def _append(self, text: Text) -> None:
        for place, units in enumerate(text, start=self._starts[-1]):
            for unit in units:
                self._places[unit].append(place)
        end = self._starts[-1] + len(text)
        self._places[_END].append(end)
        self._starts.append(end + 1)


class Strip:
    """Reads a strip from the file: its outline at once, the sets of places as they are asked."""

    def __init__(self, connection: sqlite3.Connection, number: int) -> None:
        self._connection = connection
        rows = connection.execute("SELECT unit, id FROM search_unit WHERE strip = ?", (number,))
        self._rows: dict[str, int] = dict(rows.fetchall())
        self._starts = self._numbers(f"{number}:starts")
        self._counts = self._numbers(f"{number}:counts")
        self._holders = self._numbers(f"{number}:holders")
        self.places = lru_cache(_KEPT)(self._places)
        names, keywords, departments = self._numbers(f"{number}:sizes")
        self._names = names
        self.ends = self._places(_END)
        self.inside = (1 << self._starts[-1]) - 1 ^ self.ends
        self.begin = (self.ends << 1 | 1) & self.inside
        self.last = (self.ends >> 1) & self.inside
        self.regions = {
            Region.NAME: self._between(0, names),
            Region.KEYWORD: self._between(names, names + keywords),
            Region.DEPARTMENT: self._between(names + keywords, names + keywords + departments),
        }
        self._shared = self.regions[Region.KEYWORD] | self.regions[Region.DEPARTMENT]

    def units(self, kind: str) -> list[str]:
        """What of one kind occurs; a unit's first letter is its kind."""
        return [unit[1:] for unit in self._rows if unit[0] == kind]

    def any_of(self, units: Iterable[str]) -> int:
        found = 0
        for unit in units:
            found |= self.places(unit)
        return found

    def items(self, hits: int) -> Iterator[int]:
        """Numbers of the items with a hit, rising."""
        return merge(self.names(hits), *self.sharing(hits))

    def names(self, hits: int) -> Iterator[int]:
        """Those with a hit in their names."""
        return search_bits.lines(hits & self.regions[Region.NAME], self._starts)

    def holding(self, hits: int) -> int:
        """About how many items have a hit."""
        shared = sum(map(len, self.sharing(hits)))
        return shared + (hits & self.regions[Region.NAME]).bit_count()

    def sharing(self, hits: int) -> list[Sequence[int]]:
        """For each keyword and department with a hit the items that have it."""
        shared = hits & self._shared
        if not shared:
            return []
        texts = (text - self._names for text in search_bits.lines(shared, self._starts))
        return [self._holders[self._counts[text] : self._counts[text + 1]] for text in texts]

    def named(self, hits: int, items: Iterable[int]) -> set[int]:
        """Those of `items` with a hit in their names."""
        flags = search_bits.line_ends(hits & self.regions[Region.NAME], self.inside, self.ends)
        data = flags.to_bytes((self._starts[-1] + 7) // 8, "little")
        ends = ((item, self._starts[item + 1] - 1) for item in items)
        return {item for item, end in ends if data[end >> 3] >> (end & 7) & 1}

    def _places(self, unit: str) -> int:
        """The places of a unit as a set; none for one that does not occur."""
        if unit not in self._rows:
            return 0
        query = "SELECT places FROM search_unit WHERE id = ?"
        packed: bytes = self._connection.execute(query, (self._rows[unit],)).fetchone()[0]
        return search_bits.unpack(packed)

    def _between(self, first: int, after: int) -> int:
        low, high = self._starts[first], self._starts[after]
        return ((1 << high) - (1 << low)) & self.inside

    def _numbers(self, name: str) -> array[int]:
        query = "SELECT content FROM search_table WHERE name = ?"
        content: bytes = self._connection.execute(query, (name,)).fetchone()[0]
        return array("I", struct.unpack(f"<{len(content) // 4}I", content))
