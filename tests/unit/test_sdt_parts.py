"""The smaller parts of what a reader says: blocks, the appended address, numbers, codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.idcard.blocks import join_blocks, split_blocks
from drivers.idcard.codes import sam_number
from drivers.idcard.text import decode_address, encode_address
from kiosk.identity.codes import PEOPLES, SEXES


@pytest.mark.parametrize("count", [2, 3])
@given(st.binary(max_size=40))
def test_any_bytes_are_blocks_or_not(count: int, data: bytes) -> None:
    assert split_blocks(data, count) is None


@given(st.integers(0, 5), st.integers(1, 255))
def test_blocks_whose_sizes_are_not_a_cards_are_refused(place: int, mask: int) -> None:
    data = bytearray(join_blocks(bytes(256), bytes(1024), bytes(512)))
    data[place] ^= mask
    assert split_blocks(bytes(data), 3) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_an_appended_address_or_none(data: bytes) -> None:
    decode_address(data)


def test_half_a_character_is_no_appended_address() -> None:
    assert decode_address(b"\x00\xd8" * 35) == ""
    assert decode_address(encode_address("新河路12号 3单元")) == "新河路12号 3单元"
    with pytest.raises(ValueError, match="too small"):
        encode_address("字" * 36)


def test_codes_are_those_of_the_standards() -> None:
    assert len(PEOPLES) == 58
    for code, name in (
        ("01", "汉"),
        ("15", "土家"),
        ("28", "景颇"),
        ("46", "德昂"),
        ("56", "基诺"),
    ):
        assert PEOPLES[code] == name
    assert len(set(PEOPLES.values())) == 58
    assert SEXES == {"0": "未知", "1": "男", "2": "女", "9": "未说明"}


@given(st.binary(max_size=20))
def test_any_bytes_are_a_sams_number_or_none(data: bytes) -> None:
    assert bool(sam_number(data)) == (len(data) == 16)
