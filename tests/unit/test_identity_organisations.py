"""Unified social credit codes, held against a second computation and against public codes."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.organisations import (
    CreditCodeFault,
    check_credit_code,
    credit_check,
    organisation_check,
)

RIGHT = "91350100M000100Y43"
ALPHABET = "".join(c for c in string.digits + string.ascii_uppercase if c not in "IOSVZ")
characters = st.sampled_from(ALPHABET)
# From public registers: companies, organs of the State (10) and of the corps (99), societies.
PUBLIC = (
    RIGHT,
    "91110000802100433B",
    "112302070019030687",
    "1134082855783407XL",
    "51100000500019541K",
    "52440111MJK9980480",
    "91341000MA2N0ABGXX",
    "11991000010647510A",
)


@st.composite
def codes(draw: st.DrawFn) -> str:
    kind = draw(characters) + draw(characters)
    region = draw(st.from_regex(r"[0-9]{6}", fullmatch=True))
    organisation = "".join(draw(characters) for _ in range(8))
    first = kind + region + organisation + organisation_check(organisation)
    return first + credit_check(first)


@pytest.mark.parametrize("code", PUBLIC)
def test_public_codes_pass(code: str) -> None:
    assert check_credit_code(code) is None


@given(codes())
def test_both_check_characters_are_those_of_the_standards(code: str) -> None:
    """Computed again from their definitions: each whole is a multiple of its modulus."""
    values = [ALPHABET.index(character) for character in code]
    weight, total = 1, 0
    for value in values[:17]:
        total += value * weight
        weight = weight * 3 % 31
    assert (total + values[17]) % 31 == 0
    inside = code[8:17]
    weights = (3, 7, 9, 10, 5, 8, 4, 2, 1)
    order = string.digits + string.ascii_uppercase
    numbers = [*(order.index(c) for c in inside[:8]), 10 if inside[8] == "X" else int(inside[8])]
    assert sum(map(int.__mul__, numbers, weights)) % 11 == 0
    assert check_credit_code(code) is None


@given(codes(), st.integers(0, 17), characters)
def test_one_wrong_character_is_always_noticed(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]
    assert (check_credit_code(changed) is None) == (changed == code)


@given(codes(), st.integers(0, 16))
def test_two_swapped_characters_are_always_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (check_credit_code(swapped) is None) == (swapped == code)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", CreditCodeFault.LENGTH),
        (RIGHT[:-1], CreditCodeFault.LENGTH),
        ("M000100Y4", CreditCodeFault.LENGTH),  # an organisation code alone
        (RIGHT + "3", CreditCodeFault.LENGTH),
        (RIGHT.lower(), CreditCodeFault.CHARACTERS),
        ("91350100M0001O0Y43", CreditCodeFault.CHARACTERS),
        ("9135010AM000100Y43", CreditCodeFault.CHARACTERS),
        ("91350100M000100Y4\n", CreditCodeFault.CHARACTERS),
        ("９1350100M000100Y43", CreditCodeFault.CHARACTERS),
        ("91350100M000100Y53", CreditCodeFault.ORGANISATION_CHECK),
        ("91350100M000100Y44", CreditCodeFault.CHECK_CHARACTER),
        ("92350100M000100Y43", CreditCodeFault.CHECK_CHARACTER),
    ],
)
def test_each_fault_of_a_code_is_told(code: str, fault: CreditCodeFault) -> None:
    assert check_credit_code(code) is fault


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_refused(letter: str) -> None:
    assert check_credit_code(RIGHT[:9] + letter + RIGHT[10:]) is CreditCodeFault.CHARACTERS


@given(st.text(max_size=20) | st.text(ALPHABET, min_size=18, max_size=18))
def test_any_text_gives_a_typed_answer(text: str) -> None:
    assert check_credit_code(text) in (None, *CreditCodeFault)
