"""Pages of public information inside a bundle, beside its items."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from kiosk.catalogue.diff import Change, changes_of
from kiosk.services.information import Entries, Entry

_decoder = msgspec.json.Decoder(Entry)


def contents(entries: Entries) -> dict[str, str]:
    """Name → SHA-256 (hex) of the page."""
    return {name: hashlib.sha256(_packed(entry)).hexdigest() for name, entry in entries.items()}


def write(connection: sqlite3.Connection, entries: Entries) -> None:
    """Into the table that `items.TABLES` makes, in the order of their names."""
    rows = ((name, _packed(entry)) for name, entry in sorted(entries.items()))
    connection.executemany("INSERT INTO information VALUES (?, ?)", rows)


def read(connection: sqlite3.Connection) -> dict[str, Entry]:
    """Every page, by name; none of a bundle from before there were any. Raises one of
    `items.UNREADABLE`."""
    asked = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'information'"
    if not connection.execute(asked).fetchone()[0]:
        return {}
    rows = connection.execute("SELECT name, body FROM information ORDER BY name")
    return {name: _decoder.decode(body) for name, body in rows}


def difference(old: Entries, new: Entries) -> Iterator[str]:
    """As lines: `+` added, `-` withdrawn, `~` changed, and below it each key."""
    for sign, word, names in (
        ("+", "added", new.keys() - old.keys()),
        ("-", "withdrawn", old.keys() - new.keys()),
    ):
        for name in sorted(names):
            entry = new.get(name) or old[name]
            yield f"{sign} {entry.title.zh} (information/{name}) {word}"
    for name in sorted(old.keys() & new.keys()):
        changed = _changed(old[name], new[name])
        if changed:
            yield f"~ {new[name].title.zh} (information/{name}) changed"
            yield from (f"    {change}" for change in changed)


def _changed(old: Entry, new: Entry) -> tuple[Change, ...]:
    return changes_of(_plain(old), _plain(new))


def _plain(entry: Entry) -> Any:
    return msgspec.to_builtins(entry)


def _packed(entry: Entry) -> bytes:
    return msgspec.json.encode(entry, order="sorted")
