"""Finding over a fixed list of items: what people type, and what must be among the first three."""

from __future__ import annotations

import sqlite3

import pytest

import searchwork
from kiosk.services import search
from kiosk.services.fields import Words
from kiosk.services.search import Closeness, Facet, Place


@pytest.fixture(scope="module")
def found() -> searchwork.Found:
    return searchwork.index(searchwork.items())


@pytest.mark.parametrize(
    ("words", "wanted"), [pair for kind in searchwork.ASKED.values() for pair in kind.items()]
)
def test_what_is_meant_is_among_the_first_three(
    found: searchwork.Found, words: str, wanted: str
) -> None:
    assert wanted in found(words)[:3]


def test_a_fuzzy_pair_is_found_after_what_was_really_written() -> None:
    names = ("搜身", "受身", "收伸")
    found = searchwork.index(
        searchwork.item(n, Words(zh, ""), Words("局", "")) for n, zh in enumerate(names)
    )
    assert found("soushen")[0] == "搜身"
    assert set(found("soushen")) == set(names)


def test_names_come_before_keywords_and_those_before_departments() -> None:
    office = Words("局", "")
    listed = [
        searchwork.item(1, Words("其他事项", ""), Words("医保局", "")),
        searchwork.item(2, Words("买药", ""), office, Words("用医保买药 医保", "")),
        searchwork.item(3, Words("居民医保", ""), office),
        searchwork.item(4, Words("医保缴费", ""), office),
        searchwork.item(5, Words("医保", ""), office),
    ]
    found = searchwork.index(listed, {listed[0].task_code: 100.0})
    places = [Place.EXACT, Place.PREFIX, Place.PART, Place.KEYWORD, Place.DEPARTMENT]
    for words in ("医保", "yibao", "yb", "毉保"):
        hits = found.finder.find(words)
        assert [hit.place for hit in hits] == places
        assert [found.names[hit.task_code] for hit in hits] == [
            one.task_name.zh for one in reversed(listed)
        ]


def test_ties_go_by_weight_and_then_by_name() -> None:
    listed = [
        searchwork.item(n, Words(f"医保{end}", ""), Words("局", ""))
        for n, end in enumerate("乙甲丙")
    ]
    first = listed[2].task_code
    assert searchwork.index(listed, {first: 5.0})("医保") == ["医保丙", "医保乙", "医保甲"]
    assert searchwork.index(reversed(listed))("医保") == ["医保丙", "医保乙", "医保甲"]


def test_nothing_asked_is_the_browse_order(found: searchwork.Found) -> None:
    for words in ("", " ", "\t\n", "\u3000", "\x00\u200b"):
        hits = found.finder.find(words, limit=7)
        assert [hit.task_code for hit in hits] == found.finder.browse(limit=7)
        assert {hit.place for hit in hits} == {Place.BROWSE}


def test_a_homophone_says_that_it_is_one(found: searchwork.Found) -> None:
    assert found.finder.find("医宝")[0].closeness is Closeness.ALIKE
    assert found.finder.find("yibaojiaofwi")[0].closeness is Closeness.TYPO
    assert found.finder.find("ybjf")[0].closeness is Closeness.EXACT


def test_a_word_stands_for_itself_and_is_not_stretched(found: searchwork.Found) -> None:
    for words in ("qqqq", "zzzz", "葡萄", "bcdfgh", "9"):
        assert found(words) == []


def test_shelves_count_what_browsing_shows(found: searchwork.Found) -> None:
    finder, everything = found.finder, len(searchwork.NAMES)
    assert len(finder.browse(limit=1000)) == everything
    for facet in Facet:
        shelves = finder.counts(facet)
        assert sum(shelf.count for shelf in shelves) == everything
        for shelf in shelves:
            assert len(finder.browse({facet: shelf.key}, limit=1000)) == shelf.count > 0


def test_shelves_narrow_each_other(found: searchwork.Found) -> None:
    finder = found.finder
    police = next(s for s in finder.counts(Facet.DEPARTMENT) if s.name.zh == "示例县公安局")
    chosen = {Facet.DEPARTMENT: police.key}
    themes = finder.counts(Facet.THEME, chosen)
    assert sum(theme.count for theme in themes) == police.count == 6
    both = finder.browse({**chosen, Facet.THEME: themes[0].key})
    assert len(both) == themes[0].count
    assert set(both) < set(finder.browse(chosen))
    assert finder.counts(Facet.LEVEL, {Facet.THEME: "no such"}) == []
    assert (
        finder.browse({Facet.LEVEL: "county"}, limit=3, offset=2)
        == (finder.browse({Facet.LEVEL: "county"}, limit=5)[2:])
    )


def test_two_items_with_one_code_are_refused() -> None:
    one = searchwork.items()[0]
    with pytest.raises(ValueError, match="same task_code"):
        search.build(sqlite3.connect(":memory:"), [one, one])


def test_no_items_is_an_index_without_answers() -> None:
    found = searchwork.index([])
    assert found("医保") == found("") == found("yibao jiaofei") == []
    assert found.finder.counts(Facet.THEME) == []


def test_a_file_without_an_index_says_so() -> None:
    with pytest.raises(sqlite3.OperationalError):
        search.Finder(sqlite3.connect(":memory:"))


def test_the_same_items_make_the_same_bytes() -> None:
    def made() -> list[str]:
        connection = sqlite3.connect(":memory:")
        search.build(connection, searchwork.items())
        return list(connection.iterdump())

    assert made() == made()


def test_building_does_not_end_the_callers_transaction() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    search.build(connection, searchwork.items())
    connection.execute("ROLLBACK")
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
