from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.idcard.samples import SAMPLES
from kiosk.identity.numbers import (
    NumberFault,
    check_foreign_number,
    check_resident_number,
    foreign_check,
    mask_name,
    mask_number,
    resident_check,
)

RIGHT = "11010519491231002X"  # the example of GB 11643
regions = st.from_regex(r"(?:[1-7][0-9]|81|82|83|9[1-9])[0-9]{4}", fullmatch=True)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    birth = draw(st.dates().filter(lambda day: day.year > 1000))
    first = f"{draw(regions)}{birth:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + resident_check(first)


def test_the_examples_of_the_standards_pass() -> None:
    assert check_resident_number(RIGHT) is None
    assert check_resident_number("932682198501010017") is None  # the 2023 rules' example
    assert check_foreign_number("KAZ110090123105") is None  # the 2017 layout's example


@given(numbers())
def test_right_numbers_of_citizens_and_foreigners_pass(number: str) -> None:
    assert check_resident_number(number) is None


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, step: int) -> None:
    digit = (int(number[place]) + step) % 10
    assert check_resident_number(number[:place] + str(digit) + number[place + 1 :]) is not None


@given(numbers(), st.integers(0, 15))
def test_two_swapped_digits_are_always_noticed(number: str, place: int) -> None:
    a, b = number[place], number[place + 1]
    swapped = number[:place] + b + a + number[place + 2 :]
    assert (check_resident_number(swapped) is None) == (a == b)


@given(st.text(max_size=20) | st.from_regex(r"[0-9X]{18}", fullmatch=True))
def test_any_text_gives_a_typed_answer(text: str) -> None:
    assert check_resident_number(text) in (None, *NumberFault)
    assert check_foreign_number(text) in (None, *NumberFault)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", NumberFault.LENGTH),
        (RIGHT[:-1], NumberFault.LENGTH),
        ("110105491231002", NumberFault.LENGTH),  # the fifteen digits of the first generation
        (RIGHT + "0", NumberFault.LENGTH),
        ("1101051949123100 X", NumberFault.CHARACTERS),
        ("11010519491231002x", NumberFault.CHARACTERS),
        ("X1010519491231002X", NumberFault.CHARACTERS),
        ("01010519491231002X", NumberFault.CHARACTERS),
        ("１1010519491231002X", NumberFault.CHARACTERS),
        ("11010519491231002X"[:17] + "\n", NumberFault.CHARACTERS),
        ("11010519490231002X", NumberFault.BIRTH_DATE),
        ("11010500001231002X", NumberFault.BIRTH_DATE),
        ("11010519491331002X", NumberFault.BIRTH_DATE),
        ("110105194912310021", NumberFault.CHECK_DIGIT),
        ("810000198808080020", NumberFault.CHECK_DIGIT),
        ("944840197911051011", NumberFault.CHECK_DIGIT),
    ],
)
def test_each_fault_of_a_number_is_told(number: str, fault: NumberFault) -> None:
    assert check_resident_number(number) is fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (RIGHT, NumberFault.LENGTH),
        ("KA1110090123105", NumberFault.CHARACTERS),
        ("kaz110090123105", NumberFault.CHARACTERS),
        ("KAZ110090133105", NumberFault.BIRTH_DATE),
        ("KAZ110090123106", NumberFault.CHECK_DIGIT),
        ("KAS110090123105", NumberFault.CHECK_DIGIT),
    ],
)
def test_each_fault_of_a_2017_number_is_told(number: str, fault: NumberFault) -> None:
    assert check_foreign_number(number) is fault


def test_a_leap_day_is_a_birth_date_in_either_century() -> None:
    first = "KAZ11000002291"
    assert check_foreign_number(first + foreign_check(first)) is None  # 2000, not 1900


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"bad_number", "foreigner_i"}))
def test_sample_numbers_are_right(name: str) -> None:
    card = SAMPLES[name]
    assert check_resident_number(card.number) is None
    assert card.number[6:14] == f"{card.birth:%Y%m%d}"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (RIGHT, "110105********002X"),
        ("KAZ110090123105", "KAZ**********05"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_its_ends_only(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@given(numbers())
def test_the_birth_date_never_shows_in_a_masked_number(number: str) -> None:
    masked = mask_number(number)
    assert re.fullmatch(r"[0-9]{6}\*{8}[0-9]{3}[0-9X]", masked)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张小满", "张**"),
        ("李䶮", "李*"),
        ("张", "张"),
        ("欧阳 示例", "欧****"),
        ("示例提·吐尔逊", "示******"),
        ("EXAMPLE ALICE MARIE", "E****** A**** M****"),
        ("Émile Zoé", "É**** Z**"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_only_initials(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=40))
def test_masking_keeps_the_length_of_any_text(text: str) -> None:
    assert len(mask_name(text)) == len(text)
    assert len(mask_number(text)) == len(text)
