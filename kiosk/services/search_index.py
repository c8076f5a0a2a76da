"""Making the index: what `search` reads later, written into a bundle's SQLite file."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from kiosk.services import search_bits, search_pinyin, search_words
from kiosk.services.fields import Words
from kiosk.services.item import Item
from kiosk.services.search_departments import short_names
from kiosk.services.search_kinds import Facet
from kiosk.services.search_strip import Region, StripWriter, Text
from kiosk.services.search_syllables import initials, sound
from kiosk.services.search_tables import CHINESE, ENGLISH, READINGS, SCHEMA


def build(
    connection: sqlite3.Connection,
    items: Iterable[Item],
    weights: Mapping[str, float] | None = None,
) -> None:
    """Make the search_* tables; they must not exist. The caller commits.

    `weights`: how often an item is asked for, by task_code; missing is 0. The same items and
    weights make the same rows. Raises ValueError when two items have one task_code.
    """
    asked = weights or {}
    ordered = sorted(
        items, key=lambda item: (-asked.get(item.task_code, 0), item.task_name.zh, item.task_code)
    )
    if len({item.task_code for item in ordered}) != len(ordered):
        raise ValueError("two items have the same task_code")
    for statement in SCHEMA:
        connection.execute(statement)  # executescript would commit what the caller has begun
    codes = enumerate(item.task_code for item in ordered)
    connection.executemany("INSERT INTO search_item VALUES (?, ?)", codes)
    _shelve(connection, ordered)
    for number, texts in ((CHINESE, _chinese), (ENGLISH, _english)):
        writer = StripWriter(number)
        for item in ordered:
            writer.item(*texts(item))
        writer.write(connection)
    table = zlib.compress(json.dumps(search_pinyin.homophones(), ensure_ascii=False).encode(), 9)
    connection.execute("INSERT INTO search_table VALUES (?, ?)", (READINGS, table))


def _shelve(connection: sqlite3.Connection, ordered: Sequence[Item]) -> None:
    shelves: dict[tuple[str, str], list[int]] = {}
    for line, item in enumerate(ordered):
        for place in dict.fromkeys(_shelves(item)):
            shelves.setdefault(place, []).append(line)
    names = {item.dept_code: item.dept_name for item in reversed(ordered)}
    rows = [
        (facet, key, name.zh, name.en, search_bits.pack(lines, len(ordered)))
        for (facet, key), lines in sorted(shelves.items())
        for name in (names.get(key, Words("", "")),)
    ]
    connection.executemany("INSERT INTO search_shelf VALUES (?, ?, ?, ?, ?)", rows)


def _shelves(item: Item) -> Iterable[tuple[Facet, str]]:
    yield from ((Facet.THEME, theme) for theme in item.themes)
    yield from ((Facet.LIFE_EVENT, event) for event in item.life_events)
    yield Facet.DEPARTMENT, item.dept_code
    yield Facet.LEVEL, item.use_level


def _chinese(item: Item) -> tuple[Text, list[tuple[Region, Text]]]:
    department = item.dept_name.zh
    keywords = [(Region.KEYWORD, _read(word)) for word in item.keywords.zh.split()]
    called = (department, *short_names(department))
    return _read(item.task_name.zh), keywords + [
        (Region.DEPARTMENT, _read(name)) for name in called
    ]


@lru_cache(maxsize=4096)  # keywords and departments come again and again
def _read(text: str) -> Text:
    """For each sign its units; `search_chinese` says what they are."""
    signs = search_words.joined(text)
    readings = search_pinyin.in_context(signs)
    return tuple(_units(sign, reading) for sign, reading in zip(signs, readings, strict=True))


@cache
def _units(sign: str, reading: str) -> tuple[str, ...]:
    units = [f"c{sign}"]
    if reading:
        units += [f"s{reading}", f"x{sound(reading)}"]
        units += [f"p{begin}" for begin in initials(reading)]
    for other in search_pinyin.readings(sign):
        if other != reading:
            units += [f"x{sound(other)}", *(f"a{begin}" for begin in initials(other))]
    return tuple(dict.fromkeys(units))


def _english(item: Item) -> tuple[Text, list[tuple[Region, Text]]]:
    keywords, department = _words(item.keywords.en), _words(item.dept_name.en)
    shared = [(Region.KEYWORD, keywords), (Region.DEPARTMENT, department)]
    return _words(item.task_name.en), shared


@lru_cache(maxsize=4096)
def _words(text: str) -> Text:
    return tuple(
        tuple(dict.fromkeys((f"w{word}", f"p{word[:1]}", f"p{word[:2]}")))
        for word in search_words.words(text)
    )
