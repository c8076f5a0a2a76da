"""Every kind of certificate is data: it loads, it fits its register, and what is wrong is named."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from certificatework import APPLICANT, AUTHORITY, ID_NUMBER, KINDS, NUMBER, facts, issuer, item
from fleet.certificates.compose import ComposeError
from fleet.certificates.facts import Facts
from fleet.certificates.issue import Issuer
from fleet.certificates.sheet import NO_END, Sheet, compose
from fleet.certificates.template import TEMPLATES, TemplateError, load, load_all
from fleet.platform import registers
from kiosk.certificates import verify_pdf, verify_qr
from kiosk.services.fields import Words
from kiosk.wire import CaseApplicant
from paperwork import NOW, number

EVERY = sorted(KINDS)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer")


@pytest.fixture(scope="module")
def desk(home: Path) -> Issuer:
    return issuer(home)


def sheet(template: str, **answers: str) -> Sheet:
    found = facts(template, **answers)
    return compose(load(template), item(template), APPLICANT, found, NUMBER, AUTHORITY, TODAY)


def test_every_template_has_its_register_and_its_test() -> None:
    assert set(load_all()) == registers.TEMPLATES == set(KINDS)


@pytest.mark.parametrize("template", EVERY)
def test_the_register_knows_every_fact_that_the_sentences_want(template: str) -> None:
    assert set(load(template).facts) <= set(facts(template).named)


@pytest.mark.parametrize("template", EVERY)
def test_a_sealed_paper_of_every_kind(
    template: str, desk: Issuer, home: Path, tmp_path: Path
) -> None:
    pdf = desk.certify(item(template), APPLICANT, facts(template), NUMBER, NOW)
    verdict = verify_pdf(pdf, home / "trust", NOW)
    assert verdict.valid
    assert verdict.claims["authority"] == KINDS[template][2][0]
    assert len(str(verdict.claims["sum"])) > 5
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfinfo", "-meta", path], capture_output=True, check=True).stdout
    assert re.search(rb'pdfaid:part(>|=")2\b', told)
    assert re.search(rb'pdfaid:conformance(>|=")B\b', told)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    assert all(row.split()[-5] == "yes" for row in fonts.splitlines()[2:])
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    flat = re.sub(r"\s", "", words.stdout)
    for said in (load(template).title.zh, APPLICANT.name, ID_NUMBER, NUMBER):
        assert re.sub(r"\s", "", said) in flat


def test_the_code_is_read_from_the_last_page_of_a_long_statement(
    desk: Issuer, home: Path, tmp_path: Path
) -> None:
    found = facts("statement", months="60")
    pdf = desk.certify(item("statement"), APPLICANT, found, NUMBER, NOW)
    (tmp_path / "long.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", tmp_path / "long.pdf", tmp_path / "page"], check=True
    )
    pages = sorted(tmp_path.glob("page*.png"))
    codes = [zxingcpp.read_barcodes(Image.open(page)) for page in pages]
    assert [len(found) for found in codes] == [0] * (len(pages) - 1) + [1]
    assert len(pages) > 1
    assert verify_qr(codes[-1][0].text, home / "trust", NOW).valid
    assert verify_pdf(pdf, home / "trust", NOW).valid


@pytest.mark.parametrize(
    "name",
    [
        "买买提·艾力·吐尔逊阿卜杜热合曼·玉素甫江·阿卜杜克里木",
        "测" * 64,
        "W" * 64,
        'a *b* {c} \\ " #d',
    ],
)
def test_any_name_is_printed_whole(desk: Issuer, name: str, tmp_path: Path) -> None:
    applicant = CaseApplicant(name, ID_NUMBER)
    pdf = desk.certify(item("no_record"), applicant, facts("no_record"), NUMBER, NOW)
    (tmp_path / "name.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", tmp_path / "name.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert re.sub(r"\s|\u200b", "", name) in re.sub(r"\s|\u200b", "", said)


def test_a_character_without_a_glyph_stops_the_paper(desk: Issuer) -> None:
    with pytest.raises(ComposeError):
        desk.certify(item("fund"), CaseApplicant("张\ue123", ID_NUMBER), facts("fund"), NUMBER, NOW)


def test_what_is_missing_is_a_typed_error(desk: Issuer) -> None:
    with pytest.raises(ComposeError, match="scheme"):
        desk.certify(item("insurance"), APPLICANT, Facts(), NUMBER, NOW)
    with pytest.raises(ComposeError, match="no template"):
        desk.certify(
            msgspec.structs.replace(item("fund"), template="../x"), APPLICANT, Facts(), NUMBER, NOW
        )


def test_the_item_s_own_validity_goes_first() -> None:
    made = msgspec.structs.replace(item("fund"), valid_days=10)
    found = compose(load("fund"), made, APPLICANT, facts("fund"), NUMBER, AUTHORITY, TODAY)
    assert (found.until - TODAY).days == 10
    assert (sheet("fund").until - TODAY).days == 90
    assert sheet("acceptance").until == NO_END
    assert sheet("acceptance").validity.zh == ""


def test_bold_and_placeholders_belong_to_the_template_alone() -> None:
    hostile = CaseApplicant("*{number}*", ID_NUMBER)
    found = compose(load("fund"), item("fund"), hostile, facts("fund"), NUMBER, AUTHORITY, TODAY)
    assert any(run.text == "*{number}*" and run.bold for run in found.body_zh)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": {"zh": "{holdr}", "en": "x"}}, r"body\.zh: \{holdr\}: no such placeholder"),
        ({"body": {"zh": "x", "en": " "}}, r"body\.en: is empty"),
        ({"body": {"zh": "*x", "en": "x"}}, r"body\.zh: a bold passage"),
        ({"body": {"zh": "{holder", "en": "x"}}, r"body\.zh:"),
        ({"body": {"zh": "{holder!r}", "en": "x"}}, r"only :lower"),
        ({"summary": "{holder:>9}"}, r"only :lower"),
        ({"facts": ["months"]}, r"facts: months: listed, but in no sentence"),
        ({"titel": "x"}, r"titel"),
        ({"seal": "nobody"}, r"nobody"),
        ({"valid_days": -1}, r"valid_days"),
    ],
)
def test_what_is_wrong_in_a_template_is_named(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    words = {"zh": "甲乙", "en": "ab"}
    good = {"title": words, "body": words, "summary": "甲", **change}
    (tmp_path / "x.toml").write_text("".join(f"{k} = {toml(v)}\n" for k, v in good.items()))
    with pytest.raises(TemplateError, match=rf"x\.toml: .*{said}"):
        load("x", tmp_path)


def test_files_that_are_no_templates_are_named(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_bytes(b"title = [")
    (tmp_path / "latin.toml").write_bytes(b"title = '\xff'")
    for name in ("broken", "latin", "missing", "../family", ""):
        with pytest.raises(TemplateError):
            load(name, tmp_path)


def test_no_template_is_left_without_english() -> None:
    for path in TEMPLATES.glob("*.toml"):
        given_in_file = tomllib.loads(path.read_text())
        assert given_in_file["title"]["en"].isascii()
        assert re.sub(r"\{[a-z_:]+\}", "", given_in_file["body"]["en"]).isascii()


ANSWERS = st.dictionaries(
    st.sampled_from(
        ["scheme", "period", "months", "year", "purpose", "day", "slot", "from", "to", "programme",
         "status", "card_last4", "address_unit", "recipient", "from_date", "amount", "relation"]
    ),
    st.one_of(
        st.text(max_size=300),
        st.integers(-(10**20), 10**20).map(str),
        st.dates().map(str),
        st.sampled_from(["pension", "9" * 400, "\x00\x1b[31m", "𠮷😀\u202e", "0000-00-00", "②"]),
        st.just("x" * 10**4),
    ),
    max_size=8,
)  # fmt: skip


@given(st.sampled_from(EVERY), ANSWERS, st.sampled_from([ID_NUMBER, "", "x", "9" * 18, "\ud800"]))
@settings(max_examples=400, deadline=None)
def test_no_answer_breaks_a_register(template: str, answers: dict[str, str], who: str) -> None:
    fields = tuple(
        msgspec.structs.replace(one, name=name)
        for name in answers
        for one in KINDS["no_record"][3][1:]
    )
    asked = msgspec.structs.replace(item(template), fields=item(template).fields + fields)
    found = registers.look_up(asked, who, answers, TODAY)
    if found is not None:
        made = compose(load(template), asked, APPLICANT, found, NUMBER, AUTHORITY, TODAY)
        assert all(len(row.value.zh) < 200 for row in made.rows)
        assert found == registers.look_up(asked, who, answers, TODAY)


def test_sensitive_answers_and_phones_stay_off_the_paper() -> None:
    asked = msgspec.structs.replace(
        item("decision"),
        fields=(*item("decision").fields, replace_name("phone")),
    )
    answers = {"bank": "甲银行", "phone": "13900001234"}
    found = registers.look_up(asked, ID_NUMBER, answers, TODAY)
    assert found is not None
    assert "甲银行" in str([row.value for row in found.rows])
    assert "13900001234" not in str([row.value for row in found.rows])
    hidden = registers.look_up(
        msgspec.structs.replace(asked, sensitive=True), ID_NUMBER, answers, TODAY
    )
    assert hidden is not None
    assert "甲银行" not in str([row.value for row in hidden.rows])


def replace_name(name: str) -> msgspec.Struct:
    one = KINDS["decision"][3][0]
    return msgspec.structs.replace(one, name=name, label=Words("手机", "Phone"))


def test_nothing_is_shown_in_a_log() -> None:
    found = facts("household")
    shown = f"{found!r} {sheet('household')!r} {found.rows!r}"
    assert "张" not in shown
    assert ID_NUMBER not in shown
    assert replace(found, rows=()).rows == ()
    assert number("19900307") == ID_NUMBER
