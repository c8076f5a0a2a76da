"""The dock's panel writes the simulators' files, and shows what they and the papers say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.model import Language
from kiosk.simulated import DEVICES
from screens.dock_files import (
    ICONS,
    newest_certificate,
    newest_receipt,
    read_state,
    reset,
    write_state,
)
from screens.fonts import icon_names
from screens.words import Words

ROOT = Path(__file__).parents[2]
WORDS = Words(ROOT / "config" / "locales", strict=True)

BEGIN = """
import json, os, sys
from pathlib import Path
from screens.settings import prepare
folder, fonts, language = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
height = int(sys.argv[4])
prepare(folder / "home", 420, height, cursor=False)
from kivy.core.window import Window
from screens.dock_window import DockApp
from screens.player import Finger, middle
from screens.step import begin, frames
from screens.widgets.press import targets
from screens.widgets.text import Label
app = DockApp(folder, fonts, folder / "home", language, (420, height))
begin(app)
frames(4)

def press(action):
    finger = Finger(1, *middle(targets(app.root)[action]))
    finger.down(); frames(1); finger.up(); frames(2)

def said(device):
    return json.loads((folder / f"{device}.json").read_text())
"""

PRESS_ALL = """
written = {}
for tab in [a for a in targets(app.root) if a.startswith("tab:")]:
    press(tab)
    done = set()
    while True:
        for action in [a for a in targets(app.root) if a.count(":") == 2 and a not in done]:
            press(action)
            done.add(action)
            device, key, _ = action.split(":")
            written[action] = said(device)[key]
        if "page_down" not in targets(app.root):
            break
        press("page_down")
print(json.dumps(written))
"""

LOOK = """
faults = []
for tab in [a for a in targets(app.root) if a.startswith("tab:")]:
    press(tab)
    for widget in app.root.walk(restrict=True):
        if isinstance(widget, Label) and widget.text:
            over = [a > b + 1 for a, b in zip(widget.texture_size, widget.size)]
            if widget.clipped or any(over) or widget.x < 0 or widget.right > Window.width:
                faults.append(f"{tab} {widget.raw!r} {widget.texture_size} {widget.size}")
    for action, target in targets(app.root).items():
        if target.height < 34 or target.width < 40 or target.y < 0 or target.top > Window.height:
            faults.append(f"{tab} {action} {target.pos} {target.size}")
print(json.dumps(faults))
"""

DOTS = """
from screens.dock_files import write_state
def tones():
    app._look_again(); frames(1)
    return {device: str(tab._tone) for device, tab in app._tabs.items() if tab._tone}
well = tones()
write_state(folder, "idcard", "card", "zhang")
write_state(folder, "receipt", "paper", "low")
write_state(folder, "document", "fault", "jam")
write_state(folder, "document", "paper", "low")
ill = tones()
press("reset")
print(json.dumps([well, ill, tones(), said("document")]))
"""

PAPERS = """
import time
from PIL import Image
from screens.step import picture
for name in ("receipts", "certificates"):
    (folder / name).mkdir()
Image.new("RGB", (576, 900), (200, 30, 30)).save(folder / "receipts" / "0001.png")
Image.new("RGB", (600, 800), (30, 30, 200)).save(folder / "certificates" / "0001.pdf")
(folder / "certificates" / "0000.pdf").write_bytes(b"not the newest, and no PDF")
both = app._papers.both
end = time.monotonic() + 20
while not all(paper.enabled for paper in both) and time.monotonic() < end:
    app._look_again(); frames(1)
def share():
    colours = picture().getdata()
    red = sum(r > 150 and b < 80 for r, g, b in colours) / len(colours)
    blue = sum(b > 150 and r < 80 and g < 60 for r, g, b in colours) / len(colours)
    return round(red, 3), round(blue, 3)
small = share()
press("paper:receipt")
large, offered = share(), sorted(targets(app.root))
press("paper:receipt")
print(json.dumps([small, large, offered, "tab:idcard" in targets(app.root)]))
"""


@pytest.fixture
def panel(tmp_path: Path, fonts: Path) -> Callable[..., Any]:
    """Runs a script on a panel of its own: Kivy has one window in a process."""
    from screens.xvfb import display

    def run(script: str, language: str = "en", height: int = 1080) -> Any:
        with display(420, height) as number:
            result = subprocess.run(
                [sys.executable, "-c", BEGIN + script, str(tmp_path), str(fonts), language,
                 str(height)],
                cwd=ROOT, env={**os.environ, "DISPLAY": number}, capture_output=True, text=True,
                timeout=90, check=False,
            )  # fmt: skip
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout.strip().splitlines()[-1])

    return run


# ---- Files -----------------------------------------------------------------------------------


def test_a_key_changes_and_the_others_stay(tmp_path: Path) -> None:
    write_state(tmp_path, "receipt", "paper", "out")
    write_state(tmp_path, "receipt", "cover", "open")
    assert json.loads((tmp_path / "receipt.json").read_text()) == {"paper": "out", "cover": "open"}
    assert [path.name for path in tmp_path.iterdir()] == ["receipt.json"]


def test_a_key_that_was_pushed_is_not_pushed_again_by_another_wish(tmp_path: Path) -> None:
    write_state(tmp_path, "keypad", "key", "7")
    assert read_state(tmp_path, "keypad") == {"key": "7"}
    write_state(tmp_path, "keypad", "plugged", False)
    assert read_state(tmp_path, "keypad") == {"key": None, "plugged": False}


def test_a_broken_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "idcard.json").write_text('{"card": ')
    assert read_state(tmp_path, "idcard") == {}
    write_state(tmp_path, "idcard", "card", "li")
    assert read_state(tmp_path, "idcard") == {"card": "li"}


def test_all_well_again_empties_every_file(tmp_path: Path) -> None:
    write_state(tmp_path, "sensors", "door", "open")
    reset(tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(DEVICES)
    assert all(read_state(tmp_path, device) == {} for device in DEVICES)


def test_the_newest_papers_have_the_last_number(tmp_path: Path) -> None:
    assert newest_receipt(tmp_path) is None
    assert newest_certificate(tmp_path) is None
    for folder, kind in (("receipts", "png"), ("certificates", "pdf")):
        (tmp_path / folder).mkdir()
        for number in (2, 10, 1):
            (tmp_path / folder / f"{number:04}.{kind}").touch()
    assert newest_receipt(tmp_path) == tmp_path / "receipts" / "0010.png"
    assert newest_certificate(tmp_path) == tmp_path / "certificates" / "0010.pdf"


def test_its_keys_are_those_of_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for device, knobs in DEVICES.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{device}.json`"))
        assert set(knobs) <= set(re.findall(r"`([a-z_]+)`: ", row)), device


# ---- Words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("device", DEVICES)
def test_everything_on_the_panel_has_words_and_an_icon(device: str) -> None:
    shown = {key: knob for key, knob in DEVICES[device].items() if knob.shown}
    options = {
        f"dock.option.{key}.{word}"
        if f"dock.option.{key}.{word}" in WORDS
        else f"dock.option.{word}"
        for key, knob in shown.items()
        for word in knob.values
        if not word.isdigit()
    }
    wanted = {f"dock.{device}", f"dock.tab.{device}", *(f"dock.{key}" for key in shown), *options}
    assert [key for key in wanted if key not in WORDS] == []
    assert ICONS[device] in icon_names()


def test_values_of_one_key_have_different_words() -> None:
    for language in Language:
        for device, knobs in DEVICES.items():
            for key, knob in knobs.items():
                words = [_said(key, word, language) for word in knob.values if knob.shown]
                assert len(set(words)) == len(words), f"{device} {key} {language}"


def _said(key: str, word: str, language: Language) -> str:
    special = f"dock.option.{key}.{word}"
    if word.isdigit():
        return word
    return WORDS.say(special if special in WORDS else f"dock.option.{word}", language)


# ---- The panel -------------------------------------------------------------------------------


def test_every_button_writes_its_value_even_on_a_low_window(panel: Callable[..., Any]) -> None:
    wanted = {
        f"{device}:{key}:{word}": value
        for device, knobs in DEVICES.items()
        for key, knob in knobs.items()
        for word, value in [*knob.values.items()][knob.push :]
        if knob.shown
    }
    assert panel(PRESS_ALL, height=700) == wanted


@pytest.mark.parametrize(("language", "height"), [("zh_CN", 1080), ("en", 1080), ("en", 700)])
def test_nothing_is_clipped_or_lost(panel: Callable[..., Any], language: str, height: int) -> None:
    assert panel(LOOK, language, height) == []


def test_dots_tell_what_is_not_as_usual_and_reset_mends_it(panel: Callable[..., Any]) -> None:
    well, ill, after, document = panel(DOTS)
    assert well == {}
    assert ill == {"idcard": "used", "receipt": "warn", "document": "bad"}
    assert after == {}
    assert document == {}


def test_papers_are_shown_and_enlarged(panel: Callable[..., Any]) -> None:
    small, large, offered, back = panel(PAPERS)
    assert small[0] > 0.05
    assert small[1] > 0.05
    assert large[0] > 2 * small[0]
    assert offered == ["paper:receipt", "reset"]
    assert back
