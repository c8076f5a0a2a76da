"""Reading the catalogue from a folder: one TOML file for each item, checked by its rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import CatalogueError
from kiosk.services import information_files, lint
from kiosk.services.information import Entry
from kiosk.services.item import Item
from kiosk.services.lint_rules import Gate

if TYPE_CHECKING:
    from sqlite3 import Connection


__all__ = ["Catalogue", "CatalogueError", "load_catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every item that this terminal offers, in the order of its menu.

    `version` is the same wherever the items are the same. `items` may read each item only when it
    is asked for: from a bundle, going through all of them is slow. `lookup` finds one without
    that; None: `items` is searched. `representatives`: one item of each combination of what
    decides whether it can be had (devices, network, authority). `index`: a bundle's file, for
    `kiosk.services.search.Finder`; on one thread only. `information`: what is made public, by name.
    """

    items: Sequence[Item]
    version: str
    lookup: Callable[[str], Item | None] | None = field(default=None, repr=False, compare=False)
    representatives: Sequence[Item] = field(default=(), repr=False, compare=False)
    index: Connection | None = field(default=None, repr=False, compare=False)
    information: Mapping[str, Entry] = field(default_factory=dict, repr=False, compare=False)

    def find(self, task_code: str) -> Item | None:
        if self.lookup is not None:
            return self.lookup(task_code)
        return next((item for item in self.items if item.task_code == task_code), None)


def load_catalogue(folder: Path) -> Catalogue:
    """Read every `*.toml` of `folder`, in the order of their names; the version follows their

    bytes. With the pages of `information` beside it. Raises `CatalogueError` with one line for
    each fault.
    """
    files, faults = lint.folder(folder, Gate.LOAD)
    if not files:
        raise CatalogueError(f"{folder}: there is no item file (*.toml) in this folder")
    if faults:
        raise CatalogueError("\n".join(map(str, faults)))
    items = tuple(file.item for file in files if file.item is not None)
    public = information_files.folder(information_files.beside(folder), items)
    if public.faults:
        raise CatalogueError("\n".join(map(str, public.faults)))
    known = {item.task_code: item for item in items}
    return Catalogue(
        items, _version(files), known.get, representatives=items, information=public.entries
    )


def _version(files: Iterable[lint.ItemFile]) -> str:
    sums = [f"{file.path.name} {hashlib.sha256(file.content).hexdigest()}" for file in files]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()[:12]
