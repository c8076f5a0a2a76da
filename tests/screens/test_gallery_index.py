"""What `kiosk gallery` writes: its page lists every picture beside it, and says of what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.errors import KioskError
from screens.gallery import draw
from screens.gallery_looks import Wanted, looks
from screens.gallery_table import sizes

WANTED = Wanted(("1080x1920",), ("zh_CN", "en"), ("dark",), (130,), only="thanks-paid")
TEXTS = ("kind", "name", "window", "language", "theme", "low", "file")


def listed(index: Path) -> list[Mapping[str, Any]]:
    """The data in the page, as a browser reads them."""
    found = re.search(r"^const shots = (\[.*\]);$", index.read_text("utf-8"), re.MULTILINE)
    assert found
    rows: list[Mapping[str, Any]] = json.loads(found[1])
    return rows


def test_the_index_lists_every_picture_that_was_written(tmp_path: Path) -> None:
    shots = draw(tmp_path, WANTED)
    rows = listed(tmp_path / "index.html")
    files = [row["file"] for row in rows]
    drawn = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.png")}
    assert len(files) == len(set(files)) == len(shots) == 4
    assert set(files) == drawn
    for row in rows:
        assert all(type(row[name]) is str and row[name] for name in TEXTS)
        with Image.open(tmp_path / row["file"]) as image:
            assert tuple(row["size"]) == image.size == (1080, 1920)
    looks = {(row["language"], row["text"], row["low"]) for row in rows}
    assert looks == {
        (language, text, low)
        for language in WANTED.languages
        for text, low in ((130, "full"), (100, "low"))
    }
    assert {(row["kind"], row["name"], row["window"], row["theme"]) for row in rows} == {
        ("screen", "thanks-paid", "portrait", "dark")
    }
    assert all(row["shown"] in {100, 115, 130} for row in rows)
    assert list(tmp_path.glob("*.json")) == []
    assert [line.split(":")[0] for line in sizes(rows)] == ["portrait, 130 %"]


def test_only_pictures_in_which_something_was_found_can_be_kept(tmp_path: Path) -> None:
    """Nothing is wrong with this page: nothing is written, and nothing is listed."""
    shots = draw(tmp_path, replace(WANTED, low=False, check=True, faulty=True))
    assert [shot["faults"] for shot in shots] == [[], []]
    assert listed(tmp_path / "index.html") == []
    assert list(tmp_path.rglob("*.png")) == []


def test_a_question_over_no_page_has_a_text_size_too(tmp_path: Path) -> None:
    (shot,) = draw(tmp_path, replace(WANTED, languages=("en",), low=False, only="still-there"))
    assert shot["shown"] == shot["text"]


def test_how_many_pages_keep_their_text_size_is_counted() -> None:
    page = {"kind": "screen", "low": "full", "window": "portrait", "text": 150, "shown": 150}
    others = [page | {"shown": 115}, page | {"kind": "component"}, page | {"low": "low"}]
    shots = [page, page, page | {"shown": 130}, *others, page | {"window": "landscape"}]
    assert list(sizes(shots)) == [
        "landscape, 150 %: 1 of 1 pages",
        "portrait, 150 %: 2 of 4 pages, 1 at 130, 1 at 115",
    ]


def test_a_look_that_there_is_not_is_refused_by_name() -> None:
    assert looks(["dark"], [150], quick=True).low is False
    assert looks(None, None, quick=False).low
    with pytest.raises(KioskError, match="--text is one of 100, 115, 130, 150"):
        looks(None, [200], quick=False)
    with pytest.raises(KioskError, match="--theme is one of light, dark"):
        looks(["blue"], None, quick=False)
