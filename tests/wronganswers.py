"""Answers that a question refuses, of every sort that can be typed into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kiosk.services import people
from kiosk.services.fields import FieldType, FormField
from kiosk.services.form import canonical, check_answer

TODAY = date(2026, 11, 21)

_TEXTS = (
    "", "a", "张", "1", "7", "1390", "12345678901", "13900001234567", "1390000123a", "😀", "a b",
    "-",
    "11010119491231002", "110101194912310029", "11010119490231002X", "790101194912310023",
    "A10101194912310023", "6222", "6222020200112345678", "91350100M000100Y4", "91350100M000100Y4I",
    "91350100M000100Y40", "张三！", "x" * 400,
)  # fmt: skip
_DATES = ("", "1", "1978-0", "0000-01", "0000-01-01", "1978-13", "1978-13-01", "1978-00-10",
          "2026-02-30", "2025-02-29", "1066-10", "1066-10-14", "2199-12", "2199-12-31")  # fmt: skip
_NUMBERS = ("", "-1", "1.5", "十", "0", "99", "9" * 30, "9" * 18, "x" * 400)
_MONEY = ("", "一百", "1.", ".5", "1.234", "1.2.3", "0", "0.01", "9" * 11, "9" * 10, "9" * 30)
_LISTS = {
    FieldType.CHOICE: ("", "nothing"),
    FieldType.CHOICES: ("", "nothing"),
    FieldType.PEOPLE: ("", "[]", "{", '[{"unknown":"1"}]'),
    FieldType.DATE: _DATES,
    FieldType.MONTH: _DATES,
    FieldType.NUMBER: _NUMBERS,
    FieldType.MONEY: _MONEY,
}


def wrong_answers(field: FormField) -> Iterator[str]:
    """As they are kept."""
    tried = [*_LISTS.get(field.type, _TEXTS), *_too_many(field)]
    for value in (canonical(field, one) for one in tried):
        if check_answer(field, value, TODAY):
            yield value


def _too_many(field: FormField) -> Iterator[str]:
    if field.type is FieldType.CHOICES:
        yield ",".join(choice.code for choice in field.choices)
        yield field.choices[0].code
    if field.type is FieldType.PEOPLE:
        yield people.write([{}])
        if not field.fields:
            yield people.write([{}] * (field.most + 1))
