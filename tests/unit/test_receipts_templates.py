"""Slips as data: every template loads, every slip says all of it, and what is wrong is named."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kiosk.errors import SettingsError
from kiosk.model import Language, PairLine, QrLine, Receipt, RuleLine, Text, TextLine
from kiosk.slips import KINDS, Notice, Slip, fill, load
from kiosk.slips.a4 import a4
from kiosk.slips.template import FOLDER
from slipwork import CASE, DUE, LONG, SAMPLES, SLIP, many, picture

BOTH = list(Language)


def said(receipt: Receipt) -> str:
    parts = {
        TextLine: lambda line: line.text,
        PairLine: lambda line: f"{line.label} | {line.value}",
        QrLine: lambda line: line.data,
        RuleLine: lambda _: "---",
    }
    return "\n".join(parts[type(line)](line) for line in receipt.lines)


def test_every_template_is_known_and_has_a_sample() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(KINDS) == set(SAMPLES)
    for name, kind in KINDS.items():
        assert type(SAMPLES[name]) is kind


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("language", BOTH)
def test_every_slip_in_both_languages(name: str, language: Language) -> None:
    receipt = fill(name, SAMPLES[name], language)
    text = said(receipt)
    assert "{" not in text
    assert not re.search(r"\bNone\b", text)
    headings = [line for line in receipt.lines if isinstance(line, TextLine) and line.scale == 2]
    assert len(headings) >= 1
    with Image.open(io.BytesIO(picture(receipt))) as paper:
        assert paper.height > 300
    if name != "test":
        other = Language.EN if language is Language.ZH else Language.ZH
        assert said(fill(name, SAMPLES[name], other)) != text


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_first_language_comes_first(name: str) -> None:
    chinese, english = (fill(name, SAMPLES[name], language) for language in BOTH)
    if name != "test":
        assert isinstance(chinese.lines[0], TextLine)
        assert chinese.lines[0].text == "示例县政务服务中心"
        assert isinstance(english.lines[0], TextLine)
        assert english.lines[0].text == "Sample County Service Centre"


@pytest.mark.parametrize("language", BOTH)
def test_an_acceptance_lists_exactly_what_was_given_and_what_is_promised(
    language: Language,
) -> None:
    text = said(fill("acceptance", SLIP, language))
    assert "1. 有效居民身份证原件（已读卡）" in text
    assert "1. Your own valid resident ID card (read from the card)" in text
    assert f"1. 租赁合同或房屋权属证明，{DUE}前" in text
    without = said(fill("acceptance", replace(SLIP, given=(), promised=()), language))
    assert "已收" not in without
    assert "Promised" not in without


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("count", [0, 1, 20, 60])
def test_a_notice_tells_everything_that_is_missing_each_once_with_its_own_needs(
    language: Language, count: int
) -> None:
    notice = many(count)
    lines = [line.text for line in fill("notice", notice, language).lines
             if isinstance(line, TextLine)]  # fmt: skip
    starts = [i for i, line in enumerate(lines) if re.match(r"\d+\. ", line)]
    for number, missing in enumerate(notice.missing, start=1):
        own = [i for i in starts if lines[i].startswith(f"{number}. ")]
        assert {lines[i].split(" ", 1)[1] for i in own} == {missing.name.zh, missing.name.en}
        later = [i for i in starts if i > max(own)]
        between = lines[max(own) + 1 : min(later)] if later else lines[max(own) + 1 :]
        assert any(missing.stand.zh in line for line in between) or not missing.stand.zh
        assert any(missing.where.en in line for line in between) or not missing.where.en
    assert len(starts) == 2 * count


def test_long_names_stay_whole() -> None:
    text = said(fill("notice", many(3), Language.ZH))
    assert LONG in text


@given(st.text(max_size=80), st.text(max_size=80))
def test_what_strangers_wrote_means_nothing_to_a_template(name: str, case_no: str) -> None:
    facts = replace(SAMPLES["notice"], name=name, case_no=case_no)
    receipt = fill("notice", facts, Language.ZH)
    values = [line.value for line in receipt.lines if isinstance(line, PairLine)]
    assert name in values or not name.strip()
    codes = [line.data for line in receipt.lines if isinstance(line, QrLine)]
    assert codes == ([f"KIOSK:CASE:{case_no}"] if case_no else [])


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_same_content_on_a4(name: str, tmp_path: Path) -> None:
    receipt = fill(name, SAMPLES[name], Language.ZH)
    pdf = a4(receipt)
    assert pdf == a4(receipt)
    (tmp_path / "a4.pdf").write_bytes(pdf)
    shown = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "a4.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    flat = re.sub(r"\s|\u200b", "", shown)
    for line in receipt.lines:
        if isinstance(line, TextLine):
            assert re.sub(r"\s", "", line.text) in flat
        if isinstance(line, PairLine):
            assert re.sub(r"\s", "", line.value) in flat


def test_a_character_without_a_glyph_does_not_cost_the_slip() -> None:
    assert a4(Receipt((TextLine("\ue123"),))).startswith(b"%PDF-")


def test_a_slip_s_qr_code_and_no_more() -> None:
    for name in ("acceptance", "notice", "promise", "progress"):
        codes = [line.data for line in fill(name, SAMPLES[name], Language.ZH).lines
                 if isinstance(line, QrLine)]  # fmt: skip
        assert codes == [f"KIOSK:CASE:{CASE}"]


TEXT = '[[lines]]\ntext = { zh = "甲", en = "a" }\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("lines = [", r"x\.toml: "),
        ("[[lines]]\ntxt = 1\n", r"x\.toml: .*txt"),
        (TEXT + '[[lines]]\ntext = { zh = "{nam}", en = "a" }', r"line 2: \{nam\}: no such field"),
        ('[[lines]]\ntext = { zh = "{missing}", en = "a" }', r"\{missing\}: no such field"),
        ('[[lines]]\neach = "mising"\ntext = { zh = "甲", en = "a" }', r"no such list.*missing"),
        ('[[lines]]\neach = "missing"\ntext = { zh = "{total}", en = "a" }', r"\{total\}"),
        ('[[lines]]\nwhen = "nam"\ntext = { zh = "甲", en = "a" }', r"'nam': no such field"),
        ('[[lines]]\ntext = { zh = "甲", en = "" }', r"one language is missing"),
        ('[[lines]]\nkind = "rule"\n[[lines]]\nkind = "pair"', r"line 2: value is missing"),
        ("[[lines]]\n", r"text is missing"),
        ('[[lines]]\nscale = 3\ntext = { zh = "甲", en = "a" }', r"scale: 1 or 2"),
        ('[[lines]]\ntext = { zh = "{name:>9}", en = "a" }', r"after the name may stand :yuan"),
        ('[[lines]]\ntext = { zh = "{name", en = "a" }', r"line 1: "),
        ('[[lines]]\npart = "nowhere"', r"nowhere\.toml: there is no such"),
        ('[[lines]]\nkind = "picture"', r"picture"),
    ],
)
def test_what_is_wrong_in_a_template_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "x.toml").write_text(content)
    with pytest.raises(SettingsError, match=message):
        load("x", Notice, tmp_path)


def test_a_part_that_is_wrong_is_named_itself(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "x.toml").write_text('[[lines]]\npart = "head"\n')
    (tmp_path / "parts/head.toml").write_text('[[lines]]\ntext = { zh = "{nam}", en = "a" }\n')
    with pytest.raises(SettingsError, match=r"parts/head\.toml: line 1: \{nam\}"):
        load("x", Slip, tmp_path)
    (tmp_path / "parts/head.toml").write_text('[[lines]]\npart = "head"\n')
    with pytest.raises(SettingsError, match="no parts of its own"):
        load("x", Slip, tmp_path)


def test_facts_never_show_in_a_log() -> None:
    shown = " ".join(repr(facts) for facts in SAMPLES.values())
    assert "张" not in shown
    assert "445*" not in shown
    assert Text("", "").zh == ""
