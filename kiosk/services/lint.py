"""The rules that an item must keep before a citizen may see it.

Sources: the eleven elements that must be made public, no vague words in what a citizen must bring
or fulfil, and a promise that is never longer than the law allows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kiosk.services.form import day_limit
from kiosk.services.item import FieldType, FormField, Item, ItemKind, Words
from kiosk.services.vague import vague

Fault = tuple[str, str]  # (where in the file, what is wrong)

CODE_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}[1-9][0-9]{12}")
DEPARTMENT_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
NAME_SHAPE = re.compile(r"[a-z][a-z0-9_]*")
SOURCES = ("card", "earlier", "scan", "promise")
PREFILLS = ("", "address")
# Elements of the guide that say what a citizen must do, bring, pay or wait for.
STRICT = ("accept_condition", "procedure", "time_limit", "discretion", "materials", "fee")


def item(one: Item) -> list[Fault]:
    """Everything that is wrong with one item by itself."""
    rules = (_codes, _texts, _guide, _vague, _days, _outcome, _materials, _fields)
    return [fault for rule in rules for fault in rule(one)]


def together(items: Iterable[Item]) -> list[str]:
    """What is wrong with the items as a set."""
    counts = Counter(one.task_code for one in items)
    return [f"task_code {code} is used by {n} items" for code, n in counts.items() if n > 1]


def _codes(one: Item) -> Iterator[Fault]:
    if not CODE_SHAPE.fullmatch(one.task_code):
        yield "task_code", "must be 31 characters: department's code (18), level (1), item (12)"
    elif one.task_code[-12:] != one.catalog_code:
        yield "catalog_code", "must be the last 12 digits of task_code"
    if not DEPARTMENT_SHAPE.fullmatch(one.dept_code):
        yield "dept_code", "must be the 18 characters of a unified social credit code"
    if not one.task_version:
        yield "task_version", "is empty"


def _texts(one: Item) -> Iterator[Fault]:
    for name in ("task_name", "dept_name", "result_name", "purpose", "declaration"):
        yield from _both(name, getattr(one, name))
    if not one.icon:
        yield "icon", "is empty"


def _guide(one: Item) -> Iterator[Fault]:
    for name in one.guide.__struct_fields__:
        yield from _both(f"guide.{name}", getattr(one.guide, name))


def _vague(one: Item) -> Iterator[Fault]:
    texts = {f"guide.{name}": getattr(one.guide, name) for name in STRICT}
    for index, material in enumerate(one.materials, start=1):
        texts[f"materials[{index}].material_name"] = material.material_name
    for index, fee in enumerate(one.fees, start=1):
        texts[f"fees[{index}].fee_stand"] = fee.fee_stand
    for where, words in texts.items():
        phrase = vague(words.zh, words.en)
        if phrase:
            yield where, f"'{phrase}' is vague; list every case"


def _days(one: Item) -> Iterator[Fault]:
    if one.promise_day < 0 or one.anticipate_day < 0:
        yield "promise_day", "working days cannot be negative"
    elif one.kind is ItemKind.PROMISE and one.promise_day == 0:
        yield "promise_day", "must be at least 1 for kind 'promise'"
    elif one.kind is not ItemKind.PROMISE and one.promise_day:
        yield "promise_day", f"must be 0 for kind '{one.kind}'"
    elif one.promise_day > one.anticipate_day:
        limit = f"the legal limit of {one.anticipate_day} (anticipate_day)"
        yield "promise_day", f"{one.promise_day} is longer than {limit}"
    if one.minutes < 1:
        yield "minutes", "must be at least 1"


def _outcome(one: Item) -> Iterator[Fault]:
    if one.kind is ItemKind.QUERY and one.certificate:
        yield "certificate", "a query ends with a slip, not with a certificate"
    if one.kind is ItemKind.QUERY and one.offline:
        yield "offline", "a query cannot be answered while the fleet is away"


def _materials(one: Item) -> Iterator[Fault]:
    for index, material in enumerate(one.materials, start=1):
        yield from _both(f"materials[{index}].material_name", material.material_name)
        if material.source_type not in SOURCES:
            yield f"materials[{index}].source_type", f"must be one of {', '.join(SOURCES)}"
    for index, fee in enumerate(one.fees, start=1):
        yield from _both(f"fees[{index}].fee_name", fee.fee_name)
        yield from _both(f"fees[{index}].fee_stand", fee.fee_stand)
        if not fee.by_law:
            yield f"fees[{index}].by_law", "is empty"


def _fields(one: Item) -> Iterator[Fault]:
    for name, count in Counter(field.name for field in one.fields).items():
        if count > 1:
            yield "fields", f"the name '{name}' is used {count} times"
    for field in one.fields:
        for what, fault in _field(field):
            yield f"fields.{field.name}.{what}", fault


def _field(field: FormField) -> Iterator[Fault]:
    if not NAME_SHAPE.fullmatch(field.name):
        yield "name", "must be lower-case letters, digits and '_'"
    yield from _both("label", field.label)
    for name in ("hint", "unit", "short"):
        words: Words = getattr(field, name)
        if bool(words.zh) != bool(words.en):
            yield name, "is given in one language only"
    if field.prefill not in PREFILLS:
        yield "prefill", f"must be one of {', '.join(filter(None, PREFILLS))}"
    if field.max_length < 1:
        yield "max_length", "must be at least 1"
    yield from _choices(field)
    yield from _pattern(field)
    yield from _limits(field)


def _choices(field: FormField) -> Iterator[Fault]:
    if field.type is not FieldType.CHOICE:
        if field.choices:
            yield "choices", f"a field of type '{field.type}' has none"
        return
    if len(field.choices) < 2:
        yield "choices", "a choice needs at least two"
    for code, count in Counter(choice.code for choice in field.choices).items():
        if count > 1 or not code:
            yield "choices", f"the code '{code}' is empty or used {count} times"
    for choice in field.choices:
        yield from _both(f"choices.{choice.code}.label", choice.label)


def _pattern(field: FormField) -> Iterator[Fault]:
    try:
        re.compile(field.pattern)
    except re.error as error:
        yield "pattern", f"is not a regular expression: {error}"


def _limits(field: FormField) -> Iterator[Fault]:
    read = _LIMITS.get(field.type, _no_limit)
    for name in ("minimum", "maximum"):
        given = getattr(field, name)
        if given and read(given) is None:
            yield name, f"'{given}' is no limit for a field of type '{field.type}'"
    lowest, highest = read(field.minimum), read(field.maximum)
    if lowest is not None and highest is not None and lowest > highest:
        yield "minimum", "is greater than maximum"


def _both(where: str, words: Words) -> Iterator[Fault]:
    for language in ("zh", "en"):
        if not getattr(words, language).strip():
            yield f"{where}.{language}", "is empty"


def _number(limit: str) -> int | None:
    return int(limit) if limit.isascii() and limit.isdigit() else None


def _ordinal(limit: str) -> int | None:
    """A day as a number; `today` is after every day that a file can name."""
    day = day_limit(limit, date.max)
    return day.toordinal() if day else None


def _no_limit(_limit: str) -> None:
    return None


_LIMITS: dict[FieldType, Callable[[str], int | None]] = {
    FieldType.NUMBER: _number,
    FieldType.DATE: _ordinal,
}
