"""Pages of public information travel with the items: built, signed, checked, switched together."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cataloguework import GOOD, TENANT, item_of, order, published, replaced
from informationwork import LIST, POLICY, written
from kiosk.__main__ import app
from kiosk.catalogue import bundle
from kiosk.catalogue.build import publish
from kiosk.catalogue.items import catalogue
from kiosk.catalogue.shelf import Shelf
from kiosk.services.information_files import folder


class Office:
    """A folder of items with pages beside it, and a terminal that looks at what is built."""

    def __init__(self, root: Path) -> None:
        self.root = root
        written(root)
        (root / "items/item.toml").write_text(GOOD, encoding="utf-8")
        self.out = root / "incoming/published.kcb"
        self.signing = ("--key", root / "keys/catalogue.key", "--trust", root / "trust")
        self.run("key", *self.signing)
        self.shelf = Shelf(root / "shelf", root / "incoming", root / "trust", TENANT)

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(app, ["catalogue", *map(str, words)])

    def build(self, *more: object) -> Result:
        folders = (self.root / "items", "--out", self.out, "--templates", self.root / "none")
        return self.run("build", *folders, *self.signing, *more)

    @property
    def shown(self) -> set[str]:
        return set(self.shelf.look().information)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_dropped_file_appears_on_the_terminal_after_a_build(office: Office) -> None:
    assert office.build().exit_code == 0
    assert office.shown == set()
    written(office.root, policy=POLICY)
    assert office.shown == set()
    assert "1 item, 1 page of information" in office.build().output
    assert office.shown == {"policy"}
    assert "nothing has changed" in office.build().output

    written(office.root, policy=replaced("每年一次。", "每年两次。", POLICY), list=LIST)
    assert office.build().exit_code == 0
    assert office.shown == {"policy", "list"}
    assert office.shelf.look().information["policy"].summary.zh == "每年两次。"

    (office.root / "information/policy.toml").unlink()
    assert office.build().exit_code == 0
    assert office.shown == {"list"}


def test_a_page_with_a_fault_keeps_everything_back(office: Office) -> None:
    assert office.build().exit_code == 0
    before = office.out.read_bytes()
    written(office.root, list=replaced("张*芳", "张秀芳", LIST))
    for command in (office.build, lambda: office.run("lint", office.root / "items")):
        told = command()
        assert told.exit_code == 1
        assert "information/list.toml:11: [name-unmasked] rows[1].name: " in told.output
    assert office.out.read_bytes() == before


def test_a_warning_keeps_nothing_back(office: Office) -> None:
    written(office.root, policy=replaced("2027-12-31", "2026-11-02", POLICY))
    told = office.build()
    assert told.exit_code == 0
    assert "warning: " in told.output
    assert "[page-over]" in told.output
    assert office.run("lint", office.root / "items").exit_code == 0


def test_another_folder_of_pages_can_be_named(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    elsewhere = written(tmp_path / "other", list=LIST)
    assert office.build("--information", elsewhere).exit_code == 0
    assert office.shown == {"list"}


def test_what_changes_is_told_before_it_is_published(office: Office) -> None:
    written(office.root, policy=POLICY)
    assert office.build().exit_code == 0
    written(office.root, policy=replaced("每年一次。", "每年两次。", POLICY), list=LIST)
    told = office.run("diff", office.out, office.root / "items", "--trust", office.root / "trust")
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "+ 取暖补贴公示 (information/list) added",
        "~ 取暖补贴 (information/policy) changed",
        '    summary.zh: "每年一次。" -> "每年两次。"',
    ]


def test_a_bundle_from_before_there_were_pages_is_still_good(tmp_path: Path) -> None:
    statement = published(tmp_path, "one.kcb", [item_of()])
    old = tmp_path / "old.db"
    old.write_bytes((tmp_path / "incoming/one.kcb").read_bytes()[: statement.size])
    with sqlite3.connect(old) as connection:
        connection.execute("DROP TABLE information")
    found = catalogue(bundle.Bundle(old, statement))
    assert found.information == {}
    assert len(found.items) == 1


def test_one_byte_of_a_page_cannot_be_changed(office: Office) -> None:
    written(office.root, policy=POLICY)
    assert office.build().exit_code == 0
    content = office.out.read_bytes()
    where = content.index("每年一次。".encode())
    office.out.write_bytes(content[:where] + "每年九次。".encode() + content[where + 15 :])
    assert office.shown == set()
    assert "changed" in {str(why) for why in office.shelf.refused.values()}


def test_the_same_pages_give_the_same_bundle(tmp_path: Path) -> None:
    asked = order(tmp_path)
    written(tmp_path, policy=POLICY, list=LIST)
    pages = folder(tmp_path / "information", [item_of()]).entries
    made = [
        publish([item_of()], tmp_path / f"{n}/one.kcb", asked, pages=dict(several))
        for n, several in enumerate((pages.items(), reversed(pages.items())))
    ]
    assert made[0] == made[1]
