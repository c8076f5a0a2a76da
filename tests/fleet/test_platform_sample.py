"""The sample platform as the fleet calls it: decisions, papers, and the same answer each time."""

from __future__ import annotations

import re
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from fleet.platform.contract import Decision, Platform, PlatformError, Reason, Standing
from fleet.platform.deciding import certificate_number
from fleet.platform.registers import look_up
from fleet.platform.sample import SamplePlatform
from kiosk import certificates
from paperwork import (
    AUTHORITY_CODE,
    CERTIFICATE,
    HELPER,
    NOW,
    QUERY,
    case,
    items,
    number,
    party,
    platform,
)
from platformwork import SCANNED, residence


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("platform")


@pytest.fixture(scope="module")
def sample(home: Path) -> SamplePlatform:
    return platform(home)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def test_an_approved_case_ends_with_a_certificate_that_verifies(
    sample: Platform, home: Path
) -> None:
    decision = sample.decide(case("A1"))
    assert (decision.state, decision.reason) == (Standing.APPROVED, Reason.NONE)
    assert re.fullmatch(r"CB(-[0-9A-HJKMNP-TV-Z]{4}){3}", decision.certificate_no)
    verdict = certificates.verify_pdf(decision.certificate, home / "trust", NOW)
    assert verdict.valid
    assert verdict.claims["number"] == decision.certificate_no
    assert verdict.claims["holder"] == "张小满"
    assert verdict.claims["id"] == "445***********" + number("19900307")[-4:]


def test_the_paper_says_what_was_asked(sample: Platform) -> None:
    paper = text_of(sample.decide(case("A2", scheme="medical", period="12")).certificate)
    for words in (
        "社会保险参保证明", "张小满", number("19900307"), "职工基本医疗保险",
        "2025 年 11 月至 2026 年 10 月共 12 个月", "2026 年 11 月 20 日", "2027 年 2 月 18 日",
    ):  # fmt: skip
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", paper), words


def test_the_figures_of_the_paper_come_from_the_register(sample: Platform) -> None:
    application = case("A6", scheme="unemployment", period="36")
    item = items()[application.task_code]
    facts = look_up(item, application.applicant.number, application.answers, NOW.date())
    assert facts is not None
    assert facts.table is not None
    assert len(facts.table.rows) == 4
    paper = re.sub(r"\s", "", text_of(sample.decide(application).certificate))
    cells = [cell for row in facts.table.rows for cell in row]
    named = [facts.named[name].zh for name in ("scheme", "span", "span_months", "paid_months")]
    for figure in [*cells, *named, *(row.value.zh for row in facts.rows)]:
        assert re.sub(r"\s", "", figure) in paper, figure


def test_a_query_answers_in_lines(sample: Platform) -> None:
    decision = sample.decide(case("A3", QUERY, proof="", year="2025"))
    assert (decision.state, decision.certificate) == (Standing.APPROVED, b"")
    assert decision.result[0] == ("查询年度", "Year", "2025")
    assert all(re.fullmatch(r"[\d,]+\.\d\d", value) for _, _, value in decision.result[1:])
    assert decision.result[-1][0] == "年末余额（元）"


def test_what_a_helper_may_only_accept_is_never_decided_at_once(sample: Platform) -> None:
    decision = sample.decide(case("H1", proof="pin", parties=(HELPER,), handling="accept"))
    assert decision == Decision(Standing.PENDING, "2026-11-23", Reason.ACCEPTED_ON_BEHALF)
    carried = sample.decide(case("H2", proof="pin", parties=(HELPER,), handling="carry"))
    assert carried == Decision(Standing.PENDING, "", Reason.CARRIED)
    final = sample.decide(case("H3", proof="pin", parties=(HELPER,), handling="final"))
    assert (final.state, final.certificate[:5]) == (Standing.APPROVED, b"%PDF-")


def test_a_promise_waits(sample: Platform) -> None:
    decision = sample.decide(residence("A4", SCANNED))
    assert decision == Decision(Standing.PENDING, "2026-11-23", Reason.REVIEW)


def test_unmatched_faces_are_the_owner_s_choice(tmp_path: Path) -> None:
    decision = platform(tmp_path, accept_unmatched_face=False).decide(case("A5"))
    assert decision == Decision(Standing.PENDING, "2026-11-23", Reason.IDENTITY_CHECK)


@pytest.mark.parametrize(
    ("application", "reason"),
    [
        (case("R1", "9999"), Reason.UNKNOWN_ITEM),
        (case("R2", born="20150101", parties=(party("guardian"),)), Reason.NOT_INSURED),
        (case("R3", period="99"), Reason.BAD_ANSWERS),
    ],
    ids=lambda value: getattr(value, "case_no", None),
)
def test_refusals_name_their_reason(sample: Platform, application: object, reason: Reason) -> None:
    assert sample.decide(application) == Decision(Standing.REFUSED, reason=reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "task_code",
    ["", CERTIFICATE, AUTHORITY_CODE, f"{AUTHORITY_CODE}9", f"11445299MB2D00014D{CERTIFICATE}"],
)
def test_items_of_others_are_unknown(sample: Platform, task_code: str) -> None:
    other = msgspec.structs.replace(case(f"R{task_code}"), task_code=task_code)
    assert sample.decide(other) == Decision(Standing.REFUSED, reason=Reason.UNKNOWN_ITEM)


@pytest.mark.parametrize("name", ["李\ue863", "李\ue123", "𪚥𪚥"])
def test_a_name_that_no_font_can_print_is_left_to_a_person(sample: Platform, name: str) -> None:
    decision = sample.decide(case(f"N{name}", name=name))
    assert decision == Decision(Standing.PENDING, "2026-11-23", Reason.RARE_CHARACTER)


@pytest.mark.parametrize(
    "name",
    ["李䶮", "𠮷小满", "FAIRWEATHER MONTGOMERY CHRISTOPHER JOHN ALOYSIUS", "W" * 46,
     "*#panic()[$]\\\"` 张"],
)  # fmt: skip
def test_unusual_names_are_printed_as_they_are_on_one_page(sample: Platform, name: str) -> None:
    paper = text_of(sample.decide(case(f"U{name}", name=name)).certificate)
    assert paper.count("\f") == 1
    assert re.sub(r"\s", "", name) in re.sub(r"[\s\u200b]", "", paper)


def test_a_case_that_comes_again_gets_the_very_same_answer(home: Path, sample: Platform) -> None:
    first = sample.decide(case("S1"))
    assert sample.decide(case("S1")) == first
    restarted = platform(home, accept_unmatched_face=False, now=NOW + timedelta(days=9))
    assert restarted.decide(case("S1")) == first


def test_another_application_under_the_same_number_is_refused(sample: Platform) -> None:
    sample.decide(case("S2"))
    other = sample.decide(case("S2", name="李四"))
    assert other == Decision(Standing.REFUSED, reason=Reason.CASE_REUSED)


def test_without_its_register_the_same_case_gets_the_same_number_and_words(tmp_path: Path) -> None:
    one, two = (platform(tmp_path / part).decide(case("S3")) for part in "ab")
    assert one.certificate_no == two.certificate_no == certificate_number("S3")
    assert text_of(one.certificate) == text_of(two.certificate)


def test_one_case_decided_by_several_at_once_gets_one_certificate(home: Path) -> None:
    platforms = [platform(home) for _ in range(3)]
    start = threading.Barrier(len(platforms))
    found: list[Decision] = []

    def decide(one: SamplePlatform) -> None:
        start.wait(10)
        found.append(one.decide(case("S4")))

    threads = [threading.Thread(target=decide, args=(one,)) for one in platforms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 3
    assert len({decision.certificate for decision in found}) == 1


def test_a_damaged_record_is_never_decided_again(tmp_path: Path) -> None:
    sample = platform(tmp_path)
    sample.decide(case("S5"))
    [record] = (tmp_path / "fleet/papers").glob("*.json")
    record.write_bytes(record.read_bytes()[:-40])
    with pytest.raises(PlatformError, match="damaged"):
        sample.decide(case("S5"))


def test_what_was_issued_is_for_the_fleet_s_eyes_alone(tmp_path: Path) -> None:
    platform(tmp_path).decide(case("S6"))
    folder = tmp_path / "fleet/papers"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (tmp_path / "fleet/office.db").stat().st_mode & 0o777 == 0o600


def test_a_decision_shows_nothing_of_the_citizen_when_printed(sample: Platform) -> None:
    shown = repr(sample.decide(case("S7"))) + repr(sample.decide(case("S8", QUERY)))
    assert "PDF" not in shown
    assert "余额" not in shown
