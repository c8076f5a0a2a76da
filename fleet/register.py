"""The rows of all terminals that speak in one transaction: read and written together.

The lock on a terminal's row is what lets several workers file one terminal's messages: who holds it
is alone with that terminal until the commit. Rows are locked in order, so that nobody waits in a
circle.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from fleet.store.bulk import fill
from fleet.store.tables import terminals

_NEW = ("terminal", "session", "boot", "ended", "online", "journal", "seen_at")
_READ = [terminals.c[name] for name in ("terminal", "session", "ended", "journal", "health")]


@dataclass(slots=True)
class Known:
    """What is known of a terminal, as of the last message. `changed`: columns to be written."""

    terminal: str
    session: int
    ended: int
    journal: str
    health: str | None
    changed: dict[str, Any] = field(default_factory=dict)

    def change(self, values: dict[str, Any]) -> None:
        self.changed |= values
        self.session = self.changed.get("session", self.session)
        self.ended = self.changed.get("ended", self.ended)
        self.journal = self.changed.get("journal", self.journal)
        self.health = self.changed.get("health", self.health)


class Register:
    """`names`: all terminals that will be asked for. `patience`: by so many seconds messages of one
    terminal may overtake each other."""

    def __init__(
        self, connection: Connection, now: float, names: Collection[str], patience: float = 0
    ) -> None:
        self.connection = connection
        self.patience = patience
        wanted = sorted(set(names))
        self._known = {row.terminal: Known(*row) for row in self._read(wanted)}
        if fresh := [name for name in wanted if name not in self._known]:
            fill(connection, terminals, _NEW, [(name, 0, 0, -1, False, "", now) for name in fresh])
            self._known |= {row.terminal: Known(*row) for row in self._read(fresh)}

    def __getitem__(self, terminal: str) -> Known:
        return self._known[terminal]

    def close(self) -> None:
        """Write what has changed: those with the same columns together."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for known in self._known.values():
            if known.changed:
                row = {f"new_{name}": value for name, value in known.changed.items()}
                columns = tuple(sorted(known.changed))
                alike.setdefault(columns, []).append({**row, "known_as": known.terminal})
        for columns, rows in alike.items():
            change = update(terminals).where(terminals.c.terminal == bindparam("known_as"))
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
            self.connection.execute(change.values(values), rows)

    def _read(self, names: list[str]) -> list[Row[*tuple[Any, ...]]]:
        if not names:
            return []
        query = select(*_READ).where(terminals.c.terminal.in_(names))
        found = self.connection.execute(query.order_by(terminals.c.terminal).with_for_update())
        return list(found.all())
