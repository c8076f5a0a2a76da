"""Rules of a field's limits: numbers, fen, days, months and lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from kiosk.services.days import day_limit, parse_month
from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Item
from kiosk.services.lint_fields import every_field
from kiosk.services.lint_rules import Finding, Rule

_SOME_DAY = date(2026, 6, 15)  # `today` while two relative limits are compared
_LONGEST = 4000  # characters that anybody can be asked to type


def _limits(one: Item) -> Iterator[Finding]:
    for place, field in every_field(one):
        read = _READERS.get(field.type, _no_limit)
        for name in ("minimum", "maximum"):
            limit = getattr(field, name)
            if limit and read(limit) is None:
                what = f"'{limit}' is no limit for a field of type '{field.type}'"
                yield (*place, name), f"{what} (field '{field.name}')"


def _order(one: Item) -> Iterator[Finding]:
    for place, field in every_field(one):
        read = _READERS.get(field.type, _no_limit)
        lowest, highest = read(field.minimum), read(field.maximum)
        if lowest is not None and highest is not None and lowest > highest:
            yield (*place, "minimum"), f"is greater than maximum (field '{field.name}')"


def _length(one: Item) -> Iterator[Finding]:
    for place, field in every_field(one):
        if not 1 <= field.max_length <= _LONGEST:
            yield (*place, "max_length"), f"must be 1 to {_LONGEST} (field '{field.name}')"
        elif field.type is FieldType.NUMBER and len(field.maximum) > field.max_length:
            what = f"{field.maximum} has more than {field.max_length} digits"
            yield (*place, "max_length"), f"{what} (field '{field.name}')"


def _unit(one: Item) -> Iterator[Finding]:
    for place, field in every_field(one):
        if field.unit_one and not field.unit.en.strip():
            yield (*place, "unit_one"), f"needs `unit` (field '{field.name}')"


def _number(limit: str) -> int | None:
    return int(limit) if limit.isascii() and limit.isdigit() else None


def _ordinal(limit: str) -> int | None:
    """A day as a number; a relative one is after every day that a file can name.

    So `2000-01-01` to `today` is in order, whatever day it is.
    """
    if not limit.startswith("today"):
        day = None if parse_month(limit) else day_limit(limit, _SOME_DAY)
        return day.toordinal() if day else None
    return _relative(limit)


def _month(limit: str) -> int | None:
    if limit.startswith("today"):
        return _relative(limit)
    month = parse_month(limit)
    return month.toordinal() if month else None


def _relative(limit: str) -> int | None:
    day = day_limit(limit, _SOME_DAY)
    return date.max.toordinal() + (day - _SOME_DAY).days if day else None


def _no_limit(_limit: str) -> None:
    return None


_READERS: dict[FieldType, Callable[[str], int | None]] = {
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: _ordinal,
    FieldType.MONTH: _month,
}


def _money(one: Item) -> Iterator[Finding]:
    """Money without an upper limit is a typing error away from a fortune."""
    for place, field in every_field(one):
        if field.type is FieldType.MONEY and _charged(one, field) and not field.maximum:
            yield (*place, "maximum"), f"is needed where money is charged (field '{field.name}')"


def _charged(one: Item, field: FormField) -> bool:
    return any(fee.field == field.name for fee in one.fees)


RULES = (
    Rule("field-limit", "A limit is a number, fen or a day, as its field's type.", _limits),
    Rule("field-limit-order", "The least is not more than the most.", _order),
    Rule("field-length", "What may be answered can be typed.", _length),
    Rule("field-unit", "The unit of one thing needs the unit of several.", _unit),
    Rule("field-money", "Money that is charged as typed has an upper limit.", _money, 24),
)
