"""The catalogue's items, for the plans of cases: the same files as the terminals read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import structlog

from kiosk.services.item import Item

log = structlog.get_logger("fleet.handling")


def items(folder: Path) -> dict[str, Item]:
    """By task_code. An unreadable file is logged and left out: its cases get the usual steps."""
    found: dict[str, Item] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            item = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Item)
        except (OSError, ValueError, msgspec.ValidationError) as error:
            log.warning("item_unreadable", file=path.name, error=type(error).__name__)
        else:
            found[item.task_code] = item
    return found
