"""Terminals after a restore: they send again, and what nobody has any more is written off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backupwork import elsewhere, key, key_file, take, whole
from fleet.backup import run
from fleet.backup.run import Whole
from fleet.backup.verify import verify
from fleet.backup.writeoff import Gap, gaps, write_off
from fleet.ledger import Ledger
from fleet.store.database import Store
from fleet.store.tables import alarms, records
from kiosk import wire
from kiosk.agent.outbox import Outbox
from kiosk.journal import Journal, open_sound

__all__ = ["key", "key_file", "whole"]


class Line:
    """A terminal's real journal and outbox, and the fleet's real ledger, without a broker."""

    def __init__(self, folder: Path) -> None:
        self.journal: Journal = open_sound(folder / "journal.db", "KT-0001")
        self.outbox = Outbox(self.journal)
        self._now = 0.0

    def write(self, count: int) -> None:
        for number in range(count):
            self.journal.append("boot", {"n": number})

    def meet(self, store: Store) -> None:
        """A connection: the fleet speaks first, then all that is asked for goes over."""
        self._now += 1000
        self.outbox.connected(self._now)
        self.outbox.acknowledged(self._birth(store), self._now)
        for _ in range(200):
            self._now += 0.1
            batch = self.outbox.next_batch(self._now)
            if batch:
                self.outbox.acknowledged(take(store, batch), self._now)

    def _birth(self, store: Store) -> wire.Ack:
        with store.write() as connection:
            ledger = Ledger(connection, 0.0)
            ledger.chain("KT-0001", self.journal.id)
            ((_, ack),) = ledger.close()
        return ack

    def held(self, store: Store) -> list[tuple[int, str]]:
        with store.read() as connection:
            query = select(records.c.seq, records.c.hash).order_by(records.c.seq)
            return [(row.seq, row.hash) for row in connection.execute(query)]


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path)
    yield made
    made.journal.close()


def restored(whole: Whole, line: Line, tmp_path: Path, key: Any) -> Store:
    """A fleet that went on for 30 records after its backup, brought back as it was then."""
    store = Store(whole.store_url)
    line.write(20)
    line.meet(store)
    out = tmp_path / "out.age"
    run.back_up(whole, out, [key.to_public()])
    line.write(30)
    line.meet(store)
    assert line.journal.acked_through == 50
    store.close()
    there = elsewhere(whole, tmp_path)
    run.restore(there, out, key)
    return Store(there.store_url)


def test_terminals_send_again_what_the_older_fleet_lacks(
    whole: Whole, line: Line, tmp_path: Path, key: Any
) -> None:
    store = restored(whole, line, tmp_path, key)
    assert len(line.held(store)) == 20
    line.meet(store)
    own = [(record.seq, record.hash) for record in line.journal.walk()]
    assert line.held(store) == own
    assert len(own) == 50
    with store.read() as connection:
        assert gaps(connection) == []
        assert verify(connection).faults == ()
    line.write(5)
    line.meet(store)
    assert line.journal.acked_through == 55
    store.close()


def test_what_terminals_have_let_go_of_is_missing_until_it_is_written_off(
    whole: Whole, line: Line, tmp_path: Path, key: Any
) -> None:
    store = restored(whole, line, tmp_path, key)
    line.journal.forget(35)
    line.write(5)
    line.meet(store)
    with store.write() as connection:
        (gap,) = gaps(connection)
        assert (gap.first, gap.last) == (21, 35)
        assert line.journal.acked_through == 50, "nothing after the gap can be acknowledged"
        assert write_off(connection, 1.0, Gap("KT-0001", line.journal.id, 21, 35)) == 15
        assert write_off(connection, 1.0, Gap("KT-0001", line.journal.id, 21, 35)) == 0
    line.meet(store)
    assert line.journal.acked_through == 55
    with store.read() as connection:
        assert gaps(connection) == []
        assert verify(connection).faults == ()
        (told,) = connection.execute(select(alarms)).all()
        assert (told.kind, told.seq) == ("written_off", 21)
    store.close()
