"""The list of terminals as somebody wants it: what is searched, kept, shown and in which order.

A view is an address, so that it can be sent to a colleague; by a name, it is somebody's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete, func, select

from fleet.console.feed import Picture
from fleet.console.todo import urgency
from fleet.rows import TerminalRow
from fleet.store.console_tables import saved_views
from fleet.store.database import Store, put

LONGEST_NAME, LONGEST_SEARCH, MOST_VIEWS = 40, 100, 30
COLUMNS = ("truths", "devices", "supplies", "versions", "outbox", "activity")
USUAL = tuple(name for name in COLUMNS if name != "versions")


def _need(_: Picture) -> Callable[[TerminalRow], Any]:
    """Those that need somebody come first."""
    return lambda row: (urgency(row), row.id)


def _activity(picture: Picture) -> Callable[[TerminalRow], Any]:
    last = picture.tally.last_at
    return lambda row: (-last.get(row.id, 0.0), row.id)


def _heard(picture: Picture) -> Callable[[TerminalRow], Any]:
    """The longest silent first, and those that were never heard before them."""

    def key(row: TerminalRow) -> tuple[float, str]:
        heard = picture.heard(row, picture.read_at)
        return -(float("inf") if heard is None else heard), row.id

    return key


SORTS: dict[str, Callable[[Picture], Callable[[TerminalRow], Any]]] = {
    "need": _need,
    "id": lambda _: lambda row: row.id,
    "site": lambda _: lambda row: (row.site, row.id),
    "heard": _heard,
    "outbox": lambda _: lambda row: (-row.outbox, row.id),
    "activity": _activity,
}
FIRST = "need"


@dataclass(frozen=True, slots=True)
class View:
    """`show`: the name of a filter, '' for none."""

    search: str = ""
    show: str = ""
    sort: str = FIRST
    columns: tuple[str, ...] = USUAL

    @classmethod
    def read(cls, said: Mapping[str, str], filters: Mapping[str, object]) -> View:
        """From an address; what is unknown there is left out."""
        named = said.get("columns")
        wanted = set((named or "").split(","))
        columns = tuple(name for name in COLUMNS if name in wanted) if named else USUAL
        sort, show = said.get("sort", ""), said.get("show", "")
        return cls(
            said.get("q", "")[:LONGEST_SEARCH],
            show if show in filters else "",
            sort if sort in SORTS else FIRST,
            columns or USUAL,
        )

    @property
    def query(self) -> str:
        """Of its address; '' for the usual view."""
        said = {
            "q": self.search, "show": self.show, "sort": self.sort,
            "columns": ",".join(self.columns),
        }  # fmt: skip
        usual = {"sort": FIRST, "columns": ",".join(USUAL)}
        return urlencode(
            {name: one for name, one in said.items() if one and one != usual.get(name)}
        )

    @property
    def path(self) -> str:
        return f"/?{self.query}" if self.query else "/"

    def toggled(self, column: str) -> View:
        kept = set(self.columns) ^ {column}
        return replace(self, columns=tuple(name for name in COLUMNS if name in kept) or USUAL)


class Views:
    """Somebody's own views. Blocking; raises SQLAlchemy's errors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person: str) -> list[tuple[str, str]]:
        """(name, query), in order of their names."""
        columns = (saved_views.c.name, saved_views.c.query)
        query = select(*columns).where(saved_views.c.person == person)
        with self._store.read() as connection:
            found = connection.execute(query.order_by(saved_views.c.name)).all()
        return [(row.name, row.query) for row in found]

    def save(self, person: str, name: str, query: str, now: float) -> bool:
        """Instead of one with the same name. False: there are too many, or it has no name."""
        name = name.strip()[:LONGEST_NAME]
        mine = saved_views.c.person == person
        many = select(func.count()).where(mine, saved_views.c.name != name)
        with self._store.write() as connection:
            if not name or (connection.scalar(many) or 0) >= MOST_VIEWS:
                return False
            values = {"query": query, "changed_at": now}
            key = {"person": person, "name": name}
            put(connection, saved_views, {**key, **values}, ("person", "name"), values)
        return True

    def remove(self, person: str, name: str) -> None:
        gone = delete(saved_views).filter_by(person=person, name=name)
        with self._store.write() as connection:
            connection.execute(gone)
