"""Making a bundle: the same items give the same SQLite file, byte for byte.

The number, the time and what came before are in the signed statement alone, so that they leave the
file as it is.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk import durable
from kiosk.catalogue import bundle, information
from kiosk.catalogue.bundle import Bundle
from kiosk.catalogue.items import (
    TABLES,
    canonical,
    connect,
    content_hash,
    dictionary,
    needs,
    packed,
)
from kiosk.catalogue.keys import kid
from kiosk.catalogue.statement import Refusal, Statement
from kiosk.errors import CatalogueError
from kiosk.services import search
from kiosk.services.information import Entries
from kiosk.services.item import Item

_NO_PAGES: Entries = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published, by whom. `made`: epoch seconds. `number`: the least that the bundle
    may get, for an office that lost its last one. `weights`: how often an item is asked for, by
    task code; the most wanted come first in the menu. `trusted`: keys beside `key` with which the
    bundle before may be signed."""

    tenant: str
    key: Ed25519PrivateKey = field(repr=False)
    made: int
    number: int = 1
    weights: Mapping[str, float] = field(default_factory=dict)
    trusted: Mapping[bytes, Ed25519PublicKey] = field(default_factory=dict)


def publish(
    items: Sequence[Item],
    out: Path,
    order: Order,
    after: Path | None = None,
    pages: Entries = _NO_PAGES,
) -> Statement:
    """Put a new bundle in the place of `out`, numbered after `after` (`out` itself, if not given).

    `pages`: of public information. Nothing is written when no item and no page has changed; then
    the statement is the old one. Processes take turns. Raises `CatalogueError`: a changed item has
    its old version, or the bundle before is not one of ours.
    """
    with durable.locked(out.parent):
        _clear(out.parent)
        last = before(after or out, order)
        bodies = [(item, canonical(item)) for item in _in_menu_order(items, order.weights)]
        contents = {item.task_code: content_hash(body) for item, body in bodies}
        source = source_hash(contents, order.weights, pages)
        if last is not None:
            if wrong := unraised(items, last):
                lines = (f"[version-not-raised] {code}: {what}" for code, what in wrong.items())
                raise CatalogueError("\n".join(lines))
            if last.path == out and _same(last.statement, source, order):
                return last.statement
        with TemporaryDirectory(dir=out.parent, prefix=durable.TEMPORARY) as folder:
            made = Path(folder) / "bundle"
            write(bodies, source, made, order.weights, pages)
            statement = _statement(made, source, order, last)
            bundle.append(made, statement, order.key)
            durable.put(made, out)
    return statement


def _clear(folder: Path) -> None:
    """What a builder left that was killed."""
    for path in folder.glob(f"{durable.TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True)


def before(path: Path, order: Order) -> Bundle | None:
    """The bundle that the next one follows; None: there is none yet. Raises `CatalogueError`."""
    if not path.exists():
        return None
    public = order.key.public_key()
    found = bundle.check(path, {**order.trusted, kid(public): public}, order.tenant)
    if isinstance(found, Refusal):
        remedy = "put the true one back, or remove it and give its number plus one (--number)"
        raise CatalogueError(f"{path}: is no bundle of this office ({found}); {remedy}")
    return found


def unraised(items: Iterable[Item], last: Bundle) -> dict[str, str]:
    """task_code → what is wrong: another content with the same version, or a lower version."""
    known: dict[str, tuple[str, str]] = {}
    connection = connect(last.path)
    for code, version, content in connection.execute(
        "SELECT task_code, task_version, sha256 FROM item"
    ):
        known[code] = (version, content)
    connection.close()
    wrong = {}
    for item in items:
        version, content = known.get(item.task_code, ("", ""))
        if not version or content_hash(canonical(item)) == content:
            continue
        if not _higher(item.task_version, version):
            wrong[item.task_code] = (
                f"has changed; raise task_version above '{version}' (it is '{item.task_version}')"
            )
    return wrong


def _higher(new: str, old: str) -> bool:
    """Numbers are compared as numbers, part by part: 2.10 is higher than 2.9."""
    return _parts(new) > _parts(old)


def _parts(version: str) -> list[tuple[int, str]]:
    pieces = version.replace("-", ".").replace("_", ".").split(".")
    return [(int(one), "") if one.isdecimal() else (-1, one) for one in pieces]


def _same(last: Statement, source: str, order: Order) -> bool:
    """A higher number is asked for when the same items are to be built once more."""
    return source == last.source and order.number <= last.number


def source_hash(
    contents: Mapping[str, str], weights: Mapping[str, float], pages: Entries = _NO_PAGES
) -> str:
    """Of task_code → sha256 of every item, in whatever order they stand, of the weights, and of
    the pages."""
    lines = sorted(f"{code} {content}" for code, content in contents.items())
    lines += sorted(f"{code} {often!r}" for code, often in weights.items())
    told = information.contents(pages)
    lines += sorted(f"information/{name} {content}" for name, content in told.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def write(
    bodies: Sequence[tuple[Item, bytes]],
    source: str,
    path: Path,
    weights: Mapping[str, float] | None = None,
    pages: Entries = _NO_PAGES,
) -> None:
    """The SQLite file alone, from items in menu order with their canonical bytes."""
    draft = sqlite3.connect(path.with_suffix(".draft"), isolation_level=None)
    try:
        draft.execute("PRAGMA journal_mode = OFF")
        draft.execute("PRAGMA synchronous = OFF")
        draft.execute(f"PRAGMA application_id = {bundle.APPLICATION}")
        draft.executescript(TABLES)
        draft.execute("BEGIN")
        draft.execute("INSERT INTO meta VALUES ('source', ?)", (source,))
        common = dictionary(body for _, body in bodies)
        draft.execute("INSERT INTO dictionary VALUES (?)", (common,))
        draft.executemany("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)", _rows(bodies, common))
        search.build(draft, [item for item, _ in bodies], weights)
        information.write(draft, pages)
        draft.execute("COMMIT")
        draft.execute("VACUUM INTO ?", (str(path),))
    finally:
        draft.close()


def _rows(bodies: Iterable[tuple[Item, bytes]], common: bytes) -> Iterator[tuple[object, ...]]:
    for position, (item, body) in enumerate(bodies, start=1):
        who = (position, item.task_code, item.task_version)
        yield *who, content_hash(body), needs(item), packed(body, common)


def _in_menu_order(items: Sequence[Item], weights: Mapping[str, float]) -> list[Item]:
    return sorted(items, key=lambda item: -weights.get(item.task_code, 0.0))


def _statement(made: Path, source: str, order: Order, last: Bundle | None) -> Statement:
    size = made.stat().st_size
    with made.open("rb") as file:
        sha256 = bundle.digest(file, size)
    return Statement(
        tenant=order.tenant,
        number=max(order.number, last.statement.number + 1 if last else 1),
        made=order.made,
        size=size,
        sha256=sha256,
        source=source,
        previous=last.statement.sha256 if last else "",
    )
