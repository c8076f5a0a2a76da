"""The rules of a form: is this answer right, and how is it written on the check page?

Pure: nothing here knows a screen, a clock or a language of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from kiosk.model import Text
from kiosk.services.item import FieldType, FormField

REQUIRED = "error.required"
PATTERN = "error.pattern"
NUMBER = "error.number"
MINIMUM = "error.minimum"
MAXIMUM = "error.maximum"
DATE = "error.date"
TOO_LONG = "error.too_long"
CHOICE = "error.choice"

NOT_GIVEN = Text("未填写", "Not given")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def check_answer(field: FormField, value: str, today: date) -> str:
    """'' when `value` is acceptable, otherwise the locale key of the first thing wrong with it."""
    if not value.strip():
        return "" if field.optional else REQUIRED
    if field.type is not FieldType.CHOICE and len(value) > field.max_length:
        return TOO_LONG
    return _CHECKS[field.type](field, value, today)


def display(field: FormField, value: str) -> Text:
    """An accepted answer in words: a choice's label, a date in words, a number with its unit."""
    if not value.strip():
        return NOT_GIVEN
    return _DISPLAYS[field.type](field, value)


def date_in_words(day: date) -> Text:
    return Text(
        f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def parse_date(value: str) -> date | None:
    """A day written YYYY-MM-DD, or None."""
    if not _ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def day_limit(limit: str, today: date) -> date | None:
    """A field's `minimum` or `maximum` as a day; None for no limit."""
    return today if limit == "today" else parse_date(limit)


# ---- One check for each type -----------------------------------------------------------------


def _check_text(field: FormField, value: str, _today: date) -> str:
    return PATTERN if _CONTROL.search(value) else _check_pattern(field, value)


def _check_choice(field: FormField, value: str, _today: date) -> str:
    return "" if any(choice.code == value for choice in field.choices) else CHOICE


def _check_number(field: FormField, value: str, _today: date) -> str:
    if not _DIGITS.fullmatch(value):
        return NUMBER
    number = int(value)
    if field.minimum and number < int(field.minimum):
        return MINIMUM
    if field.maximum and number > int(field.maximum):
        return MAXIMUM
    return _check_pattern(field, value)


def _check_date(field: FormField, value: str, today: date) -> str:
    day = parse_date(value)
    if day is None:
        return DATE
    earliest, latest = day_limit(field.minimum, today), day_limit(field.maximum, today)
    if earliest and day < earliest:
        return MINIMUM
    if latest and day > latest:
        return MAXIMUM
    return ""


def _check_pattern(field: FormField, value: str) -> str:
    return "" if not field.pattern or re.fullmatch(field.pattern, value) else PATTERN


_CHECKS: dict[FieldType, Callable[[FormField, str, date], str]] = {
    FieldType.TEXT: _check_text,
    FieldType.CHOICE: _check_choice,
    FieldType.NUMBER: _check_number,
    FieldType.DATE: _check_date,
}


# ---- One way of writing for each type --------------------------------------------------------


def _display_plain(_field: FormField, value: str) -> Text:
    return Text(value, value)


def _display_choice(field: FormField, value: str) -> Text:
    labels = {choice.code: choice.label for choice in field.choices}
    label = labels.get(value)
    return Text(label.zh, label.en) if label else Text(value, value)


def _display_number(field: FormField, value: str) -> Text:
    if not _DIGITS.fullmatch(value) or not (field.unit.zh or field.unit.en):
        return Text(value, value)
    number = int(value)
    unit = field.unit_one if number == 1 and field.unit_one else field.unit.en
    return Text(f"{number}{field.unit.zh}", f"{number} {unit}".rstrip())


def _display_date(_field: FormField, value: str) -> Text:
    day = parse_date(value)
    return date_in_words(day) if day else Text(value, value)


_DISPLAYS: dict[FieldType, Callable[[FormField, str], Text]] = {
    FieldType.TEXT: _display_plain,
    FieldType.CHOICE: _display_choice,
    FieldType.NUMBER: _display_number,
    FieldType.DATE: _display_date,
}
