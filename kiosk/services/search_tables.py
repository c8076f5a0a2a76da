"""The index's tables in a bundle's SQLite file, and the numbers and names of what they hold."""

from __future__ import annotations

CHINESE, ENGLISH = 1, 2  # the strips
READINGS = "readings"  # a table of every common Hanzi's syllables: {syllable: Hanzi}, packed JSON

# `search_item`: the items in browse order. `search_unit`: see `search_strip`; `search_shelf`: which
# lines of search_item stand on it; both as `search_bits.pack` writes them. `search_table`: numbers
# of four bytes, the lowest first, for each strip.
SCHEMA = (
    "CREATE TABLE search_item (line INTEGER PRIMARY KEY, task_code TEXT NOT NULL UNIQUE)",
    """CREATE TABLE search_unit (
         id INTEGER PRIMARY KEY, strip INTEGER NOT NULL, unit TEXT NOT NULL, places BLOB NOT NULL,
         UNIQUE (strip, unit))""",
    "CREATE TABLE search_table (name TEXT PRIMARY KEY, content BLOB NOT NULL)",
    """CREATE TABLE search_shelf (
         facet TEXT NOT NULL, key TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,
         lines BLOB NOT NULL, PRIMARY KEY (facet, key))""",
)
