"""Shelves: which items stand under a theme, life event, department or level, and how many."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kiosk.services import search_bits
from kiosk.services.fields import Words
from kiosk.services.item import LifeEvent, Theme, UseLevel
from kiosk.services.search_kinds import Facet, Shelf

# The closed sets keep their own order; departments come in the order of their most wanted item.
_ORDER = {
    key: place for kind in (Theme, LifeEvent, UseLevel) for place, key in enumerate(map(str, kind))
}


@dataclass(frozen=True, slots=True)
class _Stock:
    facet: str
    key: str
    name: Words
    lines: int  # a set, as in `search_bits`


class Shelves:
    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._connection = connection
        self._size = size

    def counts(self, facet: Facet, chosen: Mapping[Facet, str]) -> list[Shelf]:
        """Shelves of `facet` that hold something that is on every `chosen` shelf too."""
        wanted = self.lines(chosen)
        held = [
            (stock, stock.lines & wanted) for stock in self._stocks.values() if stock.facet == facet
        ]
        return [
            Shelf(stock.key, stock.name, lines.bit_count())
            for stock, lines in sorted(held, key=lambda pair: _place(pair[0]))
            if lines
        ]

    def lines(self, chosen: Mapping[Facet, str]) -> int:
        """The set of lines on all chosen shelves; every line when none is chosen."""
        found = (1 << self._size) - 1
        for facet, key in chosen.items():
            stock = self._stocks.get((facet, key))
            found &= stock.lines if stock else 0
        return found

    @cached_property
    def _stocks(self) -> dict[tuple[str, str], _Stock]:
        rows = self._connection.execute("SELECT facet, key, zh, en, lines FROM search_shelf")
        return {
            (facet, key): _Stock(facet, key, Words(zh, en), search_bits.unpack(lines))
            for facet, key, zh, en, lines in rows
        }


def _place(stock: _Stock) -> tuple[int, int, str]:
    first = (stock.lines & -stock.lines).bit_length()
    return (0 if stock.facet == Facet.DEPARTMENT else _ORDER[stock.key]), first, stock.key
