"""Is a file TOML, and is every key known, there, and of the right type? All faults at once."""

from __future__ import annotations

import difflib
import re
import tomllib
import types
import typing
from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

import msgspec

from kiosk.services.item import Item
from kiosk.services.lint_rules import Place

TOML, UNKNOWN, MISSING, TYPE = "toml", "unknown-key", "missing-key", "wrong-type"
SAYS = {
    TOML: "The file is TOML in UTF-8.",
    UNKNOWN: "Every key is one that an item can have.",
    MISSING: "Every key that an item must have is there.",
    TYPE: "Every value is of its key's type, and every word from a closed list is on it.",
}
Shaped = tuple[str, Place, str]  # rule, where, what is wrong
_WORDS = {str: "a text", int: "a whole number", bool: "true or false"}
_WANTED = {**_WORDS, date: "a day such as 2026-12-31, without quotes"}
_GIVEN = {dict: "a table", list: "a list", float: "a number with a point", **_WORDS}


class NotTomlError(ValueError):
    """`line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def parse(content: bytes) -> dict[str, Any]:
    """Raises `NotTomlError`."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotTomlError("not valid TOML: the file is not written in UTF-8", line) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else content.count(b"\n") + 1
        raise NotTomlError(f"not valid TOML: {error}", line) from None
    except RecursionError:
        raise NotTomlError("not valid TOML: nested too deep", 1) from None
    except ValueError as error:  # a day that no calendar has, or a number with too many digits
        raise NotTomlError(f"not valid TOML: {error}", 1) from None


def shape(data: object, kind: type[msgspec.Struct] = Item) -> list[Shaped]:
    return list(_value(data, kind, ()))


def _value(data: object, kind: Any, place: Place) -> Iterator[Shaped]:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        kind = next(one for one in typing.get_args(kind) if one is not type(None))
        origin = typing.get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _struct(data, kind, place)
    elif origin is tuple:
        yield from _list(data, typing.get_args(kind), place)
    elif origin is dict:
        yield from _dict(data, typing.get_args(kind)[1], place)
    else:
        yield from _scalar(data, kind, place)


def _struct(data: object, kind: type[msgspec.Struct], place: Place) -> Iterator[Shaped]:
    if not isinstance(data, dict):
        yield TYPE, place, f"must be a table with {_listed(_hints(kind))}, not {_is(data)}"
        return
    known = _hints(kind)
    meant = set()
    for key, value in data.items():
        if key in known:
            yield from _value(value, known[key], (*place, key))
            continue
        close = difflib.get_close_matches(key, known, n=1)
        meant.update(close)
        remedy = f"did you mean '{close[0]}'?" if close else "remove it"
        yield UNKNOWN, (*place, key), f"no such key; {remedy}"
    for name in _required(kind):
        if name not in data and name not in meant:
            yield MISSING, (*place, name), "is missing"


def _list(data: object, kinds: tuple[Any, ...], place: Place) -> Iterator[Shaped]:
    if not isinstance(data, list):
        yield TYPE, place, f"must be a list, not {_is(data)}"
        return
    any_length = kinds[-1] is Ellipsis
    if not any_length and len(data) != len(kinds):
        yield TYPE, place, f"must have exactly {len(kinds)} values, not {len(data)}"
        return
    for index, element in enumerate(data):
        yield from _value(element, kinds[0 if any_length else index], (*place, index))


def _dict(data: object, kind: Any, place: Place) -> Iterator[Shaped]:
    if not isinstance(data, dict):
        yield TYPE, place, f"must be a table, not {_is(data)}"
        return
    for key, value in data.items():
        yield from _value(value, kind, (*place, key))


def _scalar(data: object, kind: Any, place: Place) -> Iterator[Shaped]:
    if issubclass(kind, Enum):
        allowed = [str(one.value) for one in kind]
        if data not in allowed or not isinstance(data, str):
            yield TYPE, place, f"must be one of {_listed(allowed)}, not {_is(data)}"
    elif type(data) is not kind:
        yield TYPE, place, f"must be {_WANTED[kind]}, not {_is(data)}"
    elif kind is int and abs(typing.cast(int, data)) >= 1 << 53:  # JSON holds no more
        yield TYPE, place, "is too large"


@cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@cache
def _required(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required)


def _is(data: object) -> str:
    short = isinstance(data, str) and len(data) < 40
    return f"'{data}'" if short else _GIVEN.get(type(data), "a date or time")


def _listed(names: typing.Iterable[str]) -> str:
    return ", ".join(name or "''" for name in names)
