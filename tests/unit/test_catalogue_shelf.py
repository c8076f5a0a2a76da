"""The terminal's side: takes what is newer and good, keeps what it has, and says why not."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from unittest import mock

import pytest

from cataloguework import FILE, MADE, TENANT, item_of, numbered, order, published
from kiosk.catalogue import state
from kiosk.catalogue.build import Order, publish
from kiosk.catalogue.keys import TRUSTED
from kiosk.catalogue.shelf import NOTHING, Shelf
from kiosk.catalogue.source import source
from kiosk.catalogue.statement import Refusal
from kiosk.services.item import Item

ONE, TWO, THREE = (item_of(numbered(index)) for index in (1, 2, 3))


def shelf(folder: Path) -> Shelf:
    return Shelf(folder / "shelf", folder / "incoming", folder / "trust", TENANT)


def codes(found: Shelf) -> list[str]:
    return [item.task_code for item in found.look().items]


@pytest.fixture
def first(tmp_path: Path) -> Shelf:
    """With version 1 taken: items one and two."""
    published(tmp_path, "a.kcb", [ONE, TWO])
    made = shelf(tmp_path)
    assert codes(made) == [ONE.task_code, TWO.task_code]
    return made


def second(folder: Path, items: list[Item] | None = None) -> str:
    return published(folder, "a.kcb", items or [ONE, THREE]).version


def test_without_any_bundle_there_is_nothing(tmp_path: Path) -> None:
    assert shelf(tmp_path).look() is NOTHING


def test_a_new_bundle_appears_at_the_next_look(tmp_path: Path, first: Shelf) -> None:
    version = second(tmp_path)

    assert first.look().version == version
    assert first.look().find(THREE.task_code) == THREE
    assert first.refused == {}


def test_a_withdrawn_item_disappears(tmp_path: Path, first: Shelf) -> None:
    second(tmp_path)

    assert first.look().find(TWO.task_code) is None


def test_a_visit_goes_on_with_what_it_began_with(tmp_path: Path, first: Shelf) -> None:
    began = first.look()
    second(tmp_path)
    published(tmp_path, "a.kcb", [ONE, TWO, THREE])
    published(tmp_path, "a.kcb", [THREE])
    assert first.look() is not began

    assert began.find(TWO.task_code) == TWO
    assert began.find(THREE.task_code) is None
    assert began.version.startswith("1-")


def test_looking_again_costs_no_reading(tmp_path: Path, first: Shelf) -> None:
    with mock.patch("kiosk.catalogue.bundle.peek", side_effect=AssertionError):
        assert all(first.look() is first.look() for _ in range(20))


def test_survives_a_restart(tmp_path: Path, first: Shelf) -> None:
    shutil.rmtree(tmp_path / "incoming")

    assert codes(shelf(tmp_path)) == codes(first)


def test_an_older_bundle_is_refused_also_after_a_restart(tmp_path: Path, first: Shelf) -> None:
    shutil.copy(tmp_path / "incoming/a.kcb", tmp_path / "old.kcb")
    version = second(tmp_path)
    first.look()
    (tmp_path / "incoming/a.kcb").unlink()
    shutil.copy(tmp_path / "old.kcb", tmp_path / "incoming/z.kcb")

    for one in (first, shelf(tmp_path)):
        assert one.look().version == version
        assert one.refused == {"z.kcb": Refusal.OLDER}


def test_another_bundle_of_the_same_number_is_refused(tmp_path: Path, first: Shelf) -> None:
    """Two offices that published at once, without knowing of each other."""
    before = first.look()
    published(tmp_path, "b.kcb", [THREE])

    assert first.look() is before
    assert first.refused == {"b.kcb": Refusal.CONFLICTING}


def test_the_newest_of_several_is_taken(tmp_path: Path) -> None:
    published(tmp_path, "b.kcb", [ONE], number=2)
    published(tmp_path, "a.kcb", [THREE], number=3)
    published(tmp_path, "c.kcb", [TWO], number=1)
    found = shelf(tmp_path)

    assert codes(found) == [THREE.task_code]
    assert found.refused == {"b.kcb": Refusal.OLDER, "c.kcb": Refusal.OLDER}


def test_a_bad_newest_one_does_not_hide_a_good_newer_one(tmp_path: Path, first: Shelf) -> None:
    published(tmp_path, "b.kcb", [THREE], number=2)
    published(tmp_path, "c.kcb", [TWO], number=3)
    path = tmp_path / "incoming/c.kcb"
    whole = bytearray(path.read_bytes())
    whole[5000] ^= 1
    path.write_bytes(whole)

    assert codes(first) == [THREE.task_code]
    assert first.refused == {"a.kcb": Refusal.OLDER, "c.kcb": Refusal.CHANGED}


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda whole: whole[: len(whole) // 2], Refusal.CUT_SHORT),
        (lambda whole: whole[:5000] + b"?" + whole[5001:], Refusal.CHANGED),
        (lambda whole: whole[:-40] + b"????" + whole[-36:], Refusal.CHANGED),
        (lambda whole: b"garbage", Refusal.NOT_A_BUNDLE),
        (lambda whole: b"", Refusal.NOT_A_BUNDLE),
    ],
    ids=["cut short", "changed", "signature", "garbage", "empty"],
)
def test_what_is_spoilt_is_refused_and_taken_once_it_is_whole(
    tmp_path: Path, first: Shelf, spoil: object, why: Refusal
) -> None:
    assert callable(spoil)
    before = first.look()
    version = second(tmp_path)
    path = tmp_path / "incoming/a.kcb"
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))

    assert first.look() is before
    assert first.refused == {"a.kcb": why}
    assert sorted(one.suffix for one in (tmp_path / "shelf").glob("[!.]*")) == [".json", ".kcb"]

    path.write_bytes(whole)
    assert first.look().version == version
    assert first.refused == {}


def test_another_tenants_and_a_strangers_bundle_are_refused(tmp_path: Path, first: Shelf) -> None:
    before, key = first.look(), order(tmp_path).key
    publish([THREE], tmp_path / "incoming/t.kcb", Order("other", key, MADE, 9))
    stranger = order(tmp_path / "stranger").key
    publish([THREE], tmp_path / "incoming/s.kcb", Order(TENANT, stranger, MADE, 9))

    assert first.look() is before
    assert first.refused == {"s.kcb": Refusal.UNKNOWN_KEY, "t.kcb": Refusal.OTHER_TENANT}


def test_a_terminal_may_start_before_its_fleet(tmp_path: Path) -> None:
    published(tmp_path, "a.kcb", [ONE])
    (tmp_path / "trust").rename(tmp_path / "away")
    found = shelf(tmp_path)
    assert found.look() is NOTHING
    assert found.refused == {"a.kcb": Refusal.NO_TRUST}

    (tmp_path / "away").rename(tmp_path / "trust")
    assert codes(found) == [ONE.task_code]


def test_a_withdrawn_key_takes_its_bundles_out_of_use(tmp_path: Path, first: Shelf) -> None:
    (tmp_path / "trust" / TRUSTED).write_text("{}")

    assert first.look() is NOTHING
    assert shelf(tmp_path).look() is NOTHING


def damage(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4097] ^= 1
    path.write_bytes(whole)


def test_a_damaged_bundle_is_replaced_by_the_one_before(tmp_path: Path, first: Shelf) -> None:
    version = second(tmp_path)
    first.look()
    (tmp_path / "incoming/a.kcb").rename(tmp_path / "a.kcb")
    newest = max((tmp_path / "shelf").glob("*.kcb"))
    damage(newest)

    again = shelf(tmp_path)
    assert codes(again) == [ONE.task_code, TWO.task_code]

    (tmp_path / "a.kcb").rename(tmp_path / "incoming/a.kcb")
    assert again.look().version == version


def test_the_highest_number_is_known_even_when_its_bundle_is_lost(
    tmp_path: Path, first: Shelf
) -> None:
    shutil.copy(tmp_path / "incoming/a.kcb", tmp_path / "old.kcb")
    second(tmp_path)
    first.look()
    shutil.rmtree(tmp_path / "incoming")
    for path in (tmp_path / "shelf").glob("*.kcb"):
        path.unlink()
    (tmp_path / "incoming").mkdir()
    shutil.copy(tmp_path / "old.kcb", tmp_path / "incoming/old.kcb")

    again = shelf(tmp_path)
    assert again.look() is NOTHING
    assert again.refused == {"old.kcb": Refusal.OLDER}


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"highest": "x"}', b"\xff"])
def test_a_lost_memory_is_rebuilt_from_the_bundles(
    tmp_path: Path, first: Shelf, content: bytes | None
) -> None:
    shutil.copy(tmp_path / "incoming/a.kcb", tmp_path / "old.kcb")
    version = second(tmp_path)
    first.look()
    shutil.copy(tmp_path / "old.kcb", tmp_path / "incoming/a.kcb")
    path = tmp_path / "shelf" / state.NAME
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    again = shelf(tmp_path)
    assert again.look().version == version
    assert again.refused == {"a.kcb": Refusal.OLDER}


def test_two_processes_share_a_shelf(tmp_path: Path, first: Shelf) -> None:
    other = shelf(tmp_path)
    assert other.look().version == first.look().version
    version = second(tmp_path)

    assert other.look().version == version
    assert first.look().version == version


def test_only_the_last_two_are_kept(tmp_path: Path, first: Shelf) -> None:
    for index in range(4, 9):
        published(tmp_path, "a.kcb", [ONE, item_of(numbered(index))])
        first.look()

    assert len(list((tmp_path / "shelf").glob("*.kcb"))) == 2


def test_a_shelf_that_cannot_be_written_keeps_what_is_in_use(tmp_path: Path, first: Shelf) -> None:
    before = first.look()
    version = second(tmp_path)
    with mock.patch("kiosk.durable.os.fsync", side_effect=OSError(28, "No space left")):
        assert first.look() is before
    assert first.refused == {"a.kcb": Refusal.NO_ROOM}
    assert first.look() is before

    with mock.patch("kiosk.catalogue.shelf.time.monotonic", return_value=time.monotonic() + 61):
        assert first.look().version == version


def test_a_shelf_without_a_folder_is_tried_again(tmp_path: Path) -> None:
    published(tmp_path, "a.kcb", [ONE])
    (tmp_path / "shelf").touch()  # where the folder should be
    found = shelf(tmp_path)
    assert found.look() is NOTHING

    (tmp_path / "shelf").unlink()
    with mock.patch("kiosk.catalogue.shelf.time.monotonic", return_value=time.monotonic() + 61):
        assert codes(found) == [ONE.task_code]


def test_a_folder_of_item_files_is_read_once(tmp_path: Path) -> None:
    shutil.copy(FILE, tmp_path)
    look = source(tmp_path, tmp_path / "shelf", tmp_path / "trust", TENANT)
    (tmp_path / FILE.name).unlink()

    assert look().items == (item_of(),)
    assert look() is look()


def test_a_folder_of_bundles_is_looked_into_again_and_again(tmp_path: Path) -> None:
    look = source(tmp_path / "incoming", tmp_path / "shelf", tmp_path / "trust", TENANT)
    assert look() is NOTHING
    version = published(tmp_path, "a.kcb", [ONE]).version

    assert look().version == version
