"""What was done, by whom, from where: a chain of rows under a key that the database does not have.

A row that is changed, removed, or put in between breaks the chain; removing the newest ones is seen
because the last position is also kept in a file outside the database (`head`). No citizen's data:
acts, names of accounts, ids of terminals and cases.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text

from fleet.certificates import files
from fleet.people.roles import Way, Who
from fleet.store.database import Store, put
from fleet.store.people_tables import audit, audit_anchors

LOCK = 7_301_545  # of PostgreSQL's advisory locks: one row at a time
ANCHOR = "audit"
SLICE = 1000
HASHED = (
    "position", "at", "who", "role", "way", "address", "act", "target", "outcome", "detail", "prev",
)  # fmt: skip
_WIDTHS = {
    name: audit.c[name].type.length  # type: ignore[attr-defined]
    for name in ("who", "role", "way", "address", "act", "target", "outcome")
}


class Tamper(StrEnum):
    ALTERED = "altered"  # a row says something else than it did
    MISSING = "missing"  # rows in between
    CUT_OFF = "cut_off"  # the newest rows
    ANCHOR = "anchor"  # where it begins was changed


@dataclass(frozen=True, slots=True)
class Finding:
    position: int
    tamper: Tamper


@dataclass(frozen=True, slots=True)
class Verdict:
    """`finding` None: the chain holds over all `rows`."""

    rows: int
    finding: Finding | None = None


class Audit:
    """`head`: a file with position and hash of the last row."""

    def __init__(
        self, store: Store, key: bytes, head: Path, clock: Callable[[], float] = time.time
    ) -> None:
        self.store = store
        self._key = key
        self._head = head
        self._clock = clock
        self._turn = threading.Lock()

    def note(
        self, who: Who, act: str, target: str = "", outcome: str = "done", **detail: object
    ) -> None:
        """In a transaction of its own."""
        with self.store.write() as connection:
            self.append(connection, who, act, target, outcome, **detail)
        self.mark()

    def append(
        self,
        connection: Connection,
        who: Who,
        act: str,
        target: str = "",
        outcome: str = "done",
        **detail: object,
    ) -> None:
        """With the change that it tells of: both are committed, or neither. Then `mark`."""
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        position, prev = _last(connection)
        row: dict[str, Any] = {
            "who": who.name, "role": who.role, "way": who.way.value, "address": who.address,
            "act": act, "target": target, "outcome": outcome,
        }  # fmt: skip
        row = {name: _plain(str(value))[: _WIDTHS[name]] for name, value in row.items()}
        row |= {"position": position + 1, "at": round(self._clock(), 3), "prev": prev}
        row["detail"] = json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else ""
        connection.execute(insert(audit).values(**row, hash=self._hash(row)))

    def mark(self) -> None:
        """Write down the last row's place; a later row in the file is never replaced."""
        with self._turn:
            with self.store.read() as connection:
                position, last = _last(connection)
            if position >= self._marked()[0]:
                files.write(self._head, f"{position} {last}".encode())

    def _marked(self) -> tuple[int, str]:
        try:
            position, _, last = files.read_secret(self._head).decode("ascii").partition(" ")
            return int(position), last
        except (FileNotFoundError, ValueError):
            return 0, ""

    def _hash(self, row: Mapping[str, Any]) -> str:
        told = json.dumps([row[name] for name in HASHED], ensure_ascii=False)
        return hmac.new(self._key, told.encode(), hashlib.sha256).hexdigest()

    def check(self) -> Verdict:
        """Every row from the anchor to the head; the first that is not as it was is the finding."""
        marked, rows = self._marked(), 0
        with self.store.read() as connection:
            anchor = self._anchor(connection)
            if anchor is None:
                return Verdict(0, Finding(0, Tamper.ANCHOR))
            position, prev = anchor
            found = marked == anchor or marked[0] <= position
            for row in _rows(connection, position):
                if row.position != position + 1:
                    return Verdict(rows, Finding(position + 1, Tamper.MISSING))
                if row.prev != prev or not hmac.compare_digest(row.hash, self._hash(row._asdict())):
                    return Verdict(rows, Finding(row.position, Tamper.ALTERED))
                position, prev, rows = row.position, row.hash, rows + 1
                found = found or marked == (position, prev)
        if not found:
            return Verdict(rows, Finding(position + 1, Tamper.CUT_OFF))
        return Verdict(rows)

    def prune(self, connection: Connection, before: float) -> int:
        """Remove what is older, on purpose: the chain then begins at the anchor. Rows removed."""
        query = select(audit.c.position, audit.c.hash).where(audit.c.at < before)
        last = connection.execute(query.order_by(audit.c.position.desc()).limit(1)).first()
        if last is None or self._anchor(connection) is None:
            return 0
        mac = self._mac(last.position, last.hash)
        values = {"position": last.position, "hash": last.hash, "mac": mac}
        put(connection, audit_anchors, {"name": ANCHOR, **values}, ("name",), values)
        return connection.execute(delete(audit).where(audit.c.position <= last.position)).rowcount

    def _anchor(self, connection: Connection) -> tuple[int, str] | None:
        """Position and hash before the first row; None when it is not ours."""
        row = connection.execute(select(audit_anchors)).first()
        if row is None:
            return 0, ""
        true = hmac.compare_digest(row.mac, self._mac(row.position, row.hash))
        return (row.position, row.hash) if true else None

    def _mac(self, position: int, last: str) -> str:
        told = f"anchor {position} {last}"
        return hmac.new(self._key, told.encode(), hashlib.sha256).hexdigest()


def command_line(user: str) -> Who:
    """Somebody at the fleet's own machine."""
    return Who(user, "", frozenset(), Way.COMMAND)


def _plain(text: str) -> str:
    """PostgreSQL takes no NUL, and nobody reads control characters."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _last(connection: Connection) -> tuple[int, str]:
    query = select(audit.c.position, audit.c.hash).order_by(audit.c.position.desc()).limit(1)
    row = (
        connection.execute(query).first()
        or connection.execute(select(audit_anchors.c.position, audit_anchors.c.hash)).first()
    )
    return (row.position, row.hash) if row is not None else (0, "")


def _rows(connection: Connection, after: int) -> Iterator[Row[Any]]:
    """In slices: the record of years is not read at once."""
    while True:
        query = select(audit).where(audit.c.position > after)
        rows = connection.execute(query.order_by(audit.c.position).limit(SLICE)).all()
        yield from rows
        if len(rows) < SLICE:
            return
        after = rows[-1].position
