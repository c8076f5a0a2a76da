"""The next terminal is one that is open, the nearest first."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest

from config import load
from config.load import SettingsFileError
from kiosk import bootstrap
from kiosk.model import Text
from kiosk.session.elsewhere import Neighbour, elsewhere

WEEK, WORKDAYS = frozenset(range(1, 8)), frozenset(range(1, 6))
TOWN = Neighbour(Text("镇", "Town"), Text("东", "East"), time(9), time(17), WORKDAYS)
BANK = Neighbour(Text("行", "Bank"), Text("西", "West"), time(8), time(18), WEEK)
ALWAYS = Neighbour(Text("厅", "Hall"), Text("北", "North"), time(0), time(0), WEEK)


def said(*neighbours: Neighbour, day: int = 23, hour: int, minute: int = 0) -> tuple[str, ...]:
    """On a day of November 2026, whose 23rd is a Monday."""
    now = datetime(2026, 11, day, hour, minute).astimezone()
    found = elsewhere(neighbours, now)
    return (found.site.en, found.hours, found.time) if found else ()


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (7, 59, ("Town", "opens", "09:00")),
        (8, 0, ("Bank", "until", "18:00")),
        (9, 0, ("Town", "until", "17:00")),
        (16, 59, ("Town", "until", "17:00")),
        (17, 0, ("Bank", "until", "18:00")),
        (18, 0, ()),
    ],
)
def test_the_nearest_that_is_open(hour: int, minute: int, expected: tuple[str, ...]) -> None:
    assert said(TOWN, BANK, hour=hour, minute=minute) == expected


def test_a_day_off_and_one_that_never_closes() -> None:
    assert said(TOWN, BANK, day=28, hour=10) == ("Bank", "until", "18:00")
    assert said(TOWN, BANK, ALWAYS, day=28, hour=3) == ("Hall", "always", "")
    assert said(hour=10) == ()


NEARBY = """
[[nearby.terminals]]
site = { zh = "镇", en = "Town" }
way = { zh = "东", en = "East" }
opens = "09:00"
closes = "17:00"
days = [1, 2, 3, 4, 5]
"""


def test_settings_name_them_and_the_fleets_replace_the_files(tmp_path: Path) -> None:
    path = tmp_path / "terminal.toml"
    path.write_text(NEARBY, encoding="utf-8")
    own = bootstrap.place(load.terminal(path))
    assert own.neighbours == (TOWN,)
    over = {"nearby": {"terminals": [{"site": {"zh": "厅", "en": "Hall"},
                                      "way": {"zh": "北", "en": "North"}}]}}  # fmt: skip
    assert bootstrap.place(load.terminal(path, over)).neighbours == (ALWAYS,)


@pytest.mark.parametrize("line", ['opens = "25:00"', "days = [0]", 'phone = "1"'])
def test_a_wrong_one_is_explained(tmp_path: Path, line: str) -> None:
    path = tmp_path / "terminal.toml"
    key = line.split(maxsplit=1)[0]
    lines = [one for one in NEARBY.splitlines() if not one.startswith(f"{key} ")]
    path.write_text("\n".join([*lines, line]), encoding="utf-8")
    with pytest.raises(SettingsFileError, match=rf"nearby\.terminals\.0\.{key}"):
        load.terminal(path)
