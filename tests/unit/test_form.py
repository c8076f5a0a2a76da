"""Answers are checked and written out as the catalogue says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from kiosk.model import Text
from kiosk.services.fields import FieldType, FormField, Words
from kiosk.services.form import NOT_GIVEN, check_answer, display
from kiosk.services.load import load_catalogue

TODAY = date(2026, 11, 21)
SHIPPED = load_catalogue(Path(__file__).parents[2] / "config/catalogue")
FIELDS = {field.name: field for item in fakes.few().items for field in item.fields}
EVERY = [field for item in SHIPPED.items for field in item.fields]
NOTE = FormField("note", FieldType.TEXT, Words("备注", "Note"), optional=True)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("scheme", "pension", ""),
        ("scheme", "", "error.required"),
        ("scheme", "Pension", "error.choice"),
        ("scheme", "养老保险", "error.choice"),
        ("period", "1", ""),
        ("period", "36", ""),
        ("period", "0", "error.minimum"),
        ("period", "37", "error.maximum"),
        ("period", "-1", "error.number"),
        ("period", "1.", "error.number"),
        ("period", "１２", "error.number"),
        ("period", "012", "error.too_long"),
        ("address_unit", "3-502", ""),
        ("address_unit", "A 12#3", ""),
        ("address_unit", " ", "error.required"),
        ("address_unit", "三栋502", "error.pattern"),
        ("address_unit", "3-502\n", "error.pattern"),
        ("address_unit", "1" * 21, "error.too_long"),
        ("moved_in", "2000-01-01", ""),
        ("moved_in", "2026-11-21", ""),
        ("moved_in", "2026-11-22", "error.maximum"),
        ("moved_in", "1999-12-31", "error.minimum"),
        ("moved_in", "2025-02-29", "error.date"),
        ("moved_in", "20240501", "error.date"),
        ("moved_in", "2024-W18-3", "error.date"),
        ("phone", "13800001234", ""),
        ("phone", "12800001234", "error.pattern"),
        ("phone", "1380000123", "error.pattern"),
        ("phone", "1380000123a", "error.number"),
        ("phone", "138000012345", "error.too_long"),
        ("year", "2026", ""),
        ("year", "2023", "error.choice"),
    ],
)
def test_an_answer_is_accepted_or_its_first_fault_is_named(
    name: str, value: str, error: str
) -> None:
    assert check_answer(FIELDS[name], value, TODAY) == error


def test_an_optional_answer_may_be_left_out() -> None:
    assert check_answer(NOTE, "", TODAY) == ""
    assert display(NOTE, "") == NOT_GIVEN


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\ufeff"])
def test_text_never_holds_characters_that_cannot_be_seen(character: str) -> None:
    assert check_answer(NOTE, f"a{character}b", TODAY) == "error.pattern"


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("scheme", "work_injury", "工伤保险", "Work injury insurance"),
        ("period", "12", "12个月", "12 months"),
        ("period", "1", "1个月", "1 month"),
        ("moved_in", "2024-05-01", "2024年5月1日", "1 May 2024"),
        ("address_unit", "3-502", "3-502", "3-502"),
        ("phone", "13800001234", "13800001234", "13800001234"),
    ],
)
def test_an_answer_is_written_in_words(name: str, value: str, zh: str, en: str) -> None:
    assert display(FIELDS[name], value) == Text(zh, en)


@given(field=st.sampled_from([*EVERY, NOTE]), value=st.text(max_size=60))
def test_any_text_at_all_gets_an_answer(field: FormField, value: str) -> None:
    error = check_answer(field, value, TODAY)

    assert error == "" or error.startswith("error.")
    assert display(field, value).zh


@given(number=st.integers(min_value=0, max_value=99))
def test_exactly_the_numbers_within_the_limits_are_accepted(number: int) -> None:
    accepted = check_answer(FIELDS["period"], str(number), TODAY) == ""

    assert accepted == (1 <= number <= 36)
