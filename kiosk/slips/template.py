"""A slip's template: a TOML file of lines with placeholders, checked against the facts it fills.

A text is printed in the visit's language first, then in the other one. In braces stands a field
of the facts; {total:yuan} writes fen as yuan, {time:seconds} the seconds too, {item:first} the
first language only. Lines with the same `each`, one after the other, are repeated together for
each row of a list, whose fields go before those of the slip; {n} counts them.
"""

from __future__ import annotations

import string
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from kiosk.errors import SettingsError
from kiosk.model import Align, Text

FOLDER = Path(__file__).resolve().parents[2] / "config" / "receipts"
COUNT = "n"
_PLAIN = (str, int, bool, Text, date, datetime)


class LineKind(StrEnum):
    TEXT = "text"
    PAIR = "pair"
    RULE = "rule"
    QR = "qr"


class Second(StrEnum):
    """How the other language is printed."""

    PLAIN = "plain"  # small and light, below
    SAME = "same"  # as the first
    NONE = "none"  # not at all


class Spec(StrEnum):
    """What may follow a placeholder's name."""

    YUAN = "yuan"
    SECONDS = "seconds"
    FIRST = "first"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`part`: the lines of that file stand here. `when`, `unless`: a field that must be, or must
    not be, empty. A pair without a value is left out."""

    kind: LineKind = LineKind.TEXT
    text: Text = Text("", "")
    label: Text = Text("", "")
    value: Text | str = ""
    align: Align = Align.LEFT
    scale: int = 1
    bold: bool = False
    second: Second = Second.PLAIN
    each: str = ""
    when: str = ""
    unless: str = ""
    part: str = ""

    @property
    def values(self) -> Text:
        return self.value if isinstance(self.value, Text) else Text(self.value, self.value)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lines: tuple[Line, ...]


def load(name: str, facts: type, folder: Path = FOLDER) -> tuple[Line, ...]:
    """The lines of a template, its parts put in. Raises `SettingsError`: file, line and remedy."""
    known, rows = shape(facts)
    lines = []
    for path, number, line in _read(folder / f"{name}.toml", folder):
        for fault in _faults(line, known, rows):
            raise SettingsError(f"{path}: line {number}: {fault}")
        lines.append(line)
    return tuple(lines)


def shape(facts: type) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The plain fields of a class of facts, and the fields of the rows of each of its lists."""
    plain, rows = set(), {}
    for name, kind in _hints(facts).items():
        inner = _row_of(kind)
        if inner is not None:
            rows[name] = inner
        elif set(_members(kind)) <= set(_PLAIN):
            plain.add(name)
    return frozenset(plain), rows


def _hints(facts: type) -> dict[str, Any]:
    hints = typing.get_type_hints(facts)
    for name in dir(facts):
        getter = getattr(getattr(facts, name), "fget", None)
        if getter is not None:
            hints[name] = typing.get_type_hints(getter)["return"]
    return hints


def _members(kind: Any) -> tuple[Any, ...]:
    """Of `date | None`: date."""
    union = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    return tuple(one for one in union if one is not type(None))


def _row_of(kind: Any) -> frozenset[str] | None:
    """Of `tuple[Given, ...]`: Given's fields; of `tuple[tuple[Text, str], ...]`: label, value."""
    if typing.get_origin(kind) is not tuple:
        return None
    row = typing.get_args(kind)[0]
    if typing.get_origin(row) is tuple:
        return frozenset({"label", "value"})
    return frozenset(typing.get_type_hints(row))


def _read(path: Path, folder: Path, deep: int = 0) -> Iterator[tuple[Path, int, Line]]:
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such slip template") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"{path}: {error}") from None
    for number, line in enumerate(file.lines, start=1):
        if not line.part:
            yield path, number, line
        elif deep:
            raise SettingsError(f"{path}: line {number}: a part has no parts of its own")
        else:
            yield from _read(folder / "parts" / f"{line.part}.toml", folder, deep + 1)


def _faults(line: Line, known: frozenset[str], rows: Mapping[str, frozenset[str]]) -> Iterator[str]:
    here = known
    if line.each:
        if line.each not in rows:
            yield f"each = {line.each!r}: no such list; there are: {', '.join(sorted(rows)) or '-'}"
            return
        here = known | rows[line.each] | {COUNT}
    for name in (line.when, line.unless):
        if name and name not in here | set(rows):
            yield f"{name!r}: no such field; there are: {', '.join(sorted(here | set(rows)))}"
    yield from _wrong_texts(line, here)
    if line.scale not in (1, 2):
        yield "scale: 1 or 2"
    if line.kind is LineKind.TEXT and not line.text.zh:
        yield "text is missing"
    if line.kind in (LineKind.PAIR, LineKind.QR) and not line.values.zh:
        yield "value is missing"


def _wrong_texts(line: Line, here: frozenset[str]) -> Iterator[str]:
    for text in (line.text, line.label, line.values):
        if bool(text.zh) != bool(text.en):
            yield "one language is missing"
        for each in (text.zh, text.en):
            yield from _unknown(each, here)


def _unknown(text: str, known: frozenset[str]) -> Iterator[str]:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        yield str(error)
        return
    for _, name, spec, conversion in parts:
        if name is not None and name not in known:
            yield f"{{{name}}}: no such field; there are: {', '.join(sorted(known))}"
        if conversion or (spec and spec not in set(Spec)):
            yield f"{{{name}}}: after the name may stand :{', :'.join(Spec)}"
