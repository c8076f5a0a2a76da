"""An old copy of a journal: a disk that was put back, or the files on another machine.

No number is given out twice, nothing that the fleet holds is overwritten, no case is lost, and
people are told; `kiosk journal renew` leads on.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import plainhouse
from kiosk.errors import JournalBrokenError, JournalError
from kiosk.journal import Journal, open_sound, renew
from linkwork import until
from plainhouse import House, Terminal, terminal


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with plainhouse.house(tmp_path / "house") as made:
        yield made


def lived(house: House, file: Path, first: int, count: int) -> list[str]:
    """A terminal that files cases, until the fleet holds them; their numbers."""
    with terminal(house, file) as one:
        filed = [one.file_case(house.key, number) for number in range(first, first + count)]
        one.caught_up()
    return filed


def put_back(image: Path, file: Path) -> None:
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)
    shutil.copy(image, file)


def offline_case(house: House, file: Path, number: int) -> str:
    """Filed while nobody is connected; so its record has a number that was given out before."""
    one = Terminal.__new__(Terminal)
    one.name, one.file = "KT-0001", file
    one.journal = Journal.open(file, one.name)
    made = one.file_case(house.key, number)
    one.journal.close()
    return made


def closed(one: Terminal) -> None:
    """It has noticed, and takes no record more."""
    until(lambda: one.journal.ahead, "the old copy to be noticed")
    with pytest.raises(JournalError):
        one.journal.append("x", {})


def agree(house: House, tally: Counter[str], filed: list[str]) -> None:
    cases = house.cases()
    lost, more = Counter(filed) - Counter(cases), Counter(cases) - Counter(filed)
    tally.update(rounds=1, lost=lost.total(), doubled=more.total())
    assert cases == sorted(filed)
    held = house.rows("SELECT journal, seq FROM records")
    assert len(held) == len(set(held))


def told(house: House, kind: str) -> None:
    until(lambda: kind in house.alarms(), f"the alarm {kind}, not {house.alarms()}")


@pytest.mark.parametrize("more", [0, 1, 4])
def test_a_disk_that_was_put_back(
    house: House, tmp_path: Path, tally: Counter[str], more: int
) -> None:
    """Before it hears the fleet, it writes fewer or more records than it had; then it is closed."""
    file, image = tmp_path / "journal.db", tmp_path / "image.db"
    filed = lived(house, file, 0, 3)
    shutil.copy(file, image)
    filed += lived(house, file, 3, 2)
    before = house.rows("SELECT * FROM records ORDER BY seq")
    put_back(image, file)
    filed += [offline_case(house, file, 100 + number) for number in range(more)]
    with terminal(house, file) as one:
        closed(one)
        name = one.journal.id
        told(house, "journal_old_copy")
    assert house.rows("SELECT * FROM records ORDER BY seq") == before
    with pytest.raises(JournalBrokenError, match="old copy"):
        open_sound(file, "KT-0001")
    open_sound(file, "KT-0001", chained=False).close()  # the agent goes on reporting

    renew(file, "KT-0001")
    open_sound(file, "KT-0001").close()
    filed += lived(house, file, 200, 1)
    with terminal(house, file) as one:
        until(lambda: one.journal.rescued.waiting == 0, "what was taken along to arrive")
        assert one.journal.id != name
        assert house.held(one.journal.id) == one.written
    after = house.rows("SELECT * FROM records WHERE journal = ? ORDER BY seq", name)
    assert after[: len(before)] == before
    assert "case_conflict" not in house.alarms()
    agree(house, tally, filed)


def test_of_two_machines_with_one_journal_one_goes_on(
    house: House, tmp_path: Path, tally: Counter[str]
) -> None:
    """Both live at once. Who is behind is closed; what it filed is not lost or doubled."""
    ours, theirs = tmp_path / "ours/journal.db", tmp_path / "theirs/journal.db"
    filed = lived(house, ours, 0, 2)
    theirs.parent.mkdir()
    shutil.copy(ours, theirs)
    filed.append(offline_case(house, theirs, 50))
    with terminal(house, ours) as one:
        filed.append(one.file_case(house.key, 2))
        one.caught_up()
        with terminal(house, theirs) as other:
            closed(other)
            for number in range(3, 6):
                filed.append(one.file_case(house.key, number))
            one.caught_up()
            told(house, "journal_old_copy")  # by itself, whenever it has the line
        one.caught_up()
        assert one.journal.ahead == 0
        assert house.held(one.journal.id) == one.written
    renew(theirs, "KT-0001")  # the one that is ours may be the one that was behind
    with terminal(house, theirs) as other:
        until(lambda: other.journal.rescued.waiting == 0, "what was taken along to arrive")
        other.caught_up()
    agree(house, tally, filed)
