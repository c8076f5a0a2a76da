"""Publishing: numbers grow, versions are raised, builders take turns, keys stay private."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cataloguework import FILE, TENANT, item_of, numbered, order, published, replaced
from kiosk.catalogue import bundle, keys
from kiosk.catalogue.build import Order, before, publish, unraised
from kiosk.catalogue.bundle import Bundle
from kiosk.errors import CatalogueError

ONE = item_of(numbered(1))
LONGER = item_of(replaced("minutes = 8", "minutes = 9", numbered(1)))
RAISED = item_of(
    replaced('version = "1"', 'version = "2"', replaced("minutes = 8", "minutes = 9", numbered(1)))
)
BUILDER = """
import sys
from pathlib import Path
from cataloguework import item_of, numbered, published
folder, index = Path(sys.argv[1]), int(sys.argv[2])
for more in range(5):
    number = index * 100 + more
    published(folder, "a.kcb", [item_of(numbered(1)), item_of(numbered(number))])
"""


def test_each_bundle_follows_the_one_before(tmp_path: Path) -> None:
    first = published(tmp_path, "a.kcb", [ONE])
    second = published(tmp_path, "a.kcb", [RAISED])
    third = published(tmp_path, "a.kcb", [RAISED, item_of(numbered(2))])

    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [second.previous, third.previous] == [first.sha256, second.sha256]


def test_nothing_is_written_when_nothing_has_changed(tmp_path: Path) -> None:
    first = published(tmp_path, "a.kcb", [ONE])
    path = tmp_path / "incoming/a.kcb"
    seen = path.stat()

    assert published(tmp_path, "a.kcb", [ONE]) == first
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (seen.st_ino, seen.st_mtime_ns)


def test_other_weights_and_a_higher_number_are_changes(tmp_path: Path) -> None:
    out, asked = tmp_path / "incoming/a.kcb", order(tmp_path)
    published(tmp_path, "a.kcb", [ONE])
    weighed = Order(TENANT, asked.key, 0, weights={ONE.task_code: 2.0})

    assert publish([ONE], out, weighed).number == 2
    assert publish([ONE], out, weighed).number == 2
    assert publish([ONE], out, Order(TENANT, asked.key, 0, 7, weighed.weights)).number == 7


def test_a_changed_item_needs_a_raised_version(tmp_path: Path) -> None:
    published(tmp_path, "a.kcb", [ONE])

    with pytest.raises(CatalogueError, match=r"version-not-raised.*raise task_version above '1'"):
        published(tmp_path, "a.kcb", [LONGER])
    published(tmp_path, "a.kcb", [RAISED])
    with pytest.raises(CatalogueError, match="above '2' "):
        published(tmp_path, "a.kcb", [ONE])


@pytest.mark.parametrize(
    ("old", "new", "good"),
    [("9", "10", True), ("2.9", "2.10", True), ("2.1", "2", False), ("b", "a", False),
     ("1", "1", False), ("2", "1", False), ("1", "1.1", True), ("2026-01", "2026-02", True)],
)  # fmt: skip
def test_versions_are_compared_as_people_do(tmp_path: Path, old: str, new: str, good: bool) -> None:
    published(tmp_path, "a.kcb", [item_of(replaced('version = "1"', f'version = "{old}"'))])
    last = before(tmp_path / "incoming/a.kcb", order(tmp_path))
    assert last is not None
    text = replaced("minutes = 8", "minutes = 9", replaced('version = "1"', f'version = "{new}"'))

    assert (not unraised([item_of(text)], last)) is good


def test_a_lost_predecessor_is_followed_by_number(tmp_path: Path) -> None:
    assert published(tmp_path, "b.kcb", [ONE], number=41).number == 41
    assert published(tmp_path, "b.kcb", [RAISED], number=7).number == 42


def test_a_bundle_of_another_key_is_not_followed(tmp_path: Path) -> None:
    published(tmp_path, "a.kcb", [ONE])
    other = keys.open_key(tmp_path / "other/key", tmp_path / "other")

    with pytest.raises(CatalogueError, match=r"unknown_key.*--number"):
        publish([ONE], tmp_path / "incoming/a.kcb", Order(TENANT, other, 0))


def test_a_new_key_follows_a_trusted_old_one(tmp_path: Path) -> None:
    published(tmp_path, "a.kcb", [ONE])
    other = keys.open_key(tmp_path / "other/key", tmp_path / "trust")
    wanted = Order(TENANT, other, 0, trusted=keys.trusted(tmp_path / "trust"))

    assert publish([RAISED], tmp_path / "incoming/a.kcb", wanted).number == 2


def test_builders_at_once_take_turns(tmp_path: Path) -> None:
    order(tmp_path)
    builders = [
        subprocess.Popen(
            [sys.executable, "-c", BUILDER, str(tmp_path), str(index)],
            env={"PYTHONPATH": str(FILE.parents[2])},
        )
        for index in (1, 2)
    ]
    assert [builder.wait(60) for builder in builders] == [0, 0]

    path = tmp_path / "incoming/a.kcb"
    found = bundle.check(path, keys.trusted(tmp_path / "trust"), TENANT)
    assert isinstance(found, Bundle)
    assert found.statement.number == 10
    assert [one.name for one in path.parent.iterdir() if one.name != ".lock"] == ["a.kcb"]


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    order(tmp_path)
    path = tmp_path / "keys/catalogue.key"
    path.chmod(0o644)

    with pytest.raises(CatalogueError, match="chmod 600"):
        keys.load_key(path)


def test_a_damaged_key_is_told(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with pytest.raises(CatalogueError, match="no such key; to make one"):
        keys.load_key(path)
    path.touch(0o600)
    with pytest.raises(CatalogueError, match="damaged"):
        keys.load_key(path)


def test_a_new_key_is_listed_beside_the_old(tmp_path: Path) -> None:
    for name in ("a", "b", "a"):
        keys.open_key(tmp_path / name, tmp_path / "trust")

    assert len(keys.trusted(tmp_path / "trust")) == 2
