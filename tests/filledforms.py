"""Answers and materials that an item accepts, made from its own file: any item, filled in."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.errors import NonInteractiveExampleWarning

from kiosk.services.asked import asked_of, holds
from kiosk.services.days import day_limit
from kiosk.services.fields import FieldType, FormField, Rule
from kiosk.services.form import check_answer
from kiosk.services.item import Item
from kiosk.services.materials import Source
from kiosk.wire import CaseMaterial
from paperwork import number

TEXTS = ("示例村一组12号", "李样本", "示例", "3-502", "12345678", "1234", "A1", "123456789012")
BY_RULE = {
    Rule.RESIDENT_NUMBER: number("19850505"),
    Rule.CREDIT_CODE: "11445299MB2D00006J",
    Rule.BANK_CARD: "6222020000000000000",
    Rule.MOBILE: "13900000000",
}
TRIES = 60


def answers(item: Item, today: date) -> dict[str, str]:
    """The first choice everywhere, and what follows from it."""
    return _filled(item.fields, today)


def answers_to(fields: tuple[FormField, ...], today: date) -> dict[str, str]:
    """The same for any form, such as that of a bundle."""
    return _filled(fields, today)


def materials(item: Item, given: dict[str, str]) -> list[CaseMaterial]:
    """Each in the best way that it may be given; nothing is promised unless it must be."""
    found = []
    for one in item.materials:
        if one.code and (one.when is None or holds(one.when, given)):
            source = min(one.sources, key=lambda way: way is Source.PROMISE)
            made = CaseMaterial(one.code, source.value, ["ab" * 32], "A-0", "2026-12-20", "cd" * 32)
            found.append(made)
    return found


def _filled(fields: tuple[FormField, ...], today: date) -> dict[str, str]:
    given: dict[str, str] = {}
    for field in fields:
        if field not in asked_of(fields, given):
            continue
        tried = _values(field, today)
        good = next((one for one in tried if not check_answer(field, one, today)), None)
        if good is None and not field.optional:
            raise AssertionError(f"{field.name} ({field.type}): found no answer that it accepts")
        given[field.name] = good or ""
    return given


def _values(field: FormField, today: date) -> Iterator[str]:
    yield from (choice.code for choice in field.choices)
    codes = [choice.code for choice in field.choices]
    yield ",".join(codes[: max(field.least, 1)])
    yield BY_RULE.get(field.rule, "")
    if field.type is FieldType.PEOPLE:
        rows = [_filled(field.fields, today) for _ in range(max(field.least, 1))]
        yield json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if field.type in {FieldType.DATE, FieldType.MONTH}:
        yield from _days(field, today)
    yield from (field.minimum, field.maximum, "1", "12", "100")
    yield from TEXTS
    if field.pattern:
        made = st.from_regex(re.compile(field.pattern, re.ASCII), fullmatch=True)
        yield from (_example(made) for _ in range(TRIES))


def _days(field: FormField, today: date) -> Iterator[str]:
    limits = [day_limit(one, today) for one in (field.minimum, field.maximum)]
    for day in (*limits, today, today + timedelta(days=10), today - timedelta(days=40)):
        if day is not None:
            yield day.isoformat()
            yield day.isoformat()[:7]


def _example(made: st.SearchStrategy[str]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        return made.example()
