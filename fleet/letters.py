"""Dead letters as rows for those who investigate.

What is in one is shown only when it is a whole message of the contract that came at the wrong
place, and then as the contract's own fields: those hold codes, never a citizen's data. Anything
else (a message that nobody can read, a record, a topic of somebody else's) could hold anything:
its size and its hash are all that is shown. The bytes stay in the database until their time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, func, select

from fleet.incidents import Reason
from fleet.intake import TERMINAL
from fleet.records import NOT_JSON
from fleet.store.database import Store
from fleet.store.tables import dead_letters as letters
from kiosk import wire

PAGE = 50
MOST_TEXT = 4000
# Read as a message of the contract, and refused for where or from whom it came.
READABLE = frozenset({Reason.LEAF.value, Reason.TERMINAL.value, Reason.RANGE.value})


@dataclass(frozen=True, slots=True)
class LetterRow:
    """`time`: of the last one; `text` '' : not shown. `terminal`, `leaf` '' : of no topic of ours.
    `digest`: SHA-256 of topic and bytes, hex."""

    id: int
    digest: str
    reason: str
    terminal: str
    leaf: str
    time: float
    times: int
    size: int
    text: str


class Letters:
    """Blocking reads, safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(
        self, reason: str = "", terminal: str = "", before: tuple[float, int] | None = None
    ) -> list[LetterRow]:
        """The latest first; `before`: (time, id) of the last row seen."""
        query = select(letters, func.length(letters.c.payload).label("size"))
        if reason:
            query = query.where(letters.c.reason == reason)
        if terminal:
            query = query.where(letters.c.topic.contains(f"/{terminal}/", autoescape=True))
        if before is not None:
            time, last = before
            older = (letters.c.time < time) | ((letters.c.time == time) & (letters.c.id < last))
            query = query.where(older)
        query = query.order_by(letters.c.time.desc(), letters.c.id.desc()).limit(PAGE)
        with self._store.read() as connection:
            return [_letter(row) for row in connection.execute(query)]

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Reason -> how many are kept, and how often they came."""
        query = select(letters.c.reason, func.count(), func.sum(letters.c.times))
        with self._store.read() as connection:
            found = connection.execute(query.group_by(letters.c.reason)).all()
        return {reason: (int(kept), int(times)) for reason, kept, times in found}


def shown(reason: str, payload: bytes) -> str:
    """The contract's own fields, again as JSON; '' for what could hold anything."""
    if reason not in READABLE:
        return ""
    try:
        message = wire.decode_incoming(payload)
    except NOT_JSON:
        return ""
    if isinstance(message, wire.Events):
        return ""
    text = msgspec.json.format(wire.encode(message), indent=2).decode()
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + " …"


def _letter(row: Row[Any]) -> LetterRow:
    *_, terminal, leaf = ("", "", *str(row.topic).split("/"))
    known = row.reason != Reason.TOPIC and TERMINAL.fullmatch(terminal) is not None
    return LetterRow(
        row.id, row.digest, row.reason, terminal if known else "",
        leaf if known and leaf.isalpha() and len(leaf) <= 16 else "", row.time, row.times,
        row.size, shown(row.reason, row.payload),
    )  # fmt: skip
