"""The journal is bounded: what the fleet holds is forgotten, and the chain still holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk import wire
from kiosk.agent.outbox import Outbox
from kiosk.errors import JournalBrokenError
from kiosk.journal import Journal, open_sound, prune
from kiosk.journal.pruning import KEPT

TERMINAL = "KT-0001"
FILL = "x" * 400
PAGE = wire.SealedPage("d" * 64, "p" * 64, b"sealed")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("grown") / "journal.db"
    journal = Journal.open(path, TERMINAL)
    with journal._write():
        for number in range(3 * KEPT):
            journal._insert("kiosk.x.event", {"n": number, "fill": FILL}, "", "", 0)
    journal.close()
    return path


@pytest.fixture
def journal(grown: Path, tmp_path: Path) -> Journal:
    path = tmp_path / "journal.db"
    path.write_bytes(grown.read_bytes())
    return Journal.open(path, TERMINAL)


def test_nothing_goes_while_there_is_room(journal: Journal) -> None:
    journal.note_acked(journal.last_seq)
    assert prune(journal, journal.size) == 0
    assert journal.pruned_through == 0


def test_the_oldest_go_and_the_chain_goes_on_from_its_anchor(
    journal: Journal, tmp_path: Path
) -> None:
    last = journal.last_seq
    journal.note_acked(last)
    gone = prune(journal, 1)
    assert gone == last - KEPT == journal.pruned_through
    assert journal.last_seq == last
    assert journal.append("x", {}).seq == last + 1
    assert journal.verify() == KEPT + 1
    assert journal.verify(10) == 10
    journal.close()
    assert open_sound(tmp_path / "journal.db", TERMINAL).last_seq == last + 1


def test_the_room_is_used_again(journal: Journal, tmp_path: Path) -> None:
    limit = journal.size
    for _ in range(6):
        journal.note_acked(journal.last_seq)
        prune(journal, limit)
        with journal._write():
            for number in range(KEPT // 2):
                journal._insert("kiosk.x.event", {"n": number, "fill": FILL}, "", "", 0)
    journal.close()
    assert (tmp_path / "journal.db").stat().st_size < 1.5 * limit


def test_what_the_fleet_lacks_stays(journal: Journal) -> None:
    journal.note_acked(700)
    assert prune(journal, 1) == 700
    outbox = Outbox(journal)
    outbox.connected(0)
    outbox.acknowledged(wire.Ack(journal.id, 700, "now"), 0)
    assert outbox.next_batch(0)[0].seq == 701


def test_what_an_open_intent_or_a_page_needs_stays(journal: Journal) -> None:
    intent = journal.begin("print", {"job": "J"})
    with journal._write():
        for number in range(2 * KEPT):
            journal._insert("kiosk.x.event", {"n": number}, "", "", 0)
    journal.note_acked(journal.last_seq)
    prune(journal, 1)
    assert journal.pruned_through == intent.seq - 1
    [case] = journal.begin_all("case", [({"case_no": "C"}, "")], pages=[PAGE])
    journal.end(case, {})
    journal.end(intent, {})
    with journal._write():
        for number in range(2 * KEPT):
            journal._insert("kiosk.x.event", {"n": number}, "", "", 0)
    journal.note_acked(journal.last_seq)
    prune(journal, 1)
    assert journal.pruned_through == case.seq - 1
    journal.pages.taken(PAGE.digest)
    prune(journal, 1)
    assert journal.pruned_through == journal.last_seq - KEPT


@pytest.mark.parametrize(
    "forgery",
    [
        "DELETE FROM record WHERE seq = (SELECT seq + 1 FROM anchor)",
        "DELETE FROM record WHERE seq <= (SELECT seq + 5 FROM anchor)",
        "UPDATE anchor SET hash = printf('%064d', 1)",
    ],
)
def test_more_missing_than_was_pruned_breaks_the_chain(
    journal: Journal, tmp_path: Path, forgery: str
) -> None:
    journal.note_acked(1000)
    prune(journal, 1)
    db = sqlite3.connect(tmp_path / "journal.db")
    db.execute("DROP TRIGGER record_is_held")
    db.execute(forgery)
    db.commit()
    with pytest.raises(JournalBrokenError):
        journal.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM record WHERE seq = 1",
        "UPDATE anchor SET seq = 1001",
        "UPDATE anchor SET seq = 0",
    ],
)
def test_sql_itself_keeps_what_must_stay(journal: Journal, tmp_path: Path, statement: str) -> None:
    journal.note_acked(1000)
    if statement.endswith("= 0"):
        prune(journal, 1)
    db = sqlite3.connect(tmp_path / "journal.db")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
