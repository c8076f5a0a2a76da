"""Thousands stand in groups wherever a number is read; what is typed and compared has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel.numbers import format_decimal

from kiosk.model import Language, Text
from kiosk.model.amounts import grouped, yuan, yuan_in_words
from kiosk.services.fields import FieldType, FormField, Words
from kiosk.services.form import canonical, display, typed
from kiosk.services.remedies import remedy
from screens.words import offered

LOCALES = Path(__file__).parents[2] / "config" / "locales"
ASK, YUAN = Words("问", "Ask"), Words("元", "yuan")
MONEY = FormField("one", FieldType.MONEY, ASK, minimum="100000", maximum="2000000")
COUNTED = FormField("one", FieldType.NUMBER, ASK, maximum="20000", unit=YUAN)
PLAIN = FormField("one", FieldType.NUMBER, ASK)


@pytest.mark.parametrize("language", offered(LOCALES))
@pytest.mark.parametrize("number", [0, 999, 1000, 20_000, 1_234_567, 10**12])
def test_numbers_are_written_as_each_language_does(language: Language, number: int) -> None:
    assert grouped(number) == format_decimal(number, locale=str(language))


@pytest.mark.parametrize(
    ("fen", "bill", "sentence"),
    [
        (0, "0.00", "0"),
        (5, "0.05", "0.05"),
        (40_000, "400.00", "400"),
        (100_000, "1,000.00", "1,000"),
        (101_250, "1,012.50", "1,012.50"),
        (-123_456_789, "-1,234,567.89", "-1,234,567.89"),
    ],
)
def test_an_amount_on_a_bill_and_in_a_sentence(fen: int, bill: str, sentence: str) -> None:
    assert (yuan(fen), yuan_in_words(fen)) == (bill, sentence)


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        (MONEY, "2000000", "20,000元", "20,000 yuan"),
        (MONEY, "123450", "1,234.50元", "1,234.50 yuan"),
        (COUNTED, "12000", "12,000元", "12,000 yuan"),
        (PLAIN, "2026", "2026", "2026"),  # a year, a meter's number
    ],
)
def test_an_answer_is_shown_with_groups(field: FormField, value: str, zh: str, en: str) -> None:
    assert display(field, value) == Text(zh, en)


@pytest.mark.parametrize(
    ("field", "value", "limit"),
    [(MONEY, "2000001", "20,000"), (MONEY, "1", "1,000"), (COUNTED, "20001", "20,000")],
)
def test_so_is_the_limit_that_an_error_names(field: FormField, value: str, limit: str) -> None:
    told = remedy(field, value, date(2026, 11, 21))
    assert dict(told.figures)["limit"] == Text(f"{limit}元", f"{limit} yuan")


def test_what_is_typed_has_no_groups() -> None:
    assert typed(MONEY, "123450") == "1234.50"
    assert canonical(MONEY, typed(MONEY, "123450")) == "123450"
