"""Where what a terminal has is not what it is to have."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from fleet.rollouts.pointers import Pieces
from fleet.rollouts.where import known
from fleet.store.rollout_tables import desired
from kiosk.wire import PieceKind


@dataclass(frozen=True, slots=True)
class Drift:
    """`since`: when it was wanted, epoch seconds. `online`: else it may only be away."""

    terminal: str
    kind: PieceKind
    has: str
    wanted: str
    since: float
    online: bool


def drift(connection: Connection) -> list[Drift]:
    """By terminal and kind; terminals of which nothing is wanted are left out."""
    query = select(desired.c.terminal, desired.c.pieces, desired.c.changed_at)
    wanted = {row.terminal: row for row in connection.execute(query)}
    found = []
    for one in known(connection):
        row = wanted.get(one.terminal)
        pieces = msgspec.json.decode(row.pieces, type=Pieces) if row is not None else {}
        for kind, piece in pieces.items():
            has = one.versions[kind]
            if row is not None and has != piece.version:
                found.append(
                    Drift(one.terminal, kind, has, piece.version, row.changed_at, one.online)
                )
    return found
