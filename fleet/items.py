"""Names of the catalogue's items, for people who read task codes in the console.

The fleet reads the same files as the terminals do, but only these three keys of them.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import structlog

log = structlog.get_logger("fleet")


def names(folder: Path) -> dict[str, tuple[str, str]]:
    """task_code → (name zh, name en). An unreadable file is logged and left out."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            item = tomllib.loads(path.read_text("utf-8"))
            found[item["task_code"]] = (item["task_name"]["zh"], item["task_name"]["en"])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            log.warning("item_unreadable", file=path.name, error=type(error).__name__)
    return found
