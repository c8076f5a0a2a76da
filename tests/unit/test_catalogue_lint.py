"""The rules that keep a bad item away from citizens."""

from __future__ import annotations

from pathlib import Path

import pytest

from cataloguework import GOOD, faults, replaced
from kiosk.services import lint
from kiosk.services.item import Guide
from kiosk.services.lint_rules import shown
from kiosk.services.vague import vague

SHIPPED = Path(__file__).parents[2] / "config/catalogue"


@pytest.mark.parametrize("folder", [SHIPPED, *(one for one in SHIPPED.glob("*") if one.is_dir())])
def test_shipped_items_keep_every_rule(folder: Path) -> None:
    assert lint.folder(folder)[1] == []


@pytest.mark.parametrize("element", Guide.__struct_fields__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_element_of_the_guide_may_be_empty(tmp_path: Path, element: str, language: str) -> None:
    row = next(one for one in GOOD.splitlines() if one.startswith(f"{element} = {{"))
    zh, en = row.split('"')[1::2]
    text = replaced(row, row.replace(zh if language == "zh" else en, "  "))

    found = [one for one in faults(text, tmp_path) if one.rule == "guide-complete"]

    line = GOOD.splitlines().index(row) + 1
    assert [(one.line, one.where) for one in found] == [(line, f"guide.{element}.{language}")]
    assert found[0].what == "is empty"


def test_the_guide_has_its_eleven_elements() -> None:
    assert len(Guide.__struct_fields__) == 11


def test_places_are_counted_from_one() -> None:
    assert shown(("fields", 1, "label", "zh")) == "fields[2].label.zh"


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
    ("old", "where"),
    [
        ("户籍在示例县。", "guide.accept_condition.zh"),
        ("提交、核对、决定。", "guide.procedure.zh"),
        ('zh = "每户10元"', "fees[1].fee_stand.zh"),
        ('zh = "户口簿"', "materials[2].material_name.zh"),
        ("我承诺收入如实。", "materials[3].commitment.zh"),
    ],
)
def test_vague_words_are_caught_wherever_a_citizen_must_bring_or_pay(
    tmp_path: Path, old: str, where: str
) -> None:
    word = old.removeprefix('zh = "').removesuffix('"')
    found = faults(replaced(old, old.replace(word, f"{word}，身份证等材料")), tmp_path)

    vague_ones = [(one.where, one.what) for one in found if one.rule == "vague-words"]
    assert vague_ones == [(where, "'等' is vague; list every case")]
