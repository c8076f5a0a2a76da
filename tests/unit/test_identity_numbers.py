from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.idcard.samples import SAMPLES
from kiosk.identity.codes import Sex
from kiosk.identity.numbers import (
    NumberFault,
    birth_of,
    check_foreign_number,
    check_resident_number,
    foreign_check,
    mask_name,
    mask_number,
    mask_phone,
    resident_check,
    sex_of,
)
from kiosk.identity.regions import PROVINCES

RIGHT = "11010519491231002X"  # the example of GB 11643
provinces = st.sampled_from([*PROVINCES, *(f"9{digit}" for digit in range(10))])
regions = st.builds("{}{:04d}".format, provinces, st.integers(0, 9999))


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


@given(numbers())
def test_the_check_character_is_that_of_iso_7064(number: str) -> None:
    """Computed again as the standard defines it: the whole is 1 modulo 11, X is 10."""
    value = 0
    for character in number:
        value = (value * 2 + (10 if character == "X" else int(character))) % 11
    assert value == 1
    others = set("0123456789X") - {number[17]}
    faults = {check_resident_number(number[:17] + other) for other in others}
    assert faults == {NumberFault.CHECK_DIGIT}


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
        ("100105194912310026", NumberFault.REGION),
        ("190105194912310027", NumberFault.REGION),
        ("700105194912310022", NumberFault.REGION),
        ("840000198808080021", NumberFault.REGION),
        ("11010519490231002X", NumberFault.BIRTH_DATE),
        ("110105190002290021", NumberFault.BIRTH_DATE),
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
    ("number", "masked"),
    [
        ("13800008000", "138****8000"),
        ("01088888888", "***********"),
        ("+8613800008000", "**************"),
        ("8000", "****"),
        ("", ""),
    ],
)
def test_a_masked_phone_shows_its_ends_only(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


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
    assert len(mask_phone(text)) == len(text)


@given(numbers())
def test_a_number_tells_birth_and_sex(number: str) -> None:
    told = birth_of(number)
    assert told is not None
    assert told.isoformat().replace("-", "") == number[6:14]
    assert sex_of(number) is (Sex.MALE if number[16] in "13579" else Sex.FEMALE)


def test_the_examples_tell_birth_and_sex() -> None:
    assert (birth_of(RIGHT), sex_of(RIGHT)) == (date(1949, 12, 31), Sex.FEMALE)
    assert sex_of("944840197911051010") is Sex.MALE


@pytest.mark.parametrize("number", ["", "110105194912310021", "KAZ110090123105", RIGHT[:17] + "x"])
def test_a_wrong_number_tells_nothing(number: str) -> None:
    assert (birth_of(number), sex_of(number)) == (None, Sex.UNKNOWN)
