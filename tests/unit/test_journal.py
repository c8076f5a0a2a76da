"""The journal keeps what it was told, in order, and notices when it was tampered with."""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from kiosk import wire
from kiosk.errors import JournalBrokenError, JournalError, JournalFullError
from kiosk.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = Journal.open(tmp_path / "j.db", "KT-0001")
    opened.start_boot()
    return opened


def test_records_are_numbered_and_chained(journal: Journal) -> None:
    records = [journal.append("x", {"n": n}) for n in range(5)]
    assert [r.seq for r in records] == [1, 2, 3, 4, 5]
    assert records[0].prev == wire.GENESIS
    assert all(b.prev == a.hash for a, b in pairwise(records))
    assert journal.verify() == 5


def test_records_read_back_exactly_as_returned(journal: Journal) -> None:
    written = journal.begin("case", {"名": "值"}, "s1", sealed="c2VhbGVk")
    [read] = journal.records(1)
    assert bytes(read.data) == bytes(written.data)
    assert msgspec.structs.replace(read, data=written.data) == written


def test_an_intent_without_outcome_is_unfinished(journal: Journal) -> None:
    first = journal.begin("print", {"job": "a"})
    second = journal.begin("print", {"job": "b"})
    journal.end(first, {"rung": "presented"})
    assert [r.seq for r in journal.unfinished()] == [second.seq]


def test_an_intent_has_only_one_outcome(journal: Journal) -> None:
    intent = journal.begin("print", {})
    journal.end(intent, {})
    with pytest.raises(JournalError):
        journal.end(intent, {})
    assert journal.verify() == 2


def test_a_second_process_continues_the_same_chain(journal: Journal, tmp_path: Path) -> None:
    journal.append("x", {})
    other = Journal.open(tmp_path / "j.db", "KT-0001")
    other.append("y", {})
    assert [r.type for r in journal.records(1)] == ["kiosk.x.event", "kiosk.y.event"]
    assert journal.verify() == 2


def test_what_the_fleet_holds_never_goes_back_nor_beyond_the_end(journal: Journal) -> None:
    for _ in range(3):
        journal.append("x", {})
    journal.note_acked(2)
    journal.note_acked(1)
    assert journal.acked_through == 2
    journal.note_acked(99)
    assert journal.acked_through == 3


@pytest.mark.parametrize("column", ["data", "time", "type", "sealed", "session", "boot", "prev"])
def test_a_changed_record_breaks_the_chain(journal: Journal, tmp_path: Path, column: str) -> None:
    for n in range(3):
        journal.append("x", {"n": n})
    forged = "x'39'" if column == "data" else "'9'"
    db = sqlite3.connect(tmp_path / "j.db")
    db.execute("DROP TRIGGER record_is_final")
    db.execute(f"UPDATE record SET {column} = {forged} WHERE seq = 2")
    db.commit()
    with pytest.raises(JournalBrokenError, match="record 2"):
        journal.verify()


def test_a_removed_record_breaks_the_chain(journal: Journal, tmp_path: Path) -> None:
    for n in range(3):
        journal.append("x", {"n": n})
    db = sqlite3.connect(tmp_path / "j.db")
    db.execute("DROP TRIGGER record_is_held")
    db.execute("DELETE FROM record WHERE seq = 2")
    db.commit()
    with pytest.raises(JournalBrokenError, match="record 3"):
        journal.verify()


def test_sql_can_neither_change_nor_drop_what_the_fleet_lacks(
    journal: Journal, tmp_path: Path
) -> None:
    journal.append("x", {})
    db = sqlite3.connect(tmp_path / "j.db")
    for statement in ("UPDATE record SET data = ''", "DELETE FROM record"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)


def test_another_terminals_journal_is_refused(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="belongs to terminal KT-0001"):
        Journal.open(tmp_path / "j.db", "KT-0002")


def test_an_unreadable_file_is_a_journal_error(tmp_path: Path) -> None:
    (tmp_path / "j.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(JournalError):
        Journal.open(tmp_path / "j.db", "KT-0001")


def test_a_full_disk_loses_nothing_and_says_so(journal: Journal) -> None:
    journal.append("x", {})
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for _ in range(1000):
            journal.append("x", {"fill": "x" * 500})

    with pytest.raises(JournalFullError):
        fill()
    journal._db.execute("PRAGMA max_page_count = 1000000")
    last = journal.append("y", {})
    assert journal.verify() == last.seq


def test_boots_and_link_sessions_only_grow(journal: Journal, tmp_path: Path) -> None:
    first, boot = journal.next_link_session(), journal.boot
    again = Journal.open(tmp_path / "j.db", "KT-0001")
    assert again.start_boot() == boot + 1
    assert journal.append("x", {}).boot == boot + 1
    assert again.next_link_session() == first + 1


def test_statuses_are_replaced_in_place(journal: Journal) -> None:
    journal.put_status("screen", "idle")
    journal.put_status("screen", "serving")
    [(value, when)] = journal.statuses().values()
    assert value == "serving"
    assert when > 0
