"""What a journal called safe is there after a kill, a power cut, and on a disk that fails."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from baddisk import BadDisk, killed_after, seed_shadow

from kiosk.journal import Journal, open_sound

WRITER = Path(__file__).with_name("journal_writer.py")
Safe = dict[tuple[str, int], str]  # (journal, seq) -> hash


def safe(said: list[list[str]]) -> Safe:
    return {(one[1], int(one[2])): one[3] for one in said if one[0] == "safe" and len(one) == 4}


def check(path: Path, known: Safe, tally: Counter[str]) -> Journal:
    """Everything that was safe is there or pruned; nothing is there twice; the chain holds."""
    journal = open_sound(path, "KT-0001")
    held = {(one.journal, one.seq): one.hash for one in journal.walk()}
    gone = journal.pruned_through
    lost = [
        key
        for key, digest in known.items()
        if key[0] != journal.id or (key[1] > gone and held.get(key) != digest)
    ]
    tally["lost"] += len(lost)
    assert lost == []
    assert journal.verify() == journal.last_seq - gone
    assert not list(path.parent.glob("journal-*Z.db")), "a sound journal was set aside"
    return journal


@pytest.mark.timeout(3600)
def test_after_a_power_cut_everything_that_was_safe_is_there(
    library: Path, tmp_path: Path, rounds: int, tally: Counter[str]
) -> None:
    """A disk keeps what was synced, and any pages of what was not."""
    dice = Random(20261122)
    folder = tmp_path / "var"
    folder.mkdir()
    path, known, lost = folder / "journal.db", Safe(), 0
    for turn in range(10 * rounds):
        if turn >= rounds and lost:  # on a busy machine a writer may not come to write before
            break
        disk = BadDisk(library, folder, tmp_path / f"shadow-{turn}", turn)
        seed_shadow(disk)
        known |= safe(killed_after(WRITER, path, disk, dice.uniform(0.05, 0.6)))
        lost += disk.power_cut(dice)
        check(path, known, tally).close()
        tally["rounds"] += 1
        tally["kills"] += 1
    assert len(known) > 20 * rounds
    assert lost, "nothing was ever on its way: the power cut cuts nothing"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fail", ["eio", "full"])
def test_on_a_disk_that_fails_what_was_called_safe_is_safe(
    library: Path, tmp_path: Path, rounds: int, tally: Counter[str], fail: str
) -> None:
    dice = Random(7)
    folder = tmp_path / "var"
    folder.mkdir()
    path, known, failed = folder / "journal.db", Safe(), Counter[str]()
    well = BadDisk(library, folder, tmp_path / "shadow", 0)
    for turn in range(rounds):
        chance, after = dice.choice((5, 30, 200)), dice.choice((0, 50, 300))
        bad = replace(well, seed=turn, fail=fail, chance=chance, after=after)
        said = killed_after(WRITER, path, bad, dice.uniform(0.2, 0.6))
        known |= safe(said)
        failed.update(one[1] for one in said if one[0] == "failed" and one[1:])  # not cut off
        check(path, known, tally).close()
        tally["rounds"] += 1
        tally["kills"] += 1
    assert failed, "the disk never failed"
    if fail == "full":
        assert failed["JournalFullError"] > 0
    assert known


def test_the_power_cut_would_be_noticed(library: Path, tmp_path: Path, tally: Counter[str]) -> None:
    """The same without fsync loses what was called safe: the test can fail."""
    folder = tmp_path / "var"
    folder.mkdir()
    path = folder / "journal.db"
    disk = BadDisk(library, folder, tmp_path / "shadow", 1)
    known = safe(killed_after(WRITER, path, disk, 0.3))
    for file in disk.shadow.iterdir():
        file.unlink()
    Journal.open(path, "KT-0001").close()
    dice = Random(3)
    disk.power_cut(dice)
    with pytest.raises(AssertionError):
        check(path, known, Counter())
