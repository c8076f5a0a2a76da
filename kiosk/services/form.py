"""The rules of a form: is this answer right, and how is it written on the check page?

Pure: nothing here knows a screen, a clock or a language of its own. An answer is kept as a string:
a choice's code, codes with commas, YYYY-MM-DD, YYYY-MM, digits, fen, or a list of people as JSON
(`people`). `canonical` makes it of what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from kiosk.model import Text
from kiosk.model.amounts import grouped, yuan_in_words
from kiosk.services import people
from kiosk.services.days import (
    date_in_words,
    day_limit,
    month_in_words,
    parse_date,
    parse_month,
)
from kiosk.services.fields import FieldType, FormField
from kiosk.services.rules import RULES, readable

REQUIRED = "error.required"
PATTERN = "error.pattern"
NUMBER = "error.number"
MONEY = "error.money"
MINIMUM = "error.minimum"
MAXIMUM = "error.maximum"
DATE = "error.date"
TOO_LONG = "error.too_long"
TOO_FEW = "error.too_few"
TOO_MANY = "error.too_many"
CHOICE = "error.choice"

NOT_GIVEN = Text("未填写", "Not given")

_DIGITS = re.compile(r"[0-9]+")
_YUAN = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")
_CHOSEN = {FieldType.CHOICE, FieldType.CHOICES, FieldType.PEOPLE}


def canonical(field: FormField, typed: str) -> str:
    """What was typed, as it is kept; unchanged when it can't be right."""
    value = typed.strip()
    money = _YUAN.fullmatch(value) if field.type is FieldType.MONEY else None
    if money:
        return str(int(money[1]) * 100 + int((money[2] or "0").ljust(2, "0")))
    return value


def typed(field: FormField, value: str) -> str:
    """A kept answer as somebody would type it."""
    return _keyed(int(value)) if field.type is FieldType.MONEY and _is_number(value) else value


def check_answer(field: FormField, value: str, today: date) -> str:
    """'' when `value` is acceptable, otherwise the locale key of the first thing wrong with it."""
    if not value.strip() or (field.type is FieldType.PEOPLE and value == people.NOBODY):
        return "" if field.optional else REQUIRED
    if field.type not in _CHOSEN and len(value) > field.max_length:
        return TOO_LONG
    return _CHECKS[field.type](field, value, today)


def display(field: FormField, value: str) -> Text:
    """An accepted answer in words: a choice's label, a date in words, a number with its unit."""
    if not value.strip() or (field.type is FieldType.PEOPLE and value == people.NOBODY):
        return NOT_GIVEN
    return _DISPLAYS[field.type](field, value)


def _keyed(fen: int) -> str:
    """Yuan by the keys that there are: 4000, 12.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


# ---- One check for each type -----------------------------------------------------------------


def _check_text(field: FormField, value: str, _today: date) -> str:
    if not readable(value) or (field.pattern and not re.fullmatch(field.pattern, value)):
        return PATTERN
    wrong = RULES.get(field.rule)
    return wrong(value) if wrong else ""


def _check_choice(field: FormField, value: str, _today: date) -> str:
    return "" if any(choice.code == value for choice in field.choices) else CHOICE


def _check_choices(field: FormField, value: str, _today: date) -> str:
    codes, known = value.split(","), [choice.code for choice in field.choices]
    if len(set(codes)) != len(codes) or not set(codes) <= set(known):
        return CHOICE
    return _check_count(field, len(codes))


def _check_number(field: FormField, value: str, today: date) -> str:
    if not _is_number(value):
        return NUMBER
    return _check_size(field, int(value)) or _check_text(field, value, today)


def _check_money(field: FormField, value: str, _today: date) -> str:
    return _check_size(field, int(value)) if _is_number(value) else MONEY


def _check_date(field: FormField, value: str, today: date) -> str:
    day = parse_date(value) if field.type is FieldType.DATE else parse_month(value)
    if day is None:
        return DATE
    earliest, latest = day_limit(field.minimum, today), day_limit(field.maximum, today)
    if field.type is FieldType.MONTH:
        earliest = earliest and earliest.replace(day=1)
    if earliest and day < earliest:
        return MINIMUM
    return MAXIMUM if latest and day > latest else ""


def _check_people(field: FormField, value: str, today: date) -> str:
    rows = people.read(value)
    if rows is None or any(set(row) - {one.name for one in field.fields} for row in rows):
        return PATTERN
    for row in rows:
        for one in people.asked(field, row):
            if wrong := check_answer(one, row.get(one.name, ""), today):
                return wrong
    return _check_count(field, len(rows))


def _check_size(field: FormField, number: int) -> str:
    if field.minimum and number < int(field.minimum):
        return MINIMUM
    return MAXIMUM if field.maximum and number > int(field.maximum) else ""


def _check_count(field: FormField, count: int) -> str:
    if count < field.least:
        return TOO_FEW
    return TOO_MANY if field.most and count > field.most else ""


def _is_number(value: str) -> bool:
    return len(value) <= 18 and bool(_DIGITS.fullmatch(value))


_CHECKS: dict[FieldType, Callable[[FormField, str, date], str]] = {
    FieldType.TEXT: _check_text,
    FieldType.ADDRESS: _check_text,
    FieldType.CHOICE: _check_choice,
    FieldType.CHOICES: _check_choices,
    FieldType.NUMBER: _check_number,
    FieldType.MONEY: _check_money,
    FieldType.DATE: _check_date,
    FieldType.MONTH: _check_date,
    FieldType.PEOPLE: _check_people,
}


# ---- One way of writing for each type --------------------------------------------------------


def _display_plain(_field: FormField, value: str) -> Text:
    return Text(value, value)


def _display_choices(field: FormField, value: str) -> Text:
    labels = {choice.code: choice.label for choice in field.choices}
    chosen = [labels[code] for code in value.split(",") if code in labels]
    if not chosen:
        return Text(value, value)
    return Text("、".join(one.zh for one in chosen), ", ".join(one.en for one in chosen))


def _display_number(field: FormField, value: str) -> Text:
    if not _is_number(value) or not (field.unit.zh or field.unit.en):
        return Text(value, value)
    number = int(value)
    unit = field.unit_one if number == 1 and field.unit_one else field.unit.en
    return Text(f"{grouped(number)}{field.unit.zh}", f"{grouped(number)} {unit}".rstrip())


def _display_money(_field: FormField, value: str) -> Text:
    if not _is_number(value):
        return Text(value, value)
    amount = yuan_in_words(int(value))
    return Text(f"{amount}元", f"{amount} yuan")


def _display_date(_field: FormField, value: str) -> Text:
    day = parse_date(value)
    return date_in_words(day) if day else Text(value, value)


def _display_month(_field: FormField, value: str) -> Text:
    day = parse_month(value)
    return month_in_words(day) if day else Text(value, value)


def _display_people(field: FormField, value: str) -> Text:
    rows = people.read(value)
    if not rows:
        return NOT_GIVEN if rows is not None else _display_plain(field, value)
    names = [display(field.fields[0], row.get(field.fields[0].name, "")) for row in rows]
    chinese, english = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Text(chinese, english, own=True)


_DISPLAYS: dict[FieldType, Callable[[FormField, str], Text]] = {
    FieldType.TEXT: _display_plain,
    FieldType.ADDRESS: _display_plain,
    FieldType.CHOICE: _display_choices,
    FieldType.CHOICES: _display_choices,
    FieldType.NUMBER: _display_number,
    FieldType.MONEY: _display_money,
    FieldType.DATE: _display_date,
    FieldType.MONTH: _display_month,
    FieldType.PEOPLE: _display_people,
}
