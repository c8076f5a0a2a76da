"""All terminals, read again and again: only what has changed since is decoded anew.

Of ten thousand terminals some hundreds speak between two looks. When each of them last said what
is short and read of all; the words themselves, which are long, only of those who spoke.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from fleet.live import Live
from fleet.portrait import Known
from fleet.rows import TerminalRow
from fleet.store.tables import chains, terminals

SLICE = 500  # terminals in one question: a database takes only so many names

# Every writer of a terminal's words sets the time beside them.
TIMES = [
    terminals.c[name]
    for name in (
        "terminal", "session", "boot", "online", "journal", "heard_at", "state_at", "birth_at",
        "health_at", "services_at",
    )
]  # fmt: skip
LEDGER = [chains.c[name] for name in ("terminal", "journal", "through", "missing", "broken")]

Mark = tuple[Known, dict[str, Known] | None]


class Gallery:
    """One thread at a time. Rows of those who did not speak are the very same as before."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._marks: dict[str, Mark] = {}
        self._rows: dict[str, TerminalRow] = {}

    def look(self) -> tuple[TerminalRow, ...]:
        """In order of their ids; `heard_seconds_ago` of each is as of its own `read_at`."""
        with self._live.store.read() as connection:
            marks = _marks(connection)
            fresh = [name for name, mark in marks.items() if self._has_changed(name, mark)]
            for first in range(0, len(fresh), SLICE):
                found = self._live.some(connection, fresh[first : first + SLICE])
                self._rows |= {row.id: row for row in found}
        self._marks = marks
        return tuple(self._rows[name] for name in marks if name in self._rows)

    def _has_changed(self, name: str, mark: Mark) -> bool:
        """It spoke, or has been silent for too long since it was looked at."""
        row = self._rows.get(name)
        return row is None or self._marks.get(name) != mark or self._live.is_late(row)


def _marks(connection: Connection) -> dict[str, Mark]:
    ledgers: dict[str, dict[str, Known]] = {}
    for chain in connection.execute(select(*LEDGER)):
        ledgers.setdefault(chain[0], {})[chain[1]] = chain
    query: Any = select(*TIMES).order_by(terminals.c.terminal)
    return {row[0]: (row, ledgers.get(row[0])) for row in connection.execute(query)}
