"""All terminals, read again and again: only what has changed since is decoded anew.

Of ten thousand terminals some hundreds speak between two looks. When each of them last said what
is short, and the database says it of all in one line; the words themselves, which are long, are
read only of those who spoke. A row for each would cost more than it tells: for each row Python's
other threads may go first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    String,
    case,
    cast,
    func,
    select,
)

from fleet.live import Live
from fleet.rows import TerminalRow
from fleet.store.tables import chains, terminals

SLICE = 500  # terminals in one question: a database takes only so many names
MICRO = 1_000_000

Marks = dict[str, str]  # terminal -> what differs as soon as it has spoken


class Gallery:
    """One thread at a time. Rows of those who did not speak are the very same as before."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._marks: Marks = {}
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
        return tuple(self._rows[name] for name in sorted(marks) if name in self._rows)

    def _has_changed(self, name: str, mark: str) -> bool:
        """It spoke, or has been silent for too long since it was looked at."""
        row = self._rows.get(name)
        return row is None or self._marks.get(name) != mark or self._live.is_late(row)


def _marks(connection: Connection) -> Marks:
    """Every writer of a terminal's words sets the time beside them. The same holds for no ledger:
    one can lose its beginning, or a gap, without a record."""
    told = terminals.c
    times = (told.heard_at, told.state_at, told.birth_at, told.health_at, told.services_at)
    found = _lines(connection, told.terminal, [_micro(one) for one in times])
    held = chains.c
    ledger = [_text(held.through), held.missing, case((held.broken, "broken"), else_="")]
    for name, mark in _lines(connection, held.terminal, ledger).items():
        if name in found:
            found[name] += mark
    return found


def _lines(connection: Connection, name: Column[str], parts: list[ColumnElement[str]]) -> Marks:
    """By name; what several rows of one name say stands together."""
    line: ColumnElement[Any] = name + " "
    for part in parts:
        line = line + part + ";"
    found: Marks = {}
    for told in (connection.scalar(select(func.aggregate_strings(line, "\n"))) or "").splitlines():
        terminal, _, mark = told.partition(" ")
        found[terminal] = found.get(terminal, "") + mark
    return found


def _micro(time: Column[Any]) -> ColumnElement[str]:
    return _text(cast(func.coalesce(time, 0) * MICRO, BigInteger))


def _text(number: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(number, String)
