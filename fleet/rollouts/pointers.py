"""What each terminal is to have: one row for each, and the signed pointer made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select, update

from fleet.store.database import put
from fleet.store.rollout_tables import desired
from kiosk.wire import Desired, Piece, PieceKind

Pieces = dict[PieceKind, Piece]


@dataclass(frozen=True, slots=True)
class Wish:
    """`window`: when it may switch; '' at any time."""

    terminal: str
    kind: PieceKind
    piece: Piece
    window: str = ""


def pieces_of(connection: Connection, terminal: str) -> Pieces:
    """What it is to have by now; {} when nobody has said."""
    text = connection.scalar(select(desired.c.pieces).where(desired.c.terminal == terminal))
    return msgspec.json.decode(text or "{}", type=Pieces)


def wish(connection: Connection, wanted: Wish, now: float) -> None:
    """From now on it is to have this piece. Numbers grow even if the database was put back."""
    terminal = wanted.terminal
    row = connection.execute(select(desired).where(desired.c.terminal == terminal)).first()
    pieces = pieces_of(connection, terminal) | {wanted.kind: wanted.piece}
    number = max((row.number if row else 0) + 1, int(now))
    values = {
        "number": number, "pieces": msgspec.json.encode(pieces).decode(), "window": wanted.window,
        "changed_at": now,
    }  # fmt: skip
    put(connection, desired, {"terminal": terminal, "said": 0, **values}, ("terminal",), values)


def unsaid(connection: Connection, limit: int = 500) -> Iterator[Desired]:
    """Pointers that the broker has not yet; unsigned."""
    query = select(desired).where(desired.c.said < desired.c.number).limit(limit)
    for row in connection.execute(query):
        pieces: Mapping[PieceKind, Piece] = msgspec.json.decode(row.pieces, type=Pieces)
        yield Desired(
            row.terminal,
            row.number,
            int(row.changed_at),
            software=pieces.get(PieceKind.SOFTWARE),
            settings=pieces.get(PieceKind.SETTINGS),
            catalogue=pieces.get(PieceKind.CATALOGUE),
            window=row.window,
        )


def said(connection: Connection, terminal: str, number: int) -> None:
    table = desired.c
    connection.execute(update(desired).where(table.terminal == terminal).values(said=number))


def say_all_again(connection: Connection) -> None:
    """A broker that lost its data has no retained pointers: at each start all are said again."""
    connection.execute(update(desired).values(said=0))
