"""The simulators' state files and papers, as the dock's panel reads and writes them.

Screens know no driver: files are all they share.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.simulated import DEVICES, Value, changes

ICONS: Mapping[str, str] = {
    "idcard": "account-card-details", "chipcard": "chip", "receipt": "receipt",
    "document": "certificate", "camera": "camera", "scanner": "barcode-scan",
    "doccam": "file-find", "keypad": "dialpad", "sensors": "gauge", "network": "lan",
    "payment": "cellphone",
}  # fmt: skip


def read_state(folder: Path, device: str) -> dict[str, Any]:
    """What the file says; an absent or half-written one says nothing."""
    try:
        said = json.loads((folder / f"{device}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def write_state(folder: Path, device: str, key: str, value: Value) -> None:
    """Change one key; readers see the old file or the new one, never a mix."""
    _replace(folder, device, changes(device, {key: value}), anew=False)


def reset(folder: Path) -> None:
    """All well again."""
    for device in DEVICES:
        _replace(folder, device, {}, anew=True)


def _replace(folder: Path, device: str, changed: Mapping[str, Value], *, anew: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # writers of one folder take turns
        said = changed if anew else {**read_state(folder, device), **changed}
        part = folder / f".{device}.{os.getpid()}.part"
        part.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        part.replace(folder / f"{device}.json")
    finally:
        os.close(handle)


def newest_receipt(folder: Path) -> Path | None:
    """Papers are numbered, so the newest has the last name."""
    return max((folder / "receipts").glob("*.png"), default=None)


def newest_certificate(folder: Path) -> Path | None:
    return max((folder / "certificates").glob("*.pdf"), default=None)
