"""The shipped catalogue is sound, and a wrong item file is explained in plain words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cataloguework import GOOD, replaced
from kiosk.errors import CatalogueError
from kiosk.services import lint, lint_shape
from kiosk.services.item import Item, ItemKind
from kiosk.services.load import load_catalogue

SHIPPED = Path(__file__).parents[2] / "config/catalogue"
ICONS = Path("/usr/share/fonts-materialdesignicons-webfont/css/materialdesignicons.css")

Edit = Callable[[str, str], str]


@pytest.fixture
def explain(tmp_path: Path) -> Edit:
    """Replace a text in the sample's file, and return what the loader says."""

    def edit(old: str, new: str) -> str:
        path = tmp_path / "item.toml"
        path.write_text(replaced(old, new), encoding="utf-8")
        with pytest.raises(CatalogueError) as caught:
            load_catalogue(tmp_path)
        return str(caught.value).replace(str(path), "FILE")

    return edit


def test_ships_items_of_each_kind() -> None:
    catalogue = load_catalogue(SHIPPED)

    assert {item.kind for item in catalogue.items} == set(ItemKind)
    assert "参保证明" in {item.task_name.zh for item in catalogue.items if item.certificate}
    assert "居住证签注" in {item.task_name.zh for item in catalogue.items if item.offline}
    assert {part for item in catalogue.items for part in item.parts} <= {
        item.task_code for item in catalogue.items
    }


def test_finds_an_item_by_its_code_and_nothing_else() -> None:
    catalogue = load_catalogue(SHIPPED)

    for item in catalogue.items:
        assert catalogue.find(item.task_code) is item
    assert catalogue.find(catalogue.items[0].task_code[:-1]) is None


def test_every_icon_is_in_debians_icon_font() -> None:
    names = set(re.findall(r"\.mdi-([a-z0-9-]+):before", ICONS.read_text()))

    assert {item.icon for item in load_catalogue(SHIPPED).items} <= names


def test_version_follows_the_bytes_of_the_files(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy)
    before = load_catalogue(copy).version
    assert before == load_catalogue(SHIPPED).version

    path = copy / "medical_account_query.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# seen\n", encoding="utf-8")

    assert load_catalogue(copy).version != before


def test_an_empty_folder_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no item file"):
        load_catalogue(tmp_path)


def test_two_items_may_not_share_a_code(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(SHIPPED, folder)
    shutil.copy(folder / "medical_account_query.toml", folder / "twin.toml")

    with pytest.raises(CatalogueError, match="is used by 2 items"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "promise_day =",
            "promise_days =",
            "FILE:8: [unknown-key] promise_days: no such key; did you mean 'promise_day'?",
        ),
        ("fee = {", "fees = {", "FILE:33: [unknown-key] guide.fees: no such key; did you mean"),
        (
            "label = { zh",
            "labl = { zh",
            "FILE:41: [unknown-key] fields[1].labl: no such key; did you mean 'label'?",
        ),
        ("minutes = 8", "colour = 3", "FILE:9: [unknown-key] colour: no such key; remove it"),
        (
            'when = { field = "group"',
            'when = { feld = "group"',
            "fields[2].when.feld: no such key; did you mean 'field'?",
        ),
        ("hard = 0", 'hard = "0"', "fees[1].amounts.hard: must be a whole number, not '0'"),
        ("promise_day = 20\n", "", "FILE:1: [missing-key] promise_day: is missing"),
        (
            'minutes = 8',
            'minutes = "8"',
            "FILE:9: [wrong-type] minutes: must be a whole number, not '8'",
        ),
        ("minutes = 8", "minutes = true", "minutes: must be a whole number, not true or false"),
        ("minutes = 8", "minutes = 8.5", "minutes: must be a whole number, not a number with a"),
        ('type = "choice"', 'type = "list"', "fields[1].type: must be one of text, choice, "),
        ('themes = ["hardship"]', 'themes = "hardship"', "themes: must be a list, not 'hardship'"),
        ('themes = ["hardship"]', "themes = [1]", "themes[1]: must be one of social_security"),
        ("fields.fields", "fields.field", "fields[2].field: no such key; did you mean 'fields'?"),
        ("minutes = 8", "minutes = ", "FILE:9: [toml] not valid TOML"),
        ("minutes = 8", f"minutes = {10**30}", "[wrong-type] minutes: is too large"),
        ("minutes = 8", "minutes = 2026-01-01", "minutes: must be a whole number, not a date"),
        (
            "minutes = 8",
            "booking = { day = 'visit', slot = 'group', capacity = 1, days_ahead = [1] }",
            "booking.days_ahead: must have exactly 2 values, not 1",
        ),
        ("minutes = 8", "guide = 1", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_shape_names_file_line_key_and_remedy(
    explain: Edit, old: str, new: str, message: str
) -> None:
    assert message in explain(old, new)


def test_all_wrong_shapes_are_told_at_once(explain: Edit) -> None:
    message = explain("minutes = 8", "minuts = 3\niconn = 'x'\nparts = 1")

    assert "did you mean 'minutes'?" in message
    assert "did you mean 'icon'?" in message
    assert "parts: must be a list" in message


BINARY = [b"\xff\xfe\x00", b"a = 1\nb = '\xb5'", b"\x00", b"[" * 9000]


@pytest.mark.parametrize("content", BINARY)
def test_bytes_that_are_no_toml_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.toml").write_bytes(content)

    with pytest.raises(CatalogueError, match=r"bad\.toml:\d+: \[toml\] not valid TOML"):
        load_catalogue(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "huge.toml").write_bytes(b"#" * (1 << 20) + b"#")

    with pytest.raises(CatalogueError, match=r"\[file-size\] is larger than 1024 KiB"):
        load_catalogue(tmp_path)


def test_a_folder_of_a_files_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "item.toml").mkdir()

    with pytest.raises(CatalogueError, match=r"\[unreadable\] cannot be read: Is a directory"):
        load_catalogue(tmp_path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_crash_the_loader(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "any.toml").write_bytes(content)
        assert lint.folder(Path(folder))[1]


ODD: list[Any] = ["", " ", "x" * 5000, "-1", "[", "\u202e", "2026-13-45", "today+99999999", -1, 0]
ODD += [10**15, [], {}, ["a", "a"], True, {"field": "group", "answers": ["hard"]}]


@given(st.data())
def test_no_changed_value_crashes_a_rule(data: st.DataObject) -> None:
    """Whatever an office types, it gets an answer in words."""
    item = lint_shape.parse(GOOD.encode())
    target: Any = item
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
            target[key] = data.draw(st.sampled_from(ODD))
            break
        target = target[key]
    if not lint_shape.shape(item):
        lint.item(msgspec.convert(item, Item))
