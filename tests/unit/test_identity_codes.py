"""Tables of the standards: each entry once, and none left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.codes import PEOPLES, SEXES, Sex
from kiosk.identity.regions import PROVINCES, province


def test_sexes_have_the_codes_of_the_standard() -> None:
    assert SEXES == {"0": "未知", "1": "男", "2": "女", "9": "未说明"}
    assert SEXES[Sex.FEMALE] == "女"


def test_there_are_56_peoples_and_two_codes_for_others() -> None:
    assert set(PEOPLES) == {*(f"{code:02d}" for code in range(1, 57)), "97", "98"}
    assert len(set(PEOPLES.values())) == 58


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("01", "汉"),
        ("05", "维吾尔"),
        ("15", "土家"),
        ("28", "景颇"),
        ("34", "布朗"),
        ("46", "德昂"),
        ("52", "鄂伦春"),
        ("56", "基诺"),
        ("97", "其他"),
        ("98", "外国血统中国籍人士"),
    ],
)
def test_a_people_has_the_code_of_the_standard(code: str, name: str) -> None:
    assert PEOPLES[code] == name


def test_the_provinces_are_those_of_gb_2260() -> None:
    ranges = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    codes = {str(code) for first, last in ranges for code in range(first, last + 1)}
    assert set(PROVINCES) == codes
    assert all(name.zh and name.en for name in PROVINCES.values())
    assert len({name.zh for name in PROVINCES.values()}) == len(codes) - 1  # Taiwan has two


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("11010519491231002X", "Beijing"),
        ("810000198808080021", "Hong Kong"),
        ("830000198808080023", "Taiwan"),
        ("932682198501010017", "Jiangsu"),  # a foreigner's
        ("944840197911051010", "Guangdong"),
    ],
)
def test_a_number_tells_its_province(number: str, name: str) -> None:
    found = province(number)
    assert found is not None
    assert found.en == name


@given(st.text(max_size=18))
def test_any_text_has_a_province_or_none(text: str) -> None:
    assert province(text) in (None, *PROVINCES.values())


@pytest.mark.parametrize("number", ["", "1", "9", "91", "00", "990", "66"])
def test_no_province_is_made_up(number: str) -> None:
    assert province(number) is None
