"""The simulators' state files, as docs/architecture.md describes them, and what they can say.

Screens know no driver: files are all they share.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

Value = str | bool | None

_POWER = ("on", "off")
_LEVELS = ("full", "low", "out")
# file → key → what it can be; the first is what an absent key means
DEVICES: dict[str, dict[str, tuple[Value, ...]]] = {
    "idcard": {
        "card": (None, "zhang", "li", "hmt", "foreigner_i", "foreigner_y", "expired", "bad_number"),
        "fault": (None, "checksum", "cut_short", "wrong_card", "lifted", "refused", "silent"),
        "plugged": (True, False),
    },
    "receipt": {"paper": _LEVELS, "cover": ("closed", "open"), "power": _POWER},
    "document": {
        "paper": _LEVELS,
        "toner": _LEVELS,
        "fault": (None, "jam", "out_while_printing"),
        "power": _POWER,
    },
    "camera": {
        "scene": ("face", "empty", "far", "near", "dark", "turned", "two"),
        "power": _POWER,
    },
}


def read_state(folder: Path, device: str) -> dict[str, Value]:
    """What the file says; an absent or half-written one says nothing."""
    try:
        said = json.loads((folder / f"{device}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def write_state(folder: Path, device: str, key: str, value: Value) -> None:
    """Change one key; readers see the old file or the new one, never a mix."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {**read_state(folder, device), key: value}
    part = folder / f".{device}.{os.getpid()}.part"
    part.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    part.replace(folder / f"{device}.json")


def newest_receipt(folder: Path) -> Path | None:
    """Receipts are numbered, so the newest has the last name."""
    return max((folder / "receipts").glob("*.png"), default=None)
