"""All terminals as the console reads them: as fresh as a whole reading, decoded where needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

import postgreswork
from consolework import ALL, GOOD, JAMMED
from fleet.gallery import Gallery
from fleet.intake import LEAVES
from fleet.live import Live, TerminalRow
from fleet.patience import Patience
from fleet.settle import Arrival, Desk
from fleet.store.database import Store
from fleet.store.tables import chains, terminals
from kiosk import wire

NOW, STALE = 1_790_000_000.0, 90.0
MANY = 1203  # more than two slices


class House:
    """Terminals that speak at moments of our choice."""

    def __init__(self, url: str) -> None:
        self.now = NOW
        self.store = Store(url)
        self.live = Live(self.store, STALE, lambda: self.now)
        self.gallery = Gallery(self.live)
        self._desk = Desk(self.store, "sample", lambda: self.now, 0, Patience(0))

    def hear(self, *said: wire.Incoming) -> None:
        self.now += 1
        names = {kind: leaf for leaf, kind in LEAVES.items()}
        self._desk.settle(
            [
                Arrival(wire.topic("sample", one.terminal, names[type(one)]), wire.encode(one))
                for one in said
            ],
            hopeless=False,
        )

    def whole(self) -> list[TerminalRow]:
        """Both readings; what only says when something was read, left out."""
        seen = [_timeless(row) for row in self.gallery.look()]
        assert seen == [_timeless(row) for row in self.live.terminals()]
        return seen


def _timeless(row: TerminalRow) -> TerminalRow:
    return replace(row, heard_seconds_ago=None, read_at=0.0)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{tmp_path}/fleet.db"
    if request.param == "postgresql":
        url = postgreswork.emptied(request.getfixturevalue("postgres"))
    made = House(url)
    yield made
    made.store.close()


def birth(name: str, session: int = 1) -> wire.Birth:
    return wire.Birth(
        name, session, 1, f"j-{name}", 0, "", "示例县", devices=GOOD, services=ALL
    )  # fmt: skip


def health(name: str, devices: list[wire.DeviceHealth]) -> wire.Health:
    return wire.Health(name, 1, "", devices, "idle")


def test_every_word_of_a_terminal_is_seen(house: House) -> None:
    assert house.whole() == []
    house.hear(birth("KT-0002"), birth("KT-0001"))
    assert [row.id for row in house.whole()] == ["KT-0001", "KT-0002"]
    for said in (
        health("KT-0001", GOOD), health("KT-0001", [JAMMED]),
        wire.Services("KT-0002", 1, "", {"A": "why_not.no_reader"}),
        wire.State("KT-0002", False, 1, 1, ""), birth("KT-0002", 2), birth("KT-0003"),
    ):  # fmt: skip
        before = house.whole()
        house.hear(said)
        assert house.whole() != before, said
    house.whole()
    with house.store.write() as connection:
        connection.execute(terminals.delete().where(terminals.c.terminal == "KT-0001"))
    assert [row.id for row in house.whole()] == ["KT-0002", "KT-0003"]


def test_what_the_ledger_says_is_seen(house: House) -> None:
    house.hear(birth("KT-0001"), birth("KT-0002"))
    with house.store.write() as connection:
        row = {"terminal": "KT-0001", "journal": "j-KT-0001", "top": 9, "updated_at": NOW}
        connection.execute(chains.insert().values(row))
    house.whole()
    for change in ({"through": 3}, {"missing": "[[4,5]]"}, {"broken": True}):
        before = house.whole()
        with house.store.write() as connection:
            connection.execute(update(chains).values(change))
        assert house.whole() != before, change


def test_silence_is_seen_though_nobody_speaks(house: House) -> None:
    house.hear(birth("KT-0001"))
    house.now += STALE - 1
    house.hear(birth("KT-0002"))
    assert [row.stale for row in house.whole()] == [False, False]
    house.now += 1
    assert [row.stale for row in house.whole()] == [True, False]
    house.now += STALE
    assert [row.stale for row in house.whole()] == [True, True]


def test_who_has_not_spoken_is_the_same_row_and_grows_older(house: House) -> None:
    house.hear(*(birth(f"KT-{number:05}") for number in range(MANY)))
    first = house.gallery.look()
    assert len(first) == MANY
    house.now += 5
    spoke = {first[0].id, first[700].id, first[-1].id}
    house.hear(*(health(name, [JAMMED]) for name in spoke))
    second = house.gallery.look()
    changed = {new.id for old, new in zip(first, second, strict=True) if new is not old}
    assert changed == spoke
    assert all(row.needs for row in second if row.id in spoke)
    assert (second[1].heard_seconds_ago, second[1].read_at) == (0.0, NOW + 1)
