"""Where what a terminal has is not what it is to have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from fleet.rollouts.gate import SLICE
from fleet.rollouts.pointers import Pieces
from fleet.rollouts.where import known
from fleet.store.rollout_tables import desired, rollout_terminals, rollouts
from kiosk.wire import PieceKind


@dataclass(frozen=True, slots=True)
class Drift:
    """`since`: when it was wanted, epoch seconds. `online`: else it may only be away.

    `rollout`: the newest of this kind that has this terminal, 0 when there is none; `step`: how far
    it is there (`At`), '' when nobody knows; `why`: what it said when it failed.
    """

    terminal: str
    kind: PieceKind
    has: str
    wanted: str
    since: float
    online: bool
    rollout: int = 0
    step: str = ""
    why: str = ""


def drift(connection: Connection) -> list[Drift]:
    """By terminal and kind; terminals of which nothing is wanted are left out."""
    query = select(desired.c.terminal, desired.c.pieces, desired.c.changed_at)
    wanted = {row.terminal: row for row in connection.execute(query)}
    found = [
        Drift(one.terminal, kind, one.versions[kind], piece.version, row.changed_at, one.online)
        for one in (known(connection) if wanted else ())
        if (row := wanted.get(one.terminal)) is not None
        for kind, piece in msgspec.json.decode(row.pieces, type=Pieces).items()
        if one.versions[kind] != piece.version
    ]
    newest = _newest(connection, sorted({one.terminal for one in found}))
    return [_explained(one, newest.get((one.terminal, one.kind.value))) for one in found]


def _explained(one: Drift, row: Row[Any] | None) -> Drift:
    if row is None:
        return one
    return replace(one, rollout=row.rollout, step=row.state, why=row.why)


def _newest(connection: Connection, names: list[str]) -> dict[tuple[str, str], Row[Any]]:
    """Where each of these stands in the newest rollout of each kind that has it."""
    table, found = rollout_terminals.c, dict[tuple[str, str], Row[Any]]()
    query = select(table.terminal, table.rollout, table.state, table.why, rollouts.c.kind)
    query = query.join(rollouts, rollouts.c.id == table.rollout).order_by(table.rollout)
    for first in range(0, len(names), SLICE):
        some = query.where(table.terminal.in_(names[first : first + SLICE]))
        found |= {(row.terminal, row.kind): row for row in connection.execute(some)}
    return found
