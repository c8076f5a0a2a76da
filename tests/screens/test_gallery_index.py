"""What `kiosk gallery` writes: its page lists every picture beside it, and says of what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from screens.gallery import Wanted, draw

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


def test_only_pictures_in_which_something_was_found_can_be_kept(tmp_path: Path) -> None:
    """Nothing is wrong with this page: nothing is written, and nothing is listed."""
    shots = draw(tmp_path, replace(WANTED, low=False, check=True, faulty=True))
    assert [shot["faults"] for shot in shots] == [[], []]
    assert listed(tmp_path / "index.html") == []
    assert list(tmp_path.rglob("*.png")) == []
