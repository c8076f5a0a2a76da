"""`kiosk catalogue` as an office uses it, from files to what a terminal shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cataloguework import GOOD, TENANT, item_of, numbered, replaced
from kiosk.__main__ import app
from kiosk.catalogue.diff import difference
from kiosk.catalogue.schema import item_schema
from kiosk.catalogue.shelf import Shelf
from kiosk.catalogue.statement import Refusal
from kiosk.errors import CatalogueError
from kiosk.services.item import Item
from kiosk.services.lint_listing import table

ROOT = Path(__file__).parents[2]


class Office:
    """A folder of item files, and the commands over it."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder, self.out = root, root / "items", root / "incoming/published.kcb"
        self.folder.mkdir()
        self.key, self.trust = root / "keys/catalogue.key", root / "trust"

    def write(self, text: str, name: str = "item.toml") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(app, ["catalogue", *map(str, words)])

    def build(self, *more: object) -> Result:
        given = ("--out", self.out, "--key", self.key, "--trust", self.trust)
        given += ("--templates", self.root / "none")
        return self.run("build", self.folder, *given, *more)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.write(GOOD)
    assert made.run("key", "--key", made.key, "--trust", made.trust).exit_code == 0
    return made


def test_a_dropped_file_appears_on_the_terminal_after_a_build(office: Office) -> None:
    shelf = Shelf(office.root / "shelf", office.out.parent, office.trust, TENANT)
    assert office.build().exit_code == 0
    assert len(shelf.look().items) == 1

    office.write(numbered(2), "two.toml")
    built = office.build()

    assert re.fullmatch(
        r".*published\.kcb: version 2-[0-9a-f]{12}, 2 items, \d+ bytes\n", built.output
    )
    assert [item.task_code[-1] for item in shelf.look().items] == ["1", "2"]


def test_what_is_wrong_is_listed_and_nothing_is_built(office: Office) -> None:
    office.write(replaced("promise_day = 20", "promise_day = 31"))

    for result in (office.build(), office.run("lint", office.folder)):
        assert result.exit_code == 1
        lines = result.output.splitlines()
        assert lines[0].startswith(f"{office.folder}/item.toml:8: [promise-within-legal-limit] ")
        assert lines[-1] == f"{len(lines) - 1} faults in 1 file"
    assert not office.out.exists()


def test_a_changed_item_without_a_raised_version_is_told_by_file_and_line(office: Office) -> None:
    office.build()
    office.write(replaced("minutes = 8", "minutes = 9"))
    result = office.build()

    assert result.exit_code == 1
    assert f"{office.folder}/item.toml:3: [version-not-raised] task_version: " in result.output


def test_a_template_has_to_be_there(office: Office) -> None:
    templates = office.root / "templates"
    templates.mkdir()
    office.write(replaced("minutes = 8", 'minutes = 8\ntemplate = "decision"'))
    result = office.run("lint", office.folder, "--templates", templates)
    assert (
        "item.toml:10: [template-known] template: there is no template 'decision'" in result.output
    )

    (templates / "decision.toml").touch()
    assert office.run("lint", office.folder, "--templates", templates).exit_code == 0


def test_diff_shows_what_an_office_wants_to_see(office: Office) -> None:
    office.write(numbered(2), "two.toml")
    office.build()
    (office.folder / "two.toml").unlink()
    office.write(numbered(3), "three.toml")
    office.write(replaced('en = "Fuel"', 'en = "Heating"', replaced("minutes = 8", "minutes = 9")))
    result = office.run("diff", office.out, office.folder, "--trust", office.trust)

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "+ 低保申请 (11445299MB2D00006J2000300000003) added",
        "- 低保申请 (11445299MB2D00006J2000300000002) withdrawn",
        "~ 低保申请 (11445299MB2D00006J2000300017001) changed",
        '    fields[needs].choices[fuel].label.en: "Fuel" -> "Heating"',
        "    minutes: 8 -> 9",
    ]
    assert office.run("diff", office.out, office.out, "--trust", office.trust).exit_code == 0


def test_diff_needs_files_that_are_items(office: Office) -> None:
    office.write("a = 1", "broken.toml")
    result = office.run("diff", office.folder, office.folder)

    assert isinstance(result.exception, CatalogueError)
    assert "broken.toml:1: [unknown-key]" in result.output


def test_search_finds_by_initials(office: Office) -> None:
    office.build()
    result = office.run("search", office.out, "dbsq", "--trust", office.trust)

    assert result.output.startswith(
        "11445299MB2D00006J2000300017001  低保申请 | Living allowance  ("
    )


@pytest.mark.parametrize("name", ["nothing.kcb", "keys/catalogue.key"])
def test_what_is_no_bundle_is_explained(office: Office, name: str) -> None:
    result = office.run("search", office.root / name, "x", "--trust", office.trust)

    assert isinstance(result.exception, CatalogueError)


def test_every_refusal_has_words() -> None:
    from kiosk.catalogue.office import EXPLAINED

    assert set(EXPLAINED) == set(Refusal)


def test_weights_beside_the_items_count_unless_others_are_given(office: Office) -> None:
    office.write(numbered(2), "two.toml")
    shelf = Shelf(office.root / "shelf", office.out.parent, office.trust, TENANT)
    office.write(f'{{"{item_of(numbered(2)).task_code}": 5}}', "weights.json")
    assert office.build().exit_code == 0
    assert [item.task_code[-1] for item in shelf.look().items] == ["2", "1"]
    others = office.root / "others.json"
    others.write_text("{}")
    assert office.build("--weights", others).exit_code == 0
    assert [item.task_code[-1] for item in shelf.look().items] == ["1", "2"]


def test_weights_decide_the_menu(office: Office) -> None:
    office.write(numbered(2), "two.toml")
    weights = office.root / "weights.json"
    weights.write_text(f'{{"{item_of(numbered(2)).task_code}": 5}}')
    office.build("--weights", weights)
    shelf = Shelf(office.root / "shelf", office.out.parent, office.trust, TENANT)
    assert [item.task_code[-1] for item in shelf.look().items] == ["2", "1"]

    for wrong in ("[1]", '{"a": "b"}', '{"a": NaN}', "{"):
        weights.write_text(wrong)
        assert isinstance(office.build("--weights", weights).exception, CatalogueError)


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_items_is_told(office: Office, folder: str) -> None:
    (office.root / "empty").mkdir()
    result = office.run("lint", office.root / folder)

    assert isinstance(result.exception, CatalogueError)


def changed(old: str, new: str) -> list[str]:
    before, after = item_of(), item_of(replaced(old, new))
    (_, changes) = difference([before], [after]).changed[0]
    return [str(change) for change in changes]


def test_diff_names_lists_by_code_and_tells_a_new_order() -> None:
    text = changed('sources = ["promise", "commitment"]', 'sources = ["commitment", "promise"]')
    assert text == [
        'materials[income].sources: ["promise","commitment"] -> ["commitment","promise"]'
    ]
    assert changed('after = ["visit", "records"]', 'after = ["visit"]') == [
        'steps[decide].after: ["visit","records"] -> ["visit"]'
    ]
    assert changed("hard = 0, other = 1000", "hard = 100, other = 1000") == [
        "fees[group].amounts.hard: 0 -> 100"
    ]
    assert changed('when = { field = "group", answers = ["other"] }\n', "")[0].endswith(
        " -> (nothing)"
    )


def test_diff_tells_when_questions_change_places() -> None:
    item = item_of()
    turned = Item(**{
        **{name: getattr(item, name) for name in item.__struct_fields__},
        "fields": (item.fields[1], item.fields[0], *item.fields[2:]),
    })  # fmt: skip
    (_, changes) = difference([item], [turned]).changed[0]

    assert [change.place for change in changes] == [".fields (order)"]


def test_the_schema_beside_the_files_is_that_of_the_code() -> None:
    """Otherwise: `.venv/bin/kiosk catalogue schema`."""
    assert (ROOT / "config/catalogue/item.schema.json").read_bytes() == item_schema()


def test_the_table_of_rules_is_that_of_the_code() -> None:
    """Otherwise put what `.venv/bin/kiosk catalogue rules` prints into the document."""
    assert table() in (ROOT / "docs/catalogue.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["lint", "build", "diff", "search", "schema", "key", "rules"])
def test_every_command_is_documented(name: str) -> None:
    assert f"kiosk catalogue {name}" in (ROOT / "docs/catalogue.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_is_documented(refusal: Refusal) -> None:
    assert f"| `{refusal}` |" in (ROOT / "docs/catalogue.md").read_text(encoding="utf-8")
