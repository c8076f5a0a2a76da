"""What changes between two catalogues, as an office wants to see it before it publishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from kiosk.services.item import Item

_NAMES = ("name", "code", "field")  # by which the tables of a list are told apart
_LONGEST = 160  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """`old` or `new` is None where a value is not there."""

    place: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.place.removeprefix('.')}: {_short(self.old)} -> {_short(self.new)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """`changed`: with what has changed in each item."""

    added: tuple[Item, ...]
    withdrawn: tuple[Item, ...]
    changed: tuple[tuple[Item, tuple[Change, ...]], ...]

    def lines(self) -> Iterator[str]:
        for sign, word, items in (("+", "added", self.added), ("-", "withdrawn", self.withdrawn)):
            for item in items:
                yield f"{sign} {item.task_name.zh} ({item.task_code}) {word}"
        for item, changes in self.changed:
            yield f"~ {item.task_name.zh} ({item.task_code}) changed"
            yield from (f"    {change}" for change in changes)

    def __bool__(self) -> bool:
        return bool(self.added or self.withdrawn or self.changed)


def difference(old: Iterable[Item], new: Iterable[Item]) -> Difference:
    before = {item.task_code: item for item in old}
    after = {item.task_code: item for item in new}
    both = [(before[code], item) for code, item in after.items() if code in before]
    return Difference(
        added=tuple(item for code, item in after.items() if code not in before),
        withdrawn=tuple(item for code, item in before.items() if code not in after),
        changed=tuple((item, changes(was, item)) for was, item in both if was != item),
    )


def changes(old: Item, new: Item) -> tuple[Change, ...]:
    return changes_of(msgspec.to_builtins(old), msgspec.to_builtins(new))


def changes_of(old: Any, new: Any) -> tuple[Change, ...]:
    """Of tables, lists and plain values."""
    return tuple(_changes("", old, new))


def _changes(place: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    before, after = _table(old), _table(new)
    if before is None or after is None:
        yield Change(place, old, new)
        return
    for key in {**before, **after}:
        yield from _changes(f"{place}{key}", before.get(key), after.get(key))
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield Change(f"{place} (order)", list(before), list(after))


def _table(value: Any) -> Mapping[str, Any] | None:
    """A table by its keys, a list of tables by their names; None: anything else."""
    if isinstance(value, dict):
        return {f".{key}": one for key, one in value.items()}
    if not isinstance(value, list | tuple) or not all(isinstance(one, dict) for one in value):
        return None
    names = [_name(one) for one in value]
    if all(names) and len(set(names)) == len(names):
        return {f"[{name}]": one for name, one in zip(names, value, strict=True)}
    return {f"[{index}]": one for index, one in enumerate(value, start=1)}


def _name(table: Mapping[str, Any]) -> str:
    return next((table[key] for key in _NAMES if isinstance(table.get(key), str)), "")


def _short(value: Any) -> str:
    if value is None:
        return "(nothing)"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
