"""Case numbers: made by terminals, typed by people, read from slips."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wire.numbers import (
    QR_PREFIX,
    NumberFault,
    case_number,
    check_character,
    read_case_number,
)

CASE = case_number("KT-0001", date(2026, 11, 21), 42)
SERIALS = st.integers(min_value=0, max_value=999_999_999)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2099, 12, 31))
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TERMINALS = st.text(ALPHABET, min_size=1, max_size=32)


def test_a_case_number_tells_terminal_day_and_serial() -> None:
    assert CASE.rsplit("-", 1)[0] == "KT0001-20261121-00042"


@given(TERMINALS, DAYS, SERIALS)
def test_what_terminals_make_is_read_however_it_is_brought(
    terminal: str, day: date, serial: int
) -> None:
    number = case_number(terminal, day, serial)
    assert read_case_number(number) == number
    assert read_case_number(f" {number.lower()} ") == number
    assert read_case_number(QR_PREFIX + number) == number


@given(TERMINALS, DAYS, SERIALS, st.data())
def test_any_one_wrong_character_is_found(
    terminal: str, day: date, serial: int, data: st.DataObject
) -> None:
    number = case_number(terminal, day, serial)
    places = [place for place, character in enumerate(number) if character != "-"]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(number[place], "")))
    assert read_case_number(number[:place] + wrong + number[place + 1 :]) in set(NumberFault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("   ", NumberFault.EMPTY),
        (CASE[:-1] + "M", NumberFault.CHECK),
        (CASE.replace("42", "24"), NumberFault.CHECK),
        (CASE[:-1], NumberFault.SHAPE),
        (CASE + "0", NumberFault.SHAPE),
        (CASE.replace("-", ""), NumberFault.SHAPE),
        (CASE + "\n\n0", NumberFault.SHAPE),
        ("KT0001", NumberFault.SHAPE),
        ("A-1", NumberFault.SHAPE),
        ("—", NumberFault.SHAPE),
        ("ſ" + CASE, NumberFault.SHAPE),
        ("９" * 20, NumberFault.SHAPE),
        ("A" * 100_000, NumberFault.SHAPE),
        (QR_PREFIX * 2 + CASE, NumberFault.SHAPE),
    ],
)
def test_what_is_no_case_number_is_told_apart(text: str, fault: NumberFault) -> None:
    assert read_case_number(text) is fault


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert read_case_number(text)


def test_the_check_character_follows_iso_7064() -> None:
    """The worked example of the GRid standard, which uses MOD 37,36: A1-2425GABC1234002-M."""
    assert check_character("A1-2425GABC1234002") == "M"
