"""The items that fees are looked up in: of a catalogue, or of an item's own version.

A version of an item is never changed once it is published (`version-not-raised`), so that its
fees are the same wherever it is held.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Protocol

import msgspec
import structlog
from sqlalchemy import select

from fleet.store.database import Store, put
from fleet.store.payment_tables import payment_items as kept
from kiosk.services.item import Item
from kiosk.services.load import Catalogue, CatalogueError

AGAIN_SECONDS = 5.0  # between two looks for a version that is not here
CODE, VERSION = "task_code", "task_version"

log = structlog.get_logger("fleet.payment")


class Items(Protocol):
    """`knows`: this catalogue? `item`: of that catalogue; `version`: of that version, in whatever
    catalogue; None when it is not there."""

    def knows(self, catalogue: str) -> bool: ...

    def item(self, catalogue: str, task_code: str) -> Item | None: ...

    def version(self, task_code: str, task_version: str) -> Item | None: ...

    def newest(self, task_code: str) -> Item | None: ...


class Catalogues:
    """Every catalogue that a terminal may still work by, the newest last."""

    def __init__(self, catalogues: Iterable[Catalogue]) -> None:
        self._items = {
            one.version: {item.task_code: item for item in one.items} for one in catalogues
        }

    def knows(self, catalogue: str) -> bool:
        return catalogue in self._items

    def item(self, catalogue: str, task_code: str) -> Item | None:
        return self._items.get(catalogue, {}).get(task_code)

    def version(self, task_code: str, task_version: str) -> Item | None:
        every = (items.get(task_code) for items in self._items.values())
        return next((item for item in every if item and item.task_version == task_version), None)

    def newest(self, task_code: str) -> Item | None:
        found = [items[task_code] for items in self._items.values() if task_code in items]
        return found[-1] if found else None


class HeldItems:
    """The office's item files of now, and every version that they ever had, kept in the store.

    `read`: the files; raises `CatalogueError`. `now`: what was read of them already. They are read
    again when a terminal names a version that is not here. Catalogues are known by their items
    alone. Blocks; from any thread.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Item]],
        store: Store,
        clock: Callable[[], float] = time.monotonic,
        now: Iterable[Item] | None = None,
    ) -> None:
        self._read = read
        self._store = store
        self._clock = clock
        self._lock = Lock()
        self._now: dict[str, Item] = {}
        self._read_at = 0.0
        self._take(read if now is None else lambda: now)

    def knows(self, catalogue: str) -> bool:
        """Nobody here names a terminal's bundle."""
        return False

    def item(self, catalogue: str, task_code: str) -> Item | None:
        return None

    def version(self, task_code: str, task_version: str) -> Item | None:
        with self._lock:
            found = self._find(task_code, task_version)
            if found is None and self._clock() - self._read_at >= AGAIN_SECONDS:
                self._take(self._read)
                found = self._find(task_code, task_version)
            return found

    def newest(self, task_code: str) -> Item | None:
        with self._lock:
            return self._now.get(task_code)

    def _find(self, task_code: str, task_version: str) -> Item | None:
        item = self._now.get(task_code)
        if item is not None and item.task_version == task_version:
            return item
        query = select(kept.c.content).where(
            kept.c.task_code == task_code, kept.c.task_version == task_version
        )
        with self._store.read() as connection:
            content = connection.scalar(query)
        try:
            return None if content is None else msgspec.json.decode(content, type=Item)
        except msgspec.DecodeError:
            log.error("item_unreadable", task_code=task_code)
            return None

    def _take(self, read: Callable[[], Iterable[Item]]) -> None:
        """Files that are wrong just now change nothing."""
        self._read_at = self._clock()
        try:
            self._now = {item.task_code: item for item in read()}
        except CatalogueError as error:
            log.error("items_unreadable", error=type(error).__name__)
            return
        rows = [_row(item) for item in self._now.values()]
        with self._store.read() as connection:
            query = select(kept.c.task_code, kept.c.task_version, kept.c.digest)
            there = {tuple(row) for row in connection.execute(query)}
        fresh = [one for one in rows if (one[CODE], one[VERSION], one["digest"]) not in there]
        with self._store.write() as connection:
            for row in fresh:
                put(connection, kept, row, (CODE, VERSION), row)


def _row(item: Item) -> dict[str, str]:
    content = msgspec.json.encode(item).decode()
    digest = hashlib.sha256(content.encode()).hexdigest()
    who = {CODE: item.task_code, VERSION: item.task_version}
    return who | {"digest": digest, "content": content}


def find(items: Items, catalogue: str, task_code: str, task_version: str) -> Item | None:
    """As the terminal had it; None: neither that catalogue nor that version is here."""
    if items.knows(catalogue):
        return items.item(catalogue, task_code)
    return items.version(task_code, task_version)
