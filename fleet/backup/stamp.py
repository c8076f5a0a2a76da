"""When a backup was made last: a small file, for whoever watches that there are any."""

from __future__ import annotations

from pathlib import Path

NAME = "last-backup"


def note(var: Path, at: float) -> None:
    (var / NAME).write_text(f"{at:.0f}\n")


def last_made(var: Path) -> float:
    """Epoch seconds; 0.0: none is known."""
    try:
        return float((var / NAME).read_text())
    except (OSError, ValueError):
        return 0.0
