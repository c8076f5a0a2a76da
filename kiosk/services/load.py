"""Reading the catalogue: one TOML file for each item, checked against its type and its rules."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from kiosk.errors import CatalogueError
from kiosk.services import lint
from kiosk.services.item import Item


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every item that this terminal offers, in the order of its files' names.

    `version` is the same wherever the files are the same, byte for byte.
    """

    items: tuple[Item, ...]
    version: str

    def find(self, task_code: str) -> Item | None:
        return next((item for item in self.items if item.task_code == task_code), None)


def load_catalogue(folder: Path) -> Catalogue:
    """Read every `*.toml` of `folder`; raises `CatalogueError` with one line for each fault."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise CatalogueError(f"{folder}: there is no item file (*.toml) in this folder")
    contents = {path: _read(path) for path in files}
    items = {path: _convert(path, content) for path, content in contents.items()}
    faults = [
        f"{path}: {where}: {what}"
        for path, item in items.items()
        for where, what in lint.item(item)
    ]
    faults += [f"{folder}: {what}" for what in lint.together(items.values())]
    if faults:
        raise CatalogueError("\n".join(faults))
    return Catalogue(tuple(items.values()), _version(contents))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from None


def _convert(path: Path, content: bytes) -> Item:
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}") from None
    unknown = list(_unknown_keys(data, Item, ""))
    if unknown:
        raise CatalogueError("\n".join(f"{path}: {line}" for line in unknown))
    try:
        return msgspec.convert(data, Item)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{path}: {_plain(str(error))}") from None


def _version(contents: Mapping[Path, bytes]) -> str:
    sums = [f"{path.name} {hashlib.sha256(contents[path]).hexdigest()}" for path in contents]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()[:12]


def _unknown_keys(data: object, kind: Any, place: str) -> Iterator[str]:
    """Every key that `kind` does not know, at any depth, each with the nearest one that it does."""
    if isinstance(data, list):
        inner = (typing.get_args(kind) or (object,))[0]
        for index, element in enumerate(data, start=1):
            yield from _unknown_keys(element, inner, f"{place}[{index}]")
    if not isinstance(data, dict) or not _is_struct(kind):
        return
    known = typing.get_type_hints(kind)
    for key, value in data.items():
        here = f"{place}.{key}".lstrip(".")
        if key in known:
            yield from _unknown_keys(value, known[key], here)
            continue
        close = difflib.get_close_matches(key, known, n=1)
        yield f"{here}: no such key; {_remedy(close)}"


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _remedy(close: list[str]) -> str:
    return f"did you mean '{close[0]}'?" if close else "remove it"


def _plain(message: str) -> str:
    """msgspec's words with the place first: `fields[2].type: Invalid enum value 'txt'`."""
    what, _, place = message.partition(" - at ")
    field = re.sub(
        r"\[(\d+)\]", lambda m: f"[{int(m[1]) + 1}]", place.strip("`").removeprefix("$").strip(".")
    )
    missing = re.fullmatch(r"Object missing required field `(\w+)`", what)
    if missing:
        return f"{f'{field}.{missing[1]}'.lstrip('.')}: is missing"
    return f"{field}: {what}" if field else what
