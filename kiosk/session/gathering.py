"""Where somebody is among the materials of an application."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.model import PageHint
from kiosk.services.materials import Source


@dataclass(slots=True)
class Gathering:
    """Where somebody is among the materials. `open`: code of the one whose ways are shown; `way`:
    the one that is gone; `telling`: what is missing is told; `fault`: why nothing was scanned;
    `arranging`: nothing is scanned before the citizen says that the page lies ready."""

    open: str = ""
    way: Source | None = None
    telling: bool = False
    hint: PageHint = PageHint.SEARCHING
    fault: str = ""
    arranging: bool = False
