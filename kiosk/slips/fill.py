"""Facts into a template: the lines of a slip. Pure, but for reading the template once."""

from __future__ import annotations

import functools
import itertools
import string
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from kiosk.model import Language, PairLine, QrLine, Receipt, ReceiptLine, RuleLine, Text, TextLine
from kiosk.model.amounts import yuan
from kiosk.slips import errands
from kiosk.slips import facts as f
from kiosk.slips.template import COUNT, Line, LineKind, Second, Spec, load

KINDS: Mapping[str, type] = {
    "completed": f.Slip,
    "acceptance": f.Slip,
    "carried": f.Slip,
    "provisional": f.Slip,
    "refusal": f.Slip,
    "answer": f.Slip,
    "bundle": f.Bundle,
    "notice": f.Notice,
    "missing": f.Notice,
    "promise": f.Promise,
    "supplement": errands.Supplement,
    "payment": f.Payment,
    "ticket": f.Ticket,
    "progress": errands.Progress,
    "complaint": errands.Complaint,
    "appointment": errands.Appointment,
    "information": errands.Information,
    "blank": errands.Information,
    "test": f.TestPrint,
}
_LONG = 46  # characters: under an empty label, such a value would leave an empty row
_YES = Text("是", "Yes")


@functools.cache
def template(name: str) -> tuple[Line, ...]:
    """Raises `SettingsError`."""
    return load(name, KINDS[name])


def fill(name: str, facts: Any, language: Language) -> Receipt:
    """The slip from top to bottom. `facts` is of the template's class. Raises `SettingsError`."""
    order = (language, language.other)
    groups = itertools.groupby(template(name), key=lambda line: line.each)
    lines = (made for each, some in groups for made in _repeated(each, tuple(some), facts, order))
    return Receipt(tuple(lines))


class _Facts:
    """One row, in front of the whole slip."""

    def __init__(self, facts: Any, row: Any = None, count: int = 0) -> None:
        self._facts, self._row, self._count = facts, row, count

    def __getitem__(self, name: str) -> Any:
        if name == COUNT:
            return self._count
        if isinstance(self._row, tuple) and name in ("label", "value"):
            return self._row[name == "value"]
        return getattr(self._row if hasattr(self._row, name) else self._facts, name)


def _repeated(
    each: str, lines: tuple[Line, ...], facts: Any, order: tuple[Language, ...]
) -> Iterator[ReceiptLine]:
    rows = enumerate(getattr(facts, each), start=1) if each else ((0, None),)
    for count, row in rows:
        for line in lines:
            yield from _one(line, _Facts(facts, row, count), order)


def _one(line: Line, facts: _Facts, order: tuple[Language, ...]) -> Iterator[ReceiptLine]:
    if (line.when and not _there(facts[line.when])) or (line.unless and _there(facts[line.unless])):
        return
    if line.kind is LineKind.RULE:
        yield RuleLine()
    elif line.kind is LineKind.QR:
        yield QrLine(_said(line.values, facts, order[0], order))
    elif line.kind is LineKind.PAIR:
        yield from _pair(line, facts, order)
    else:
        yield from _text(line, facts, order)


def _text(line: Line, facts: _Facts, order: tuple[Language, ...]) -> Iterator[ReceiptLine]:
    first, second = (_said(line.text, facts, each, order) for each in order)
    if first.strip():
        yield TextLine(first, line.align, line.scale, line.bold)
    if line.second is not Second.NONE and second.strip() and second != first:
        same = line.second is Second.SAME
        yield TextLine(second, line.align, line.scale if same else 1, line.bold and same)


def _pair(line: Line, facts: _Facts, order: tuple[Language, ...]) -> Iterator[ReceiptLine]:
    labels = [_said(line.label, facts, each, order) for each in order]
    values = [_said(line.values, facts, each, order) for each in order]
    if not values[0].strip():
        return
    if line.second is Second.NONE:
        yield PairLine(labels[0], values[0])
        return
    yield PairLine(" ".join(dict.fromkeys(labels)).strip(), values[0])
    if values[1].strip() and values[1] != values[0]:
        yield PairLine("", values[1]) if len(values[1]) < _LONG else TextLine(f"  {values[1]}")


def _said(text: Text, facts: _Facts, language: Language, order: tuple[Language, ...]) -> str:
    return "".join(
        literal + (_written(facts[name], spec, language, order) if name is not None else "")
        for literal, name, spec, _ in string.Formatter().parse(text.into(language))
    )


def _written(value: Any, spec: str | None, language: Language, order: tuple[Language, ...]) -> str:
    if isinstance(value, Text):
        return value.into(order[0] if spec == Spec.FIRST else language)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" if spec == Spec.SECONDS else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return _YES.into(language) if value else ""
    if spec == Spec.YUAN and isinstance(value, int):
        return yuan(value)
    return "" if value is None else str(value)


def _there(value: Any) -> bool:
    """An empty text, an empty list, no day, and 0 are not there."""
    return bool(value.zh.strip()) if isinstance(value, Text) else bool(value)
