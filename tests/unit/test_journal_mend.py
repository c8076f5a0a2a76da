"""A spoilt journal is set aside whole; the next takes along what is sound, and invents nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kiosk import wire
from kiosk.agent.outbox import PATIENCE_SECONDS
from kiosk.agent.stragglers import Stragglers
from kiosk.errors import JournalBrokenError, JournalError
from kiosk.journal import Journal, mend, open_sound, renew
from kiosk.journal.migrations import VERSION

TERMINAL = "KT-0001"
PAGE = wire.SealedPage("d" * 64, "p" * 64, b"sealed" * 2000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def filled(path: Path, count: int = 400, acked: int = 100) -> list[wire.Record]:
    """A journal with a page, closed; its records."""
    journal = Journal.open(path, TERMINAL)
    [case] = journal.begin_all("case", [({"case_no": "C1"}, "c2VhbGVk")], pages=[PAGE])
    for number in range(count - 2):
        journal.append("x", {"n": number, "fill": "x" * 200})
    journal.end(case, {"case_no": "C1", "standing": "held"})
    journal.note_acked(acked)
    records = list(journal.walk())
    journal.close()
    return records


def spoil(path: Path, first: int, size: int = 4096) -> None:
    with path.open("r+b") as file:
        file.seek(first)
        file.write(b"\xa5" * size)


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("journal-*Z.db"))


def begun_with(journal: Journal) -> dict[str, object]:
    [first] = journal.records(1, 1)
    assert first.type == "kiosk.journal.replaced.event"
    told: dict[str, object] = msgspec.json.decode(first.data)
    return told


def test_a_sound_journal_stays_as_it_is(path: Path) -> None:
    records = filled(path)
    journal = open_sound(path, TERMINAL)
    assert list(journal.walk()) == records
    assert not aside(path)
    assert not journal.moved


def test_of_a_damaged_file_every_sound_record_that_the_fleet_lacks_is_taken_along(
    path: Path,
) -> None:
    records = filled(path)
    whole = path.read_bytes()
    spoil(path, 20 * 4096, 3 * 4096)
    damaged = path.read_bytes()
    journal = open_sound(path, TERMINAL)
    told = begun_with(journal)
    rescued = journal.rescued.records(1000)
    assert journal.id != records[0].journal
    assert told["journal"] == records[0].journal
    assert told["why"] == "spoilt"
    assert told["rescued"] == len(rescued)
    known = {record.seq: record for record in records if record.seq > 100}
    assert all(one == known[one.seq] for one in rescued)
    lost = len(known) - len(rescued)
    assert 0 < lost < 150, "three pages hold no more"
    [old] = aside(path)
    assert old.read_bytes() == damaged != whole, "evidence is not touched"
    assert journal.verify() == 1


def test_pages_that_wait_go_on_waiting(path: Path) -> None:
    filled(path)
    renew(path, TERMINAL)
    journal = open_sound(path, TERMINAL)
    assert journal.pages.digests() == [PAGE.digest]
    assert journal.pages.read(PAGE.digest) == PAGE
    assert begun_with(journal)["why"] == "asked"


def test_of_a_file_that_is_no_journal_nothing_is_taken_and_service_goes_on(path: Path) -> None:
    path.write_bytes(b"this is no database" * 500)
    journal = open_sound(path, TERMINAL)
    assert begun_with(journal)["journal"] == ""
    assert journal.append("x", {}).seq == 2
    assert len(aside(path)) == 1


def test_a_chain_that_does_not_hold_is_a_matter_for_people(path: Path) -> None:
    filled(path)
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER record_is_final")
    db.execute("UPDATE record SET data = x'7b7d' WHERE seq = 200")
    db.commit()
    db.close()
    with pytest.raises(JournalBrokenError):
        open_sound(path, TERMINAL)
    assert not aside(path)
    assert open_sound(path, TERMINAL, chained=False).last_seq == 400
    renew(path, TERMINAL)
    journal = open_sound(path, TERMINAL)
    assert begun_with(journal)["rescued"] == 299, "the forged one is not sound"


def test_another_terminals_journal_is_not_set_aside(path: Path) -> None:
    filled(path)
    with pytest.raises(JournalError, match="belongs to"):
        open_sound(path, "KT-0002")
    assert not aside(path)


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_set_aside(tmp_path: Path) -> None:
    blocked = tmp_path / "file" / "journal.db"
    blocked.parent.write_text("no folder")
    with pytest.raises(JournalError):
        open_sound(blocked, TERMINAL)


def test_whoever_has_the_old_file_open_notices(path: Path) -> None:
    filled(path)
    old = Journal.open(path, TERMINAL)
    renew(path, TERMINAL)
    assert old.moved
    assert not open_sound(path, TERMINAL).moved


@pytest.mark.parametrize("step", range(1, 9))
def test_cut_off_at_any_step_the_next_start_carries_it_to_its_end(
    path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each renaming and unlinking is a step; the cut comes before it."""
    records = filled(path)
    spoil(path, 20 * 4096)
    done = 0

    def counted(real: object) -> object:
        def act(self: Path, *rest: object, **named: object) -> object:
            nonlocal done
            done += 1
            if done == step:
                raise KeyboardInterrupt
            return real(self, *rest, **named)  # type: ignore[operator]

        return act

    with monkeypatch.context() as patched:
        for name in ("rename", "unlink"):
            patched.setattr(Path, name, counted(getattr(Path, name)))
        try:
            open_sound(path, TERMINAL)
        except KeyboardInterrupt:
            pass
        else:
            pytest.skip("there are fewer steps")
    journal = open_sound(path, TERMINAL)
    assert begun_with(journal)["journal"] == records[0].journal
    assert journal.rescued.waiting > 100
    assert len(aside(path)) == 1
    again = open_sound(path, TERMINAL)
    assert again.id == journal.id, "only once"


def test_two_processes_at_once_set_aside_once(path: Path) -> None:
    filled(path)
    spoil(path, 20 * 4096)
    code = (
        "import sys; from pathlib import Path; from kiosk.journal import open_sound;"
        f"print(open_sound(Path(sys.argv[1]), '{TERMINAL}').id)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    first, second = (process.communicate(timeout=60)[0] for process in both)
    assert first == second != b""
    assert len(aside(path)) == 1


def test_what_was_rescued_leaves_when_the_fleet_holds_it(path: Path) -> None:
    records = filled(path)
    spoil(path, 20 * 4096, 3 * 4096)
    journal = open_sound(path, TERMINAL)
    stragglers, old = Stragglers(journal.rescued), records[0].journal
    held = set(range(1, 101))
    for turn in range(100):
        batch = stragglers.next_batch(turn * (PATIENCE_SECONDS + 1))
        if not batch:
            break
        assert all(one.journal == old and one.historical for one in batch)
        assert sum(len(wire.encode(one)) for one in batch) <= wire.MAX_BATCH_BYTES
        held |= {one.seq for one in batch}
        stragglers.acknowledged(acknowledgement(old, held))
    assert journal.rescued.waiting == 0
    assert max(held) == 400


def acknowledgement(journal: str, held: set[int]) -> wire.Ack:
    """As the fleet makes it: a hole that stays does not keep what lies behind it."""
    top = max(held)
    gaps = [(n, n) for n in range(1, top) if n not in held]
    through = gaps[0][0] - 1 if gaps else top
    return wire.Ack(journal, through, "now", gaps, top)


def test_without_an_answer_the_same_goes_out_again_after_a_while(path: Path) -> None:
    filled(path, 120)
    renew(path, TERMINAL)
    stragglers = Stragglers(open_sound(path, TERMINAL).rescued)
    first = stragglers.next_batch(0)
    assert first
    assert stragglers.next_batch(PATIENCE_SECONDS / 2) == []
    assert stragglers.next_batch(PATIENCE_SECONDS + 0.1) == first


# ---- Versions ------------------------------------------------------------------------------------


def test_a_journal_of_the_first_version_is_brought_up_to_date_with_its_records(path: Path) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    schema = Path(mend.__file__).parent / "schema"
    db.executescript((schema / "0001.sql").read_text())
    db.execute("INSERT INTO journal (only, id, terminal) VALUES (1, 'abc', ?)", (TERMINAL,))
    db.close()
    journal = open_sound(path, TERMINAL)
    assert journal.id == "abc"
    assert journal.append("x", {}).seq == 1
    assert journal.verify() == 1
    assert [int(file.stem) for file in sorted(schema.iterdir())] == list(range(1, VERSION + 1))


def test_a_journal_of_newer_software_is_left_alone(path: Path) -> None:
    Journal.open(path, TERMINAL).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.commit()
    db.close()
    with pytest.raises(JournalError, match=f"version {VERSION + 1}"):
        open_sound(path, TERMINAL)
    assert not aside(path)


def test_an_upgrade_that_is_cut_off_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    schema = Path(mend.__file__).parent / "schema"
    db.executescript((schema / "0001.sql").read_text())
    db.close()
    real = mend.Journal.open.__globals__["migrate"].__globals__["_statements"]
    broken = [*real((schema / "0002.sql").read_text())[:2], "no sql at all"]
    with monkeypatch.context() as patched:
        patched.setattr("kiosk.journal.migrations._statements", lambda _script: broken)
        with pytest.raises(JournalError):
            Journal.open(path, TERMINAL)
    journal = Journal.open(path, TERMINAL)
    assert journal.append("x", {}).seq == 1
