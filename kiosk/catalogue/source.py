"""Where a terminal's catalogue comes from: a folder of bundles, or item files as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.catalogue.shelf import Shelf
from kiosk.services.load import Catalogue, load_catalogue

Look = Callable[[], Catalogue]


def source(folder: Path, shelf: Path, trust: Path, tenant: str) -> Look:
    """Ask it before each visit; the same object comes again while nothing has changed.

    `folder`: with bundles (`*.kcb`), which may come later, or with item files (`*.toml`), which
    are read now, once. `shelf`: where good bundles are kept. Raises `CatalogueError` for item
    files that are wrong.
    """
    if not any(folder.glob("*.toml")):
        return Shelf(shelf, folder, trust, tenant).look
    fixed = load_catalogue(folder)
    return lambda: fixed
