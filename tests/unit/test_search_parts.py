"""The parts of finding: sets of places, words, syllables, readings."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.services import search_bits, search_pinyin, search_syllables, search_words
from kiosk.services.search_departments import short_names

PLACES = st.lists(st.integers(0, 20_000), max_size=300, unique=True).map(sorted)
LETTERS = st.text("abgnz", min_size=1, max_size=6)


def bits(places: list[int]) -> int:
    return sum(1 << place for place in places)


@given(PLACES)
def test_a_set_comes_back_from_the_file(places: list[int]) -> None:
    for size in (20_001, 10_000_000):  # dense, and sparse
        assert search_bits.unpack(search_bits.pack(places, size)) == bits(places)
    assert list(search_bits.members(bits(places))) == places


@given(PLACES, st.sets(st.integers(1, 20_000), max_size=50))
def test_lines_with_a_hit(places: list[int], breaks: set[int]) -> None:
    starts = [0, *sorted(breaks), 20_001]
    wanted = sorted({bisect_right(starts, place) - 1 for place in places})
    assert list(search_bits.lines(bits(places), starts)) == wanted
    ends = {start - 1 for start in starts[1:]}
    inside = [place for place in places if place not in ends]
    everything = (1 << 20_001) - 1
    found = search_bits.line_ends(bits(inside), everything ^ bits(sorted(ends)), bits(sorted(ends)))
    held = {bisect_right(starts, place) - 1 for place in inside}
    assert list(search_bits.members(found)) == [starts[line + 1] - 1 for line in sorted(held)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ＹＩ　bao", ("yi", "bao")),
        ("lǜ NÜ lü", ("lv", "nv", "lv")),
        ("xi'an", ("xian",)),
        ("医保（新农合）", ("医保", "新农合")),
        ("  ", ()),
        ("😀*\"';--", ()),
        ("A\x00B\u200bC", ("abc",)),
        ("①２", ("12",)),
    ],
)
def test_words_have_one_form(typed: str, words: tuple[str, ...]) -> None:
    assert search_words.words(typed) == words


def test_a_query_is_cut_at_so_many_signs() -> None:
    assert sum(map(len, search_words.typed("医保 " * 500))) == search_words.MOST_UNITS
    assert search_words.typed("a" * 9_999) == ("a" * search_words.MOST_UNITS,)


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhang", "zan"), ("chen", "ceng"), ("shi", "si"), ("niu", "liu"), ("ling", "nin"),
     ("lv", "lu"), ("xiang", "xian"), ("zhuang", "zuan")],
)  # fmt: skip
def test_fuzzy_pairs_sound_alike(one: str, other: str) -> None:
    assert search_syllables.sound(one) == search_syllables.sound(other)


def test_other_syllables_do_not() -> None:
    for one, other in (("ban", "dan"), ("zhe", "zhi"), ("sha", "cha"), ("ran", "lan")):
        assert search_syllables.sound(one) != search_syllables.sound(other)


@given(LETTERS, LETTERS)
def test_one_error_is_what_one_edit_makes(meant: str, written: str) -> None:
    assert search_syllables.one_error(meant, written) == (written in edits(meant) - {meant})


@given(st.sets(LETTERS, max_size=30), LETTERS)
def test_mistaken_syllables_are_all_those_one_error_away(known: set[str], written: str) -> None:
    wanted = {meant for meant in known if written in edits(meant) - {meant}}
    assert set(search_syllables.Syllables(known).mistaken(written)) == wanted


def edits(word: str) -> set[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    return (
        {left + right[1:] for left, right in cuts if right}
        | {left + letter + right for left, right in cuts for letter in letters}
        | {left + letter + right[1:] for left, right in cuts if right for letter in letters}
        | {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    )


def test_readings_know_the_phrase_and_all_the_others() -> None:
    assert search_pinyin.in_context("重庆银行") == ("chong", "qing", "yin", "hang")
    assert search_pinyin.in_context("行驶证a1") == ("xing", "shi", "zheng", "a", "1")
    assert {"hang", "xing"} <= set(search_pinyin.readings("行"))
    assert {"zhong", "chong"} <= set(search_pinyin.readings("重"))
    assert len(search_pinyin.in_context("刘𠀀䶮\U0002ffff")) == 4
    assert "宝" in search_pinyin.homophones()["bao"]


def test_departments_have_short_names() -> None:
    assert list(short_names("示例县医疗保障局")) == ["医保局"]
    assert list(short_names("城关镇人民政府")) == ["政府"]
    assert list(short_names("民政局")) == []
