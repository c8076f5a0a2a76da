"""The items inside a bundle: written in one order, read one at a time."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

import msgspec

from kiosk.catalogue import information
from kiosk.catalogue.bundle import Bundle
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from kiosk.services.search import Finder

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE item (
  position INTEGER PRIMARY KEY,
  task_code TEXT NOT NULL UNIQUE,
  task_version TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  needs TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE dictionary (body BLOB NOT NULL) STRICT;
CREATE TABLE information (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""
_DICTIONARY = 1 << 15  # bytes; zlib looks no further back
_KEPT = 512  # decoded items, each of some tens of kB
# What decides whether an item can be had now: devices, network, who is there.
NEEDS = ("assurance", "certificate", "offline", "documents", "expired_card", "authority", "kind")

UNREADABLE = (sqlite3.Error, msgspec.MsgspecError, zlib.error)  # by this program

_decoder = msgspec.json.Decoder(Item)


def canonical(item: Item) -> bytes:
    """The one way in which an item is written: keys in the order of its type, JSON, UTF-8."""
    return msgspec.json.encode(item, order="sorted")


def content_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def dictionary(bodies: Iterable[bytes]) -> bytes:
    """What items have in common, taken from the first of them: keys, and phrases of offices."""
    found = b""
    for body in bodies:
        found += body
        if len(found) >= _DICTIONARY:
            break
    return found[-_DICTIONARY:]


def packed(body: bytes, common: bytes) -> bytes:
    """A fifth of the size. The same zlib gives the same bytes."""
    packer = zlib.compressobj(zdict=common)
    return packer.compress(body) + packer.flush()


def unpacked(body: bytes, common: bytes) -> bytes:
    return zlib.decompressobj(zdict=common).decompress(body)


def needs(item: Item) -> str:
    parts = [getattr(item, name) for name in NEEDS]
    return msgspec.json.encode(parts, order="sorted").decode()


class Items(Sequence[Item]):
    """In menu order. Each is read when it is asked for; the last few hundred are kept.

    Threads may share it. The same item is the same object while it is kept.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._common = _common(connection)
        self._turn = threading.Lock()
        self._kept: OrderedDict[str, Item] = OrderedDict()
        self._codes: tuple[str, ...] = tuple(
            code for (code,) in connection.execute("SELECT task_code FROM item ORDER BY position")
        )

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        item = self.find(self._codes[index])
        assert item is not None
        return item

    def __iter__(self) -> Iterator[Item]:
        for code in self._codes:
            item = self.find(code)
            assert item is not None
            yield item

    def find(self, task_code: str) -> Item | None:
        with self._turn:
            item = self._kept.get(task_code) or self._read(task_code)
            if item is not None:
                self._kept[task_code] = item
                self._kept.move_to_end(task_code)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return item

    def _read(self, task_code: str) -> Item | None:
        asked = "SELECT body FROM item WHERE task_code = ?"
        try:
            row = self._connection.execute(asked, (task_code,)).fetchone()
        except UnicodeEncodeError:  # half a character, as a hostile program may send
            return None
        return _decoder.decode(unpacked(row[0], self._common)) if row else None

    def representatives(self) -> tuple[Item, ...]:
        """One item of each combination of `NEEDS`."""
        # SQLite takes the bare column from the row that has the least position.
        asked = "SELECT task_code, min(position) FROM item GROUP BY needs ORDER BY 2"
        codes = [code for code, _ in self._connection.execute(asked)]
        return tuple(item for item in map(self.find, codes) if item is not None)


def _common(connection: sqlite3.Connection) -> bytes:
    return b"".join(body for (body,) in connection.execute("SELECT body FROM dictionary"))


def connect(path: Path) -> sqlite3.Connection:
    """Read only, and nobody writes: SQLite takes no lock and looks for no journal."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def catalogue(bundle: Bundle) -> Catalogue:
    """Of a bundle that was checked. Raises `sqlite3.Error`, if it is not what it was."""
    connection = connect(bundle.path)
    items = Items(connection)
    return Catalogue(
        items=items,
        version=bundle.statement.version,
        lookup=items.find,
        representatives=items.representatives(),
        index=connect(bundle.path),
        information=information.read(connection),
    )


def check_items(bundle: Bundle) -> None:
    """Can this program read every item and page? Raises one of `UNREADABLE`."""
    connection = connect(bundle.path)
    try:
        common = _common(connection)
        for (body,) in connection.execute("SELECT body FROM item"):
            _decoder.decode(unpacked(body, common))
        Finder(connection)
        information.read(connection)
    finally:
        connection.close()
