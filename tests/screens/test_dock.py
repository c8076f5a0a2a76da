"""The dock writes the simulators' files, and shows what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from screens.dock_files import DEVICES, newest_receipt, read_state, write_state

ROOT = Path(__file__).parents[2]

PRESS_ALL = """
import json, os, sys
from pathlib import Path
from screens.settings import prepare
folder = Path(sys.argv[1])
prepare(folder / "home", 420, 1080, cursor=False)
from screens.dock_window import DockApp
from screens.player import Finger, middle
from screens.step import begin, frames
from screens.widgets.press import targets
app = DockApp(folder, Path(sys.argv[2]), "en", (420, 1080))
begin(app)
frames(4)
said = {}
for action, target in targets(app.root).items():
    finger = Finger(1, *middle(target))
    finger.down(); frames(1); finger.up(); frames(1)
    device, key, _ = action.split(":")
    said[action] = json.loads((folder / f"{device}.json").read_text())[key]
print(json.dumps(said))
"""


def test_a_key_changes_and_the_others_stay(tmp_path: Path) -> None:
    write_state(tmp_path, "receipt", "paper", "out")
    write_state(tmp_path, "receipt", "cover", "open")
    assert json.loads((tmp_path / "receipt.json").read_text()) == {"paper": "out", "cover": "open"}
    assert [path.name for path in tmp_path.iterdir()] == ["receipt.json"]


def test_a_broken_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "idcard.json").write_text('{"card": ')
    assert read_state(tmp_path, "idcard") == {}
    write_state(tmp_path, "idcard", "card", "li")
    assert read_state(tmp_path, "idcard") == {"card": "li"}


def test_the_newest_receipt_has_the_last_number(tmp_path: Path) -> None:
    assert newest_receipt(tmp_path) is None
    (tmp_path / "receipts").mkdir()
    for number in (2, 10, 1):
        (tmp_path / "receipts" / f"{number:04}.png").touch()
    newest = newest_receipt(tmp_path)
    assert newest is not None
    assert newest.name == "0010.png"


def test_its_keys_are_those_of_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for device, keys in DEVICES.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{device}.json`"))
        assert set(keys) <= set(re.findall(r"`([a-z_]+)`: ", row))


def test_every_button_writes_its_value(tmp_path: Path, fonts: Path) -> None:
    from screens.xvfb import display

    with display(420, 1080) as number:
        result = subprocess.run(
            [sys.executable, "-c", PRESS_ALL, str(tmp_path), str(fonts)], cwd=ROOT,
            env={**os.environ, "DISPLAY": number}, capture_output=True, text=True, timeout=90,
            check=True,
        )  # fmt: skip
    said = json.loads(result.stdout.strip().splitlines()[-1])
    wanted = {
        f"{device}:{key}:{str(value).lower()}": value
        for device, keys in DEVICES.items()
        for key, values in keys.items()
        for value in values
    }
    assert said == wanted
