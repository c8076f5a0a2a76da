"""Finding among thousands: nothing is lost, errors are forgiven, hostile words do no harm."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchwork
from kiosk.identity.organisations import check_credit_code
from kiosk.services import county, search, search_pinyin, search_words
from kiosk.services.item import Item, UseLevel
from kiosk.services.search import Closeness, Place

COUNT = 3_000
IN_NAME = {Place.EXACT, Place.PREFIX, Place.PART}
MOST = 200
HOSTILE = st.text(
    st.sampled_from(
        "医保缴费zhangangbaoyi'\"*()^:-+?%_\\;\x00\x1b\u200b\u202e\ud800😀𠀀䶮Ａ１ﷺḀ̀\n\t "
    )
)


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return county.county(searchwork.items(), COUNT)


@pytest.fixture(scope="module")
def found(items: list[Item]) -> searchwork.Found:
    return searchwork.index(items, county.weights(items))


def test_a_county_is_the_same_again_and_believable(items: list[Item]) -> None:
    assert county.county(searchwork.items(), COUNT) == items
    assert county.county(searchwork.items(), COUNT, seed=2) != items
    made = items[len(searchwork.NAMES) :]
    assert len({item.task_code for item in items}) == COUNT
    assert len({item.task_name.zh for item in made}) == len(made)
    assert not any(check_credit_code(item.dept_code) for item in made)
    assert all(
        item.task_code == item.dept_code + item.task_code[18] + item.catalog_code for item in made
    )
    assert set(Counter(item.use_level for item in made)) == {UseLevel.COUNTY, UseLevel.TOWN}


def test_a_county_has_its_full_size_and_an_end() -> None:
    full = county.county(searchwork.items())
    assert len(full) == county.COUNTY_SIZE
    assert {item.use_level for item in full} == {UseLevel.COUNTY, UseLevel.TOWN, UseLevel.VILLAGE}
    with pytest.raises(ValueError, match="there are only"):
        county.county(searchwork.items(), 10**6)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_hanzi_find_every_name_that_holds_them_and_no_other(
    found: searchwork.Found, items: list[Item], seed: int
) -> None:
    chance = random.Random(seed)
    name = search_words.joined(chance.choice(items).task_name.zh)
    first = chance.randrange(len(name))
    part = name[first : first + chance.randint(1, 8)]
    held = [one.task_code for one in items if part in search_words.joined(one.task_name.zh)]
    hits = [
        hit.task_code
        for hit in found.finder.find(part, MOST)
        if hit.place in IN_NAME and hit.closeness is Closeness.EXACT
    ]
    assert len(hits) == min(len(held), MOST)
    assert set(hits) <= set(held)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_hanzi_pinyin_and_initials_finds_the_name(
    found: searchwork.Found, items: list[Item], seed: int
) -> None:
    chance = random.Random(seed)
    one = chance.choice(items)
    name = search_words.joined(one.task_name.zh)
    signs = list(zip(name, search_pinyin.in_context(name), strict=True))[:12]
    spelt = [chance.choice((sign, read, read[:1])) for sign, read in signs]
    spelt[-1] = spelt[-1][: chance.randint(1, 6)]
    spaced = chance.choice(("", " ")).join(spelt)
    answers = found(spaced, MOST)
    assert one.task_name.zh in answers or len(answers) == MOST


def test_one_typing_error_is_forgiven(found: searchwork.Found, items: list[Item]) -> None:
    chance = random.Random(7)
    asked = chance.sample([item for item in items if len(item.task_name.zh) >= 3], 300)
    right = sum(
        item.task_name.zh in found(searchwork.misspelt(pinyin_of(item), chance), 3)
        for item in asked
    )
    assert right / len(asked) >= 0.95


def pinyin_of(item: Item) -> str:
    return "".join(search_pinyin.in_context(search_words.joined(item.task_name.zh)))


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_what_was_asked_before_changes_no_answer(
    found: searchwork.Found, items: list[Item], seed: int
) -> None:
    chance = random.Random(seed)
    words = searchwork.misspelt(pinyin_of(chance.choice(items)), chance)[:24]
    for end in range(1, len(words) + 1):  # typed letter by letter, with one taken back
        last = found.finder.find(words[:end])
        if chance.random() < 0.2:
            found.finder.find(words[: end - 1] + "x")
    assert search.Finder(found.connection).find(words) == last


@given(words=st.one_of(HOSTILE, st.text(max_size=80), st.text("zhangsheiyuo", max_size=90)))
@settings(max_examples=300, deadline=None)
def test_hostile_words_get_an_answer_in_bounded_time(found: searchwork.Found, words: str) -> None:
    begin = time.thread_time()
    hits = found.finder.find(words)
    assert time.thread_time() - begin < 0.5
    assert len(hits) <= 20
    assert len({hit.task_code for hit in hits}) == len(hits)
    assert found.finder.find(words) == hits


@pytest.mark.parametrize(
    "words",
    ["医" * 10_000, "医保缴费" * 2_500, "zhuang" * 2_000, "a" * 10_000, "zh ang " * 1_500,
     "\u200b" * 10_000, "' OR 1=1 --" * 900, "﷽" * 10_000, "医保 " * 3_000, "e\u0301" * 5_000,
     "chuangzhuangshuang" * 10],
)  # fmt: skip
def test_ten_thousand_characters_take_no_longer_than_a_line(
    found: searchwork.Found, words: str
) -> None:
    found.finder.find(words)
    begin = time.thread_time()
    found.finder.find(words)
    assert time.thread_time() - begin < 0.5


@pytest.mark.parametrize("limit", [-1, 0, 1, 10**9])
def test_a_limit_is_kept_within_reason(found: searchwork.Found, limit: int) -> None:
    for words in ("", "证", "z", "certificate"):
        assert len(found.finder.find(words, limit)) == max(0, min(limit, MOST))
