"""The shipped catalogue is sound, and a wrong item file is explained in plain words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.errors import CatalogueError
from kiosk.services.item import ItemKind
from kiosk.services.load import load_catalogue

SHIPPED = Path(__file__).parents[2] / "config/catalogue"
ICONS = Path("/usr/share/fonts-materialdesignicons-webfont/css/materialdesignicons.css")

Edit = Callable[[str, str], str]


@pytest.fixture
def explain(tmp_path: Path) -> Edit:
    """Replace a text in a copy of the certificate's item, and return what the loader says."""

    def edit(old: str, new: str) -> str:
        folder = tmp_path / "catalogue"
        shutil.copytree(SHIPPED, folder)
        path = folder / "insurance_certificate.toml"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in the item any more"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(CatalogueError) as caught:
            load_catalogue(folder)
        message = str(caught.value)
        assert "insurance_certificate.toml" in message
        return message.replace(str(path), "FILE")

    return edit


def test_ships_one_item_of_each_kind() -> None:
    catalogue = load_catalogue(SHIPPED)

    assert {item.kind for item in catalogue.items} == set(ItemKind)
    assert [item.task_name.zh for item in catalogue.items if item.certificate] == ["参保证明"]
    assert [item.task_name.zh for item in catalogue.items if item.offline] == ["居住证签注"]


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
            "promise_days: no such key; did you mean 'promise_day'?",
        ),
        ("[guide.fee]", "[guide.fees]", "guide.fees: no such key; did you mean 'fee'?"),
        ("label = { zh", "labl = { zh", "fields[1].labl: no such key; did you mean 'label'?"),
        ("minutes = 3", "colour = 3", "colour: no such key; remove it"),
        ("promise_day = 0", "", "promise_day: is missing"),
        ("minutes = 3", 'minutes = "3"', "minutes: Expected `int`, got `str`"),
        ('type = "choice"', 'type = "list"', "fields[1].type: Invalid enum value 'list'"),
        ("minutes = 3", "minutes = ", "not valid TOML"),
    ],
)
def test_a_wrong_shape_names_file_key_and_remedy(
    explain: Edit, old: str, new: str, message: str
) -> None:
    assert f"FILE: {message}" in explain(old, new)


def test_all_unknown_keys_are_told_at_once(explain: Edit) -> None:
    message = explain("minutes = 3", "minuts = 3\niconn = 'x'")

    assert "did you mean 'minutes'?" in message
    assert "did you mean 'icon'?" in message


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CatalogueError, match=r"bad\.toml: not valid TOML"):
        load_catalogue(tmp_path)
