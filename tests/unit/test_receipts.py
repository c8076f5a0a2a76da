"""A slip says what is true, in both languages, with nothing that identifies its holder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fleet.platform.contract import Reason
from kiosk import wire
from kiosk.model import Language, PairLine, QrLine, Receipt, Text, TextLine
from kiosk.receipts import (
    REASONS,
    TEMPLATES,
    Slip,
    Standing,
    compose,
)

CASE = wire.case_number("KT-0001", date(2026, 11, 21), 42)
SLIP = Slip(
    terminal="KT-0001",
    site=Text("示例县政务服务中心", "Sample County Service Centre"),
    item=Text("参保证明", "Proof of social insurance"),
    case_no=CASE,
    standing=Standing.ACCEPTED,
    name="张*",
    number="4402**********0011",
    time=datetime(2026, 11, 21, 18, 5, tzinfo=UTC),
    hotline="12345",
    record_hash="9f2c41d07ab35e88" + "0" * 48,
    seq=128,
    due=date(2026, 11, 23),
)


def texts(receipt: Receipt) -> list[str]:
    return [line.text for line in receipt.lines if isinstance(line, TextLine)]


def pairs(receipt: Receipt) -> dict[str, str]:
    return {line.label: line.value for line in receipt.lines if isinstance(line, PairLine)}


@pytest.mark.parametrize(
    ("standing", "zh", "en"),
    [
        (Standing.DECIDED, "办结回执", "Completed"),
        (Standing.ACCEPTED, "受理回执", "Accepted"),
        (Standing.PROVISIONAL, "临时回执", "Provisional receipt"),
        (Standing.REFUSED, "不予受理通知", "Not accepted"),
        (Standing.ANSWERED, "查询结果单", "Your answer"),
    ],
)
def test_the_standing_is_the_heading_in_the_visits_language(
    standing: Standing, zh: str, en: str
) -> None:
    for language, first, second in ((Language.ZH, zh, en), (Language.EN, en, zh)):
        receipt = compose(replace(SLIP, standing=standing, language=language))
        large = [line.text for line in receipt.lines if isinstance(line, TextLine) and line.bold]

        assert large[0] == first
        assert texts(receipt).index(second) == texts(receipt).index(first) + 1


def test_every_standing_has_its_words() -> None:
    assert set(TEMPLATES) == set(Standing)
    assert len(set(TEMPLATES.values())) == len(Standing)


def test_the_facts_are_labelled_in_both_languages() -> None:
    shown = pairs(compose(SLIP))

    assert shown["事项 Service"] == "参保证明"
    assert shown[""] == "Proof of social insurance"
    assert shown["办件编号 Case no."] == CASE
    assert shown["申请人 Applicant"] == "张*"
    assert shown["证件号码 ID number"] == "4402**********0011"
    assert shown["时间 Time"] == "2026-11-21 18:05"
    assert shown["承诺办结日 Due by"] == "2026-11-23"
    assert shown["终端 Terminal"] == "KT-0001"
    assert shown["咨询投诉 Help"] == "12345"


def test_english_labels_come_first_in_an_english_visit() -> None:
    shown = pairs(compose(replace(SLIP, language=Language.EN)))

    assert shown["Service 事项"] == "Proof of social insurance"
    assert shown["Case no. 办件编号"] == CASE


def test_what_is_not_known_is_not_printed() -> None:
    shown = pairs(compose(replace(SLIP, due=None)))

    assert not [label for label in shown if "承诺" in label or "证明编号" in label]
    assert "" not in shown.values()


def test_the_proof_is_the_records_place_and_the_start_of_its_hash() -> None:
    assert pairs(compose(SLIP))["存证 Record"] == "128 9f2c41d07ab35e88"


def test_the_qr_code_holds_the_case_number_and_nothing_else() -> None:
    codes = [line.data for line in compose(SLIP).lines if isinstance(line, QrLine)]

    assert codes == [f"KIOSK:CASE:{CASE}"]


def test_a_provisional_slip_says_that_it_will_be_confirmed_and_how_to_ask() -> None:
    said = " ".join(texts(compose(replace(SLIP, standing=Standing.PROVISIONAL))))

    assert "网络恢复后自动提交并确认" in said
    assert "拨打12345" in said
    assert "when the network is back" in said
    assert "call 12345" in said


REFUSED = replace(SLIP, standing=Standing.REFUSED, due=None)


def test_a_refusal_gives_its_reason_and_the_way_to_disagree() -> None:
    receipt = compose(replace(REFUSED, reason="not_insured"))

    assert pairs(receipt)["原因 Reason"] == "未查到所选险种的参保登记"
    assert any("有异议" in text and "12345" in text for text in texts(receipt))


@pytest.mark.parametrize("code", ["", "word_of_a_newer_fleet"])
def test_a_refusal_without_a_known_reason_says_where_to_ask(code: str) -> None:
    assert pairs(compose(replace(REFUSED, reason=code)))["原因 Reason"] == "请向服务窗口询问"


def test_a_person_who_looks_at_the_case_first_is_the_reason_for_waiting() -> None:
    shown = pairs(compose(replace(SLIP, reason="identity_check", language=Language.EN)))

    assert shown["Reason 原因"] == "A person checks who everybody is"


def test_every_reason_of_the_fleet_has_its_words() -> None:
    assert {str(reason) for reason in Reason} - {"", "review"} <= set(REASONS)


@pytest.mark.parametrize("code", ["", "review", "word_of_a_newer_fleet"])
def test_ordinary_waiting_needs_no_reason(code: str) -> None:
    assert "原因 Reason" not in pairs(compose(replace(SLIP, reason=code)))


def test_a_certificate_is_spoken_of_only_when_there_is_one() -> None:
    decided = replace(SLIP, standing=Standing.DECIDED)
    certified = replace(decided, certificate_no="SC-2026-000017")

    assert pairs(compose(certified))["证明编号 Certificate"] == "SC-2026-000017"
    assert any("证明已开具" in text for text in texts(compose(certified)))
    assert not any("证明已开具" in text for text in texts(compose(decided)))


def test_a_querys_answer_is_on_the_slip_in_the_visits_language() -> None:
    answer = ((Text("年初余额", "Balance on 1 January"), "¥1,204.50"),)
    slip = replace(SLIP, standing=Standing.ANSWERED, result=answer)

    assert pairs(compose(slip))["年初余额"] == "¥1,204.50"
    english = compose(replace(slip, language=Language.EN))
    assert pairs(english)["Balance on 1 January"] == "¥1,204.50"


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_demonstration_says_so(demonstration: bool) -> None:
    said = texts(compose(replace(SLIP, demonstration=demonstration)))

    assert ("演示样张，没有效力" in said) is demonstration


def test_a_slip_never_shows_its_holder_in_a_log() -> None:
    assert "张" not in repr(SLIP)
    assert "4402" not in repr(SLIP)
    assert "张" not in repr(compose(SLIP))
