"""A second machine with all files of a terminal, its key among them: both live at once.

Nothing is doubled or overwritten, people are told, the admin shuts both out and invites the honest
one again, which goes on with the journal that it has.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import linkhouse
from fleet.pki import command as pki
from linkhouse import House, Terminal
from linkwork import TENANT, until

NAME = "KT-0001"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with linkhouse.house(tmp_path / "house", NAME) as made:
        yield made


def rows(house: House, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(house.place.var / "fleet.db", timeout=30)) as db:
        return db.execute(query).fetchall()


def alarms(house: House) -> set[str]:
    return {kind for (kind,) in rows(house, "SELECT kind FROM alarms")}


def held(house: House, one: Terminal) -> bool:
    """Record by record, hash by hash."""
    own = [(record.seq, record.hash) for record in one.journal.walk()]
    return rows(house, "SELECT seq, hash FROM records ORDER BY journal, seq") == own


def write(one: Terminal, count: int) -> None:
    for number in range(count):
        one.journal.append("x", {"n": number})


def stolen(one: Terminal, folder: Path) -> None:
    """A copy of its disk, made while it was off."""
    folder.mkdir()
    for name in ("journal.db", "link.pem"):
        shutil.copy(one.folder / name, folder)


def shut_out(one: Terminal) -> bool:
    """The broker takes a revocation a moment later; who came back before then stays connected."""
    one.link.renewed()
    time.sleep(1)
    return one.status.get("fault") == "own_revoked"


@pytest.mark.timeout(300)
def test_both_live_at_once(house: House, tmp_path: Path, tally: Counter[str]) -> None:
    honest = Terminal(house, NAME, tmp_path / "honest")
    until(lambda: honest.status.get("online"), "the first connection")
    write(honest, 20)
    until(lambda: held(house, honest), "its records")
    honest.close()
    stolen(honest, tmp_path / "thief")
    honest = Terminal(house, NAME, tmp_path / "honest")
    write(honest, 5)
    until(lambda: held(house, honest), "its next records")

    thief = Terminal(house, NAME, tmp_path / "thief", invited=False)
    until(lambda: thief.journal.ahead == 25, "the copy to be noticed", 90)
    until(lambda: "second_terminal" in alarms(house), "the alarm", 90)
    write(honest, 5)
    asked = pki.parse(["revoke", NAME])
    assert pki.run(asked, house.authority.folder, TENANT, house.authority.terms) == 0
    for one in (honest, thief):
        until(lambda one=one: shut_out(one), "both to be out", 90)  # type: ignore[misc]

    code = house.place.trust / f"{NAME}.enrol"
    code.write_text(house.authority.invite(NAME, 1))
    code.chmod(0o600)
    until(lambda: honest.status.get("online"), "the honest one to be back", 90)
    journal = "SELECT journal, online FROM terminals"
    until(lambda: rows(house, journal) == [(honest.journal.id, 1)], "the fleet to hear it", 90)
    write(honest, 5)
    until(lambda: held(house, honest), "all that is its own", 90)
    assert honest.journal.ahead == 0
    assert honest.journal.last_seq == 35
    assert not thief.status.get("online")
    assert alarms(house) >= {"second_terminal", "journal_old_copy"}
    assert "chain_break" not in alarms(house)
    tally.update(rounds=1)
    for one in (honest, thief):
        one.close()
