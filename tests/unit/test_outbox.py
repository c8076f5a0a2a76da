"""The outbox forgets only what the fleet holds, and sends again what it does not hear about."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import wire
from kiosk.agent.outbox import PATIENCE_SECONDS, WINDOW, WORD_SECONDS, Outbox
from kiosk.errors import JournalBrokenError, JournalError
from kiosk.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "j.db", "KT-0001")


def ack(journal: Journal, through: int, missing: list[tuple[int, int]] | None = None) -> wire.Ack:
    return wire.Ack(journal.id, through, "now", missing or [])


def connect(outbox: Outbox, journal: Journal, now: float) -> None:
    """A new connection, on which the fleet has said what it holds."""
    outbox.connected(now)
    outbox.acknowledged(ack(journal, journal.acked_through), now)


def seqs(records: list[wire.Record]) -> list[int]:
    return [record.seq for record in records]


def fill(journal: Journal, count: int, size: int = 10) -> None:
    for _ in range(count):
        journal.append("x", {"fill": "x" * size})


def test_sends_each_record_once_while_waiting(journal: Journal) -> None:
    fill(journal, 3)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    assert seqs(outbox.next_batch(0)) == [1, 2, 3]
    assert outbox.next_batch(1) == []
    fill(journal, 1)
    assert seqs(outbox.next_batch(1)) == [4]


def test_sends_again_after_patience_without_progress(journal: Journal) -> None:
    fill(journal, 3)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    outbox.next_batch(0)
    outbox.acknowledged(ack(journal, 1), 1)
    assert outbox.next_batch(PATIENCE_SECONDS) == []
    assert seqs(outbox.next_batch(1 + PATIENCE_SECONDS + 0.1)) == [2, 3]


def test_never_gives_up_over_many_silent_rounds(journal: Journal) -> None:
    fill(journal, 1)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    rounds = [outbox.next_batch(n * (PATIENCE_SECONDS + 1)) for n in range(10)]
    assert all(seqs(batch) == [1] for batch in rounds)


def test_missing_ranges_are_sent_again_first(journal: Journal) -> None:
    fill(journal, 6)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    outbox.next_batch(0)
    outbox.acknowledged(ack(journal, 1, [(2, 3), (5, 5)]), 0)
    assert seqs(outbox.next_batch(0)) == [2, 3]
    assert seqs(outbox.next_batch(0)) == [5]
    assert outbox.next_batch(0) == []


def test_an_ack_for_another_journal_is_ignored(journal: Journal) -> None:
    fill(journal, 2)
    outbox = Outbox(journal)
    outbox.acknowledged(wire.Ack("another", 2, "now"), 0)
    assert outbox.waiting == 2


def test_a_new_connection_starts_from_what_is_held(journal: Journal) -> None:
    fill(journal, 4)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    outbox.next_batch(0)
    outbox.acknowledged(ack(journal, 2), 0)
    connect(outbox, journal, 1)
    assert seqs(outbox.next_batch(1)) == [3, 4]


def test_what_was_written_before_the_connection_is_historical(journal: Journal) -> None:
    fill(journal, 2)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    fill(journal, 1)
    assert [record.historical for record in outbox.next_batch(0)] == [True, True, False]


def test_batches_fit_into_one_message(journal: Journal) -> None:
    fill(journal, 60, size=4000)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    sent: list[int] = []
    while batch := outbox.next_batch(0):
        assert len(wire.encode(wire.Events("KT-0001", batch))) <= wire.MAX_BATCH_BYTES
        sent += seqs(batch)
    assert sent == list(range(1, 61))


def test_the_window_holds_back_when_nothing_is_acknowledged(journal: Journal) -> None:
    fill(journal, WINDOW + 5)
    outbox = Outbox(journal)
    connect(outbox, journal, 0)
    count = 0
    while batch := outbox.next_batch(0):
        count += len(batch)
    assert count == WINDOW


def test_nothing_is_sent_before_the_fleet_has_said_what_it_holds(journal: Journal) -> None:
    fill(journal, 3)
    outbox = Outbox(journal)
    outbox.connected(0)
    assert outbox.next_batch(WORD_SECONDS - 1) == []
    assert not outbox.must_ask(WORD_SECONDS - 1)
    assert outbox.must_ask(WORD_SECONDS + 1)
    assert not outbox.must_ask(WORD_SECONDS + 2), "asked once more, and waited for again"
    outbox.acknowledged(ack(journal, 2), WORD_SECONDS + 3)
    assert seqs(outbox.next_batch(WORD_SECONDS + 3)) == [3]
    assert not outbox.must_ask(1000)


def holds(journal: Journal, top: int, digest: str) -> wire.Ack:
    return wire.Ack(journal.id, top, "now", [], top, digest)


def test_of_the_journal_that_the_fleet_knows_all_goes_on(journal: Journal) -> None:
    fill(journal, 5)
    outbox = Outbox(journal)
    outbox.connected(0)
    outbox.acknowledged(holds(journal, 3, journal.records(3, 3)[0].hash), 0)
    assert seqs(outbox.next_batch(0)) == [4, 5]
    assert (journal.ahead, journal.acked_through) == (0, 3)


@pytest.mark.parametrize(("top", "digest"), [(6, ""), (6, "f" * 64), (3, "f" * 64)])
def test_an_old_copy_of_a_journal_gives_out_no_number_again(
    journal: Journal, top: int, digest: str
) -> None:
    """The fleet has more than was ever written here, or something else under the same number."""
    fill(journal, 5)
    outbox = Outbox(journal)
    outbox.connected(0)
    outbox.acknowledged(holds(journal, top, digest), 0)
    assert outbox.next_batch(0) == []
    assert (journal.ahead, journal.acked_through) == (top, 0)
    with pytest.raises(JournalError, match="other records"):
        fill(journal, 1)
    journal.put_status("screen", "out_of_service")
    with pytest.raises(JournalBrokenError, match="old copy"):
        journal.verify()
