"""Which terminals somebody means, and what is known of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from fleet.rollouts.shapes import Shown, Where
from fleet.store.tables import terminals


class _Birth(msgspec.Struct):
    site: str = ""


class _Health(msgspec.Struct):
    screen: str = ""


class _State(msgspec.Struct):
    software: str = ""
    catalogue: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a terminal said last. `heard_at`: 0 when it never spoke by itself. `screen`: '' while it
    is away."""

    terminal: str
    site: str
    online: bool
    heard_at: float
    versions: dict[str, str]  # by kind of piece
    screen: str = ""

    @property
    def visited(self) -> bool:
        """Somebody is there: what is asked of it waits until they have gone."""
        return self.screen == Shown.SERVING

    def stands(self, state: Shown) -> bool:
        ways = {Shown.HERE: self.online, Shown.AWAY: not self.online}
        return ways.get(state, self.screen == state)


def known(connection: Connection) -> list[Known]:
    """Every terminal, by its id."""
    table = terminals.c
    told = table.birth, table.state, table.health
    query = select(table.terminal, table.online, table.heard_at, *told)
    return [_known(row) for row in connection.execute(query.order_by(table.terminal))]


def chosen(every: list[Known], where: Where) -> Iterator[Known]:
    """Those of `every` that fit."""
    ids = frozenset(where.ids)
    for one in every:
        fits = (
            (not ids or one.terminal in ids)
            and where.site in one.site
            and (not where.software or one.versions["software"] == where.software)
            and (where.state is None or one.stands(where.state))
            and _drawn(one.terminal) < where.share
        )
        if fits:
            yield one


def _drawn(terminal: str) -> float:
    """From 0 to 1, always the same for the same terminal."""
    return int(hashlib.sha256(terminal.encode()).hexdigest()[:8], 16) / 2**32


def _known(row: Any) -> Known:
    birth, state = _read(row.birth, _Birth), _read(row.state, _State)
    versions = {"software": state.software, "catalogue": state.catalogue, "settings": state.given}
    screen = _read(row.health, _Health).screen if row.online else ""
    return Known(row.terminal, birth.site, row.online, row.heard_at or 0.0, versions, screen)


def _read(text: str | None, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text or "{}", type=kind)
    except msgspec.DecodeError:
        return kind()
