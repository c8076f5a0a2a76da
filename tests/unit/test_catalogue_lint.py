"""The rules that keep a bad item away from citizens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.services import lint
from kiosk.services.item import Guide, Item
from kiosk.services.load import load_catalogue
from kiosk.services.vague import vague

SHIPPED = Path(__file__).parents[2] / "config/catalogue"


def changed(place: str, value: Any, code: str = "000100001001") -> Item:
    """A shipped item with one value changed; `place` is like `fields.1.minimum`."""
    items = {item.catalog_code: item for item in load_catalogue(SHIPPED).items}
    data = msgspec.to_builtins(items[code])
    *path, last = place.split(".")
    target = data
    for part in path:
        target = target[int(part)] if part.isdigit() else target[part]
    assert last in target
    target[last] = value
    return msgspec.convert(data, Item)


def test_shipped_items_keep_every_rule() -> None:
    assert [lint.item(item) for item in load_catalogue(SHIPPED).items] == [[], [], []]


@pytest.mark.parametrize("element", Guide.__struct_fields__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_element_of_the_guide_may_be_empty(element: str, language: str) -> None:
    faults = lint.item(changed(f"guide.{element}.{language}", "  "))

    assert faults == [(f"guide.{element}.{language}", "is empty")]


def test_the_guide_has_its_eleven_elements() -> None:
    assert len(Guide.__struct_fields__) == 11


RESIDENCE = "000900011001"
QUERY = "000700007001"


@pytest.mark.parametrize(
    ("place", "value", "where", "code"),
    [
        ("promise_day", 1, "promise_day", "000100001001"),
        ("promise_day", 4, "promise_day", RESIDENCE),
        ("promise_day", 0, "promise_day", RESIDENCE),
        ("promise_day", -1, "promise_day", RESIDENCE),
        ("promise_day", 1, "promise_day", QUERY),
        ("certificate", True, "certificate", QUERY),
        ("offline", True, "offline", QUERY),
        ("task_code", "11445299MB2D0000XR200010000100", "task_code", "000100001001"),
        ("catalog_code", "000100001002", "catalog_code", "000100001001"),
        ("dept_code", "1144", "dept_code", QUERY),
        ("task_version", "", "task_version", QUERY),
        ("icon", "", "icon", QUERY),
        ("minutes", 0, "minutes", QUERY),
        ("declaration.en", "", "declaration.en", QUERY),
        ("materials.0.source_type", "post", "materials[1].source_type", QUERY),
        ("fees.0.by_law", "", "fees[1].by_law", QUERY),
        ("fields.0.name", "Year", "fields.Year.name", QUERY),
        ("fields.0.label.zh", "", "fields.year.label.zh", QUERY),
        ("fields.0.hint.zh", "只有中文", "fields.year.hint", QUERY),
        ("fields.0.choices", [], "fields.year.choices", QUERY),
        ("fields.0.minimum", "1", "fields.year.minimum", QUERY),
        ("fields.0.prefill", "number", "fields.year.prefill", QUERY),
        ("fields.0.max_length", 0, "fields.year.max_length", QUERY),
        ("fields.0.choices.0.code", "2025", "fields.year.choices", QUERY),
        ("fields.0.type", "text", "fields.year.choices", QUERY),
        ("fields.1.name", "scheme", "fields", "000100001001"),
        ("fields.1.minimum", "one", "fields.period.minimum", "000100001001"),
        ("fields.1.minimum", "37", "fields.period.minimum", "000100001001"),
        ("fields.1.maximum", "today", "fields.period.maximum", "000100001001"),
        ("fields.0.pattern", "[0-9", "fields.address_unit.pattern", RESIDENCE),
        ("fields.1.minimum", "2000-02-30", "fields.moved_in.minimum", RESIDENCE),
        ("fields.1.maximum", "1999-12-31", "fields.moved_in.minimum", RESIDENCE),
    ],
)
def test_a_broken_rule_is_told_with_its_place(
    place: str, value: Any, where: str, code: str
) -> None:
    assert [fault[0] for fault in lint.item(changed(place, value, code))] == [where]


@pytest.mark.parametrize(
    "text",
    [
        "身份证等材料",
        "身份证、户口簿等。",
        "身份证等",
        "身份证等有关证明",
        "以及其他材料",
        "其它相关的资料",
        "相关证明文件",
        "视情况提供",
        "必要时补充说明",
        "原则上为本人",
        "符合有关规定",
        "根据实际情况确定",
        "等等",
    ],
)
def test_vague_chinese_is_caught(text: str) -> None:
    assert vague(text, "")


@pytest.mark.parametrize(
    "text",
    [
        "残疾等级为一级或二级",
        "请在终端前等待",
        "同等条件下按申请先后",
        "二等功证书",
        "平等对待",
        "高等学校录取通知书原件1件",
        "劳动能力鉴定为三等，由医院开具",
        "情况说明书1份",
        "其他两名家庭成员到场",
    ],
)
def test_harmless_chinese_is_left_alone(text: str) -> None:
    assert vague(text, "") == ""


@pytest.mark.parametrize(
    "text",
    [
        "ID card, household book, etc.",
        "and other relevant documents",
        "Other materials",
        "a proof of income if necessary",
        "as appropriate",
        "depending on the circumstances",
        "In principle, in person",
    ],
)
def test_vague_english_is_caught(text: str) -> None:
    assert vague("", text)


@pytest.mark.parametrize(
    "text", ["one of the two", "the other parent's card", "documents issued in 2026", "a sketch"]
)
def test_harmless_english_is_left_alone(text: str) -> None:
    assert vague("", text) == ""


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("guide.materials.zh", "guide.materials"),
        ("guide.accept_condition.zh", "guide.accept_condition"),
        ("materials.0.material_name.zh", "materials[1].material_name"),
        ("fees.0.fee_stand.zh", "fees[1].fee_stand"),
    ],
)
def test_vague_words_are_caught_wherever_a_citizen_must_bring_or_pay(
    place: str, where: str
) -> None:
    assert lint.item(changed(place, "身份证等材料")) == [(where, "'等' is vague; list every case")]
