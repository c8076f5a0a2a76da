"""What has to be given, which ways there are, and a bundle's materials as one list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from kiosk.services.fields import Words
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue
from kiosk.services.materials import Material, Source, Trust
from kiosk.services.needed import (
    Here,
    Way,
    accepted,
    allowed,
    by_card,
    missing,
    needed,
    of_case,
    on_file,
    standing,
    ways,
)
from kiosk.wire import CaseMaterial, Filed

CATALOGUE = Path(__file__).parents[2] / "config" / "catalogue"
TODAY = date(2026, 11, 20)
EVERYTHING = Here(TODAY, card=True, scans=True, asks=True)
EVERY = tuple(Source)
TEXT = Words("我承诺。", "I promise.")


def material(*sources: Source, **more: object) -> Material:
    base: dict[str, object] = {"code": "proof", "sources": sources, "kinds": ("proof",)}
    return Material(Words("证明", "A proof"), **{**base, **more})  # type: ignore[arg-type]


def item(task: str, *materials: Material) -> Item:
    """One of the county's own, with these materials."""
    known = load_catalogue(CATALOGUE).items[0]
    return msgspec.structs.replace(known, task_code=task, materials=materials)


def test_only_what_is_secondary_comes_later_and_only_by_a_day() -> None:
    may = material(Source.PROMISE, main=False, correction_day=5)
    assert [way.source for way in ways(may, EVERYTHING)] == [Source.PROMISE]
    for broken in (
        material(Source.PROMISE, main=True, correction_day=5),
        material(Source.PROMISE, main=False),
    ):
        assert allowed(broken) == ()
        assert not accepted(broken, CaseMaterial("proof", "promise", due="2026-12-01"))


@pytest.mark.parametrize("text", [Words("", ""), Words("我承诺", ""), Words(" ", " ")])
def test_nothing_is_declared_without_its_text(text: Words) -> None:
    assert allowed(material(Source.COMMITMENT, commitment=text)) == ()
    assert allowed(material(Source.COMMITMENT, commitment=TEXT)) == (Source.COMMITMENT,)


def test_a_scan_needs_a_camera_that_works() -> None:
    one = material(Source.SCAN)
    assert ways(one, EVERYTHING) == (Way(Source.SCAN),)
    assert ways(one, Here(TODAY, card=True)) == (Way(Source.SCAN, "no_doccam"),)


@pytest.mark.parametrize(
    ("pages", "good"), [([], False), (["a"], False), (["a", "b"], True), (["a"] * 3, True)]
)
def test_a_scan_has_all_its_pages(pages: list[str], good: bool) -> None:
    two = material(Source.SCAN, page_num=2)
    assert accepted(two, CaseMaterial("proof", "scan", pages)) is good


def test_earlier_papers_are_offered_only_where_they_can_be_asked_for() -> None:
    one = material(Source.EARLIER)
    assert ways(one, Here(TODAY)) == ()
    assert ways(one, EVERYTHING) == (Way(Source.EARLIER, "not_on_file"),)
    found = Here(TODAY, asks=True, filed=(Filed("proof", "A-1", "2026-01-01"),))
    assert ways(one, found) == (Way(Source.EARLIER),)


def test_an_earlier_paper_must_be_young_and_good_enough() -> None:
    young, old = Filed("proof", "A-1", "2026-10-01"), Filed("proof", "A-2", "2025-01-01")
    declared = Filed("proof", "A-3", "2026-11-01", Trust.D)
    other = Filed("other", "A-4", "2026-11-01", Trust.A)
    here = Here(TODAY, asks=True, filed=(old, young, declared, other))
    assert on_file(material(Source.EARLIER, valid_days=90), here) == young
    assert on_file(material(Source.EARLIER, valid_days=10), here) is None
    assert on_file(material(Source.EARLIER, trust=Trust.D), here) == declared
    assert on_file(material(Source.EARLIER, trust=Trust.A), here) is None


def test_the_card_counts_at_once() -> None:
    card, either = material(Source.CARD, code="card"), material(Source.CARD, Source.SCAN)
    needs = needed(item("T1", card, either), (), {})
    assert missing(needs, {}, card=True) == ()
    assert [need.code for need in missing(needs, {}, card=False)] == ["proof"]
    assert by_card(card, card=False), "who showed no card is identified in another way"


@pytest.mark.parametrize(
    "said",
    [
        CaseMaterial("proof", "scan"),
        CaseMaterial("proof", "promise", due="2026-12-01"),
        CaseMaterial("proof", "commitment", commitment="ab" * 32),
        CaseMaterial("proof", "earlier"),
        CaseMaterial("proof", "card"),
        CaseMaterial("proof", "something else"),
    ],
)
def test_what_is_given_in_no_allowed_way_is_missing(said: CaseMaterial) -> None:
    needs = needed(item("T1", material(Source.SCAN, Source.EARLIER)), (), {})
    assert missing(needs, {"proof": said}, card=True) == needs
    assert standing(needs, {"proof": said}, card=True) == {}


def test_a_bundle_asks_for_the_same_thing_once_and_as_the_strictest_part_does() -> None:
    first = material(Source.SCAN, Source.PROMISE, code="a", main=False, correction_day=20,
                     kinds=("proof", "old"))  # fmt: skip
    second = material(Source.SCAN, Source.PROMISE, code="b", main=True, correction_day=5,
                      page_num=3, valid_days=30)  # fmt: skip
    [need] = needed(item("B", first), (item("P", second),), {})
    assert need.code == "a"
    assert need.asked == (("B", "a"), ("P", "b"))
    assert allowed(need.material) == (Source.SCAN,)
    assert (need.material.page_num, need.material.valid_days) == (3, 30)
    given = {"a": CaseMaterial("a", "scan", ["1", "2", "3"])}
    assert standing((need,), given, card=True) == given
    for part, code in ((first, "a"), (second, "b")):
        assert accepted(part, CaseMaterial(code, "scan", ["1", "2", "3"])), "each part takes it"
    assert [one.code for one in of_case((need,), given, "P")] == ["b"]
    assert [one.code for one in of_case((need,), given, "B")] == ["a"]
    assert of_case((need,), given, "another") == []


def test_a_bundle_waits_as_long_as_its_strictest_part() -> None:
    late, soon = (material(Source.PROMISE, main=False, correction_day=n) for n in (20, 5))
    for one, other in ((late, soon), (soon, late)):
        [need] = needed(item("B", one), (item("P", other),), {})
        assert need.material.correction_day == 5


def test_two_things_of_a_bundle_with_one_name_stay_two() -> None:
    declared = material(Source.COMMITMENT, commitment=TEXT)
    scanned = material(Source.SCAN)
    alien = material(Source.SCAN, kinds=("something",))
    needs = needed(item("B", declared), (item("P", scanned), item("Q", alien)), {})
    assert [need.code for need in needs] == ["proof", "P.proof", "Q.proof"]


def test_two_declarations_with_other_words_are_not_one() -> None:
    other = Words("我也承诺。", "So do I.")
    one = material(Source.COMMITMENT, Source.SCAN, commitment=TEXT)
    two = material(Source.COMMITMENT, Source.SCAN, commitment=other)
    [need] = needed(item("B", one), (item("P", two),), {})
    assert allowed(need.material) == (Source.SCAN,)
