"""What an office does with its item files: the commands of `kiosk catalogue`, without options.

Each says its lines to `say`, and returns the command's exit code. They raise `CatalogueError`.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kiosk.catalogue import bundle, information, keys
from kiosk.catalogue.build import Order, before, publish, unraised
from kiosk.catalogue.diff import difference
from kiosk.catalogue.items import catalogue, connect
from kiosk.catalogue.statement import Refusal
from kiosk.errors import CatalogueError
from kiosk.services import information_files, lint
from kiosk.services.information import Entries
from kiosk.services.information_files import Checked
from kiosk.services.item import Item
from kiosk.services.lint_rules import Fault, Gate
from kiosk.services.search import Finder

Say = Callable[[str], None]

EXPLAINED: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.UNREADABLE: "cannot be read",
        Refusal.NO_ROOM: "has no room on the disk",
        Refusal.NOT_A_BUNDLE: "is no bundle",
        Refusal.CUT_SHORT: "is cut short: get it again",
        Refusal.CHANGED: "is not as it was signed: get it again, and find out who changed it",
        Refusal.NO_TRUST: f"cannot be checked: the trust folder has no {keys.TRUSTED}",
        Refusal.UNKNOWN_KEY: "is signed by a key that the trust folder does not list",
        Refusal.OTHER_FORMAT: "is made for another version of this program",
        Refusal.OTHER_TENANT: "belongs to another tenant",
        Refusal.OLDER: "is older than one that was taken before",
        Refusal.CONFLICTING: "has the number of another bundle that was taken before",
    }
)


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whose bundles are believed. `folder`: with `catalogue.json`."""

    folder: Path
    tenant: str


WEIGHTS = "weights.json"


@dataclass(frozen=True, slots=True)
class Publication:
    """`trust`: whose bundles may be followed. `after`: the bundle it follows; None: that which is
    at `out`. `number`: the least it gets. `weights`: a JSON file, task_code → how often it is
    asked for; None: `WEIGHTS` beside the items, if there is one. `information`: the folder of
    pages; None: that beside the items' folder, if there is one."""

    folder: Path
    out: Path
    key: Path
    tenant: str
    templates: Path
    trust: Path
    after: Path | None = None
    number: int = 1
    weights: Path | None = None
    information: Path | None = None


def check(folder: Path, templates: Path, say: Say, pages: Path | None = None) -> int:
    """`pages`: the folder of public information; None: that beside `folder`."""
    files = _good(folder, templates, say)
    public = _public(pages or information_files.beside(folder), files or (), say)
    if files is None or public is None:
        return 1
    say(f"{_counted(files, public)}, nothing wrong")
    return 0


def build(wanted: Publication, say: Say) -> int:
    files = _good(wanted.folder, wanted.templates, say)
    pages = wanted.information or information_files.beside(wanted.folder)
    public = _public(pages, files or (), say)
    if files is None or public is None:
        return 1
    items = [file.item for file in files if file.item is not None]
    key = keys.load_key(wanted.key)
    beside = wanted.folder / WEIGHTS
    weights = _weights(wanted.weights or (beside if beside.exists() else None))
    trusted = keys.trusted(wanted.trust)
    order = Order(wanted.tenant, key, _now(), wanted.number, weights, trusted)
    last = before(wanted.after or wanted.out, order)
    if last and _told(lint.versions(files, unraised(items, last)), say):
        return 1
    made = publish(items, wanted.out, order, wanted.after, public.entries)
    same = last is not None and made == last.statement
    what = "nothing has changed" if same else f"{_counted(files, public)}, {made.size} bytes"
    say(f"{wanted.out}: version {made.version}, {what}")
    return 0


def compare(old: Path, new: Path, trusted: Trusted, say: Say) -> int:
    found = difference(_items(old, trusted, say), _items(new, trusted, say))
    pages = [*information.difference(_pages(old, trusted, say), _pages(new, trusted, say))]
    for line in (*found.lines(), *pages):
        say(line)
    return 1 if found or pages else 0


def find(file: Path, words: str, limit: int, trusted: Trusted, say: Say) -> int:
    listed = catalogue(_bundle(file, trusted))
    for hit in Finder(connect(file)).find(words, limit):
        item = listed.find(hit.task_code)
        assert item is not None
        why = f"{hit.place}, {hit.closeness}"
        say(f"{hit.task_code}  {item.task_name.zh} | {item.task_name.en}  ({why})")
    return 0


def _good(folder: Path, templates: Path, say: Say) -> list[lint.ItemFile] | None:
    """None: something is wrong, and was said."""
    names = frozenset(path.stem for path in templates.glob("*.toml"))
    known = names if templates.is_dir() else None
    files, faults = lint.folder(folder, Gate.PUBLISH, known)
    if not files:
        raise CatalogueError(f"{folder}: there is no item file (*.toml) in this folder")
    return None if _told(faults, say) else files


def _public(folder: Path, files: Sequence[lint.ItemFile], say: Say) -> Checked | None:
    """The pages of public information; warnings are told too. None: something is wrong."""
    found = information_files.folder(folder, [file.item for file in files if file.item])
    for warning in found.warnings:
        say(f"warning: {warning}")
    return None if _told(found.faults, say) else found


def _counted(files: Sequence[lint.ItemFile], public: Checked) -> str:
    pages = f", {_several(public.files, 'page')} of information" if public.files else ""
    return f"{_several(len(files), 'item')}{pages}"


def _told(faults: Sequence[Fault], say: Say) -> bool:
    for fault in faults:
        say(str(fault))
    if faults:
        files = len({fault.file for fault in faults})
        say(f"{_several(len(faults), 'fault')} in {_several(files, 'file')}")
    return bool(faults)


def _several(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _items(path: Path, trusted: Trusted, say: Say) -> Sequence[Item]:
    """Of a bundle, or of a folder, whose files may break rules but have to be items."""
    if not path.is_dir():
        return catalogue(_bundle(path, trusted)).items
    files, faults = lint.folder(path, Gate.LOAD)
    if _told([fault for fault in faults if fault.rule in lint.SHAPE], say):
        raise CatalogueError(f"{path}: some files are no items")
    return [file.item for file in files if file.item is not None]


def _pages(path: Path, trusted: Trusted, say: Say) -> Entries:
    if not path.is_dir():
        return catalogue(_bundle(path, trusted)).information
    found = information_files.folder(information_files.beside(path), _items(path, trusted, say))
    if _told([fault for fault in found.faults if fault.rule in lint.SHAPE], say):
        raise CatalogueError(f"{path}: some files are no pages of information")
    return found.entries


def _bundle(path: Path, trusted: Trusted) -> bundle.Bundle:
    found = bundle.check(path, keys.trusted(trusted.folder), trusted.tenant)
    if isinstance(found, Refusal):
        raise CatalogueError(f"{path}: {EXPLAINED[found]}")
    return found


def _weights(path: Path | None) -> Mapping[str, float]:
    if path is None:
        return {}
    try:
        found = {str(code): float(often) for code, often in json.loads(path.read_bytes()).items()}
    except (ValueError, TypeError, AttributeError):
        found = {"": math.nan}
    if not all(map(math.isfinite, found.values())):
        raise CatalogueError(f"{path}: must be a JSON table of task codes and numbers")
    return found


def _now() -> int:
    """Seconds; SOURCE_DATE_EPOCH where builds have to be repeatable."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isdecimal() else int(time.time())
