"""一次性告知: who supplies exactly what was listed is accepted, for every item and combination."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from fleet.platform import given as platform
from kiosk.model import Language, Text, TextLine
from kiosk.services.asked import answers_of, asked_of, concept, holds, merged
from kiosk.services.fields import FieldType, FormField
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue
from kiosk.services.materials import Source, Trust
from kiosk.services.needed import Here, Need, missing, needed, of_case, on_file, standing, ways
from kiosk.slips.facts import Missing, Notice
from kiosk.slips.fill import fill
from kiosk.wire import CaseApplicant, CaseMaterial, CasePayload, Filed

CATALOGUE = Path(__file__).parents[2] / "config" / "catalogue"
TODAY = date(2026, 11, 20)


def items() -> list[tuple[Item, tuple[Item, ...]]]:
    """Every item of the county, with the items of its bundle."""
    found = {one.task_code: one for one in load_catalogue(CATALOGUE).items}
    return [(one, tuple(found[code] for code in one.parts)) for one in found.values()]


ITEMS = items()
each_item = pytest.mark.parametrize(("item", "parts"), ITEMS, ids=[i.icon for i, _ in ITEMS])


def asked_about(item: Item, parts: tuple[Item, ...] = ()) -> list[FormField]:
    """The questions on which materials depend, and those on which these questions do."""
    form = {field.name: field for field in merged(item, parts)}
    names = set()
    for one in (item, *parts):
        called = {field.name: concept(field) for field in one.fields}
        names |= {called[m.when.field] for m in one.materials if m.when}
    while True:
        whens = [form[name].when for name in names]
        more = {when.field for when in whens if when} - names
        if not more:
            return [field for field in form.values() if field.name in names]
        names |= more


def said_of(field: FormField) -> list[str]:
    codes = [choice.code for choice in field.choices]
    if field.type is FieldType.CHOICES:
        return ["", *codes, ",".join(codes)]
    return ["", *codes]


def combinations(item: Item, parts: tuple[Item, ...] = ()) -> Iterator[dict[str, str]]:
    """Of the answers to them, by the names of the merged form."""
    fields = asked_about(item, parts)
    for values in itertools.product(*map(said_of, fields)):
        yield {f.name: value for f, value in zip(fields, values, strict=True) if value}


def supplied(need: Need, turn: int) -> CaseMaterial:
    """In one of the ways that this terminal offers; by turns each of them."""
    kinds = tuple(Filed(kind, "A-1", TODAY.isoformat(), Trust.A) for kind in need.material.kinds)
    here = Here(TODAY, card=True, scans=True, asks=True, filed=kinds)
    free = [way.source for way in ways(need.material, here) if not way.why_not]
    assert free, f"{need.code} is listed, and can't be given at all"
    source, code = free[turn % len(free)], need.code
    match source:
        case Source.SCAN:
            return CaseMaterial(code, source.value, ["ab" * 32] * need.material.page_num)
        case Source.EARLIER:
            filed = on_file(need.material, here)
            assert filed is not None
            return CaseMaterial(code, source.value, case_no=filed.case_no)
        case Source.PROMISE:
            assert not need.material.main
            return CaseMaterial(code, source.value, due="2026-12-20")
        case _:
            return CaseMaterial(code, source.value, commitment="cd" * 32)


def refused(item: Item, answers: dict[str, str], given: list[CaseMaterial]) -> tuple[str, ...]:
    """What the approval platform, which has rules of its own, still misses."""
    own = answers_of(item, answers)
    case = CasePayload(
        "A-2", "KT-0001", item.task_code, item.task_version, "2026-11-20T09:00:00+08:00",
        CaseApplicant("张三", "1"), own, "card", materials=given,
    )  # fmt: skip
    return platform.missing(item, case)


@each_item
def test_what_is_listed_is_enough_and_none_of_it_is_too_much(
    item: Item, parts: tuple[Item, ...]
) -> None:
    turn = 0
    for answers in combinations(item):
        needs = needed(item, (), answers)
        by_card = {need.code for need in standing(needs, {}, card=True).values()}
        others = [need for need in needs if need.code not in by_card]
        for chosen in itertools.product((False, True), repeat=len(others)):
            turn += 1
            said = {n.code: supplied(n, turn) for n, c in zip(others, chosen, strict=True) if c}
            listed = missing(needs, said, card=True)
            assert refused(item, answers, of_case(needs, said)) == tuple(n.code for n in listed)
            full = {**said, **{need.code: supplied(need, turn) for need in listed}}
            assert missing(needs, full, card=True) == ()
            there = standing(needs, full, card=True)
            assert refused(item, answers, of_case(needs, there, item.task_code)) == ()
            for need in listed:
                less = {code: one for code, one in full.items() if code != need.code}
                assert missing(needs, less, card=True) == (need,)
                assert refused(item, answers, of_case(needs, less)) == (need.code,)


@each_item
def test_of_a_bundle_each_part_gets_all_that_it_asks_for(
    item: Item, parts: tuple[Item, ...]
) -> None:
    """Each thing is given once; every part's own case is whole."""
    for answers in itertools.islice(combinations(item, parts), 500) if parts else ():
        needs = needed(item, parts, answers)
        said = {need.code: supplied(need, 0) for need in missing(needs, {}, card=True)}
        there = standing(needs, said, card=True)
        assert missing(needs, said, card=True) == ()
        for part in parts:
            assert refused(part, answers, of_case(needs, there, part.task_code)) == ()


@each_item
def test_the_notice_names_everything_once(item: Item, parts: tuple[Item, ...]) -> None:
    for answers in itertools.islice(combinations(item), 20):
        listed = missing(needed(item, parts, answers), {}, card=True)
        names = [Text(n.material.material_name.zh, n.material.material_name.en) for n in listed]
        for language in Language:
            facts = Notice("KT-0001", Text("大厅", "Hall"), "12345", datetime(2026, 11, 20),  # noqa: DTZ001
                           language, missing=tuple(map(Missing, names)))  # fmt: skip
            slip = fill("missing", facts, language)
            lines = [one.text for one in slip.lines if isinstance(one, TextLine)]
            numbered = [line for line in lines if line[:1].isdigit()]
            order = sorted(Language, key=lambda one: one is not language)
            both = [[f"{n}. {name.into(one)}" for one in order] for n, name in enumerate(names, 1)]
            assert numbered == [line for pair in both for line in dict.fromkeys(pair)]


def test_the_combinations_do_reach_every_material() -> None:
    """Or the property would hold of nothing."""
    for item, _ in ITEMS:
        reached = {n.code for a in combinations(item) for n in needed(item, (), a)}
        assert reached == {one.code for one in item.materials if one.code}, item.task_code
    assert sum(len(one.materials) for one, _ in ITEMS) > 50
    assert any(parts for _, parts in ITEMS)


def test_a_question_that_is_not_asked_asks_for_nothing() -> None:
    for item, _ in ITEMS:
        for answers in combinations(item):
            own = answers_of(item, answers)
            asked = {field.name for field in asked_of(item.fields, own)}
            for need in needed(item, (), answers):
                when = need.material.when
                assert when is None or (when.field in asked and holds(when, own))
