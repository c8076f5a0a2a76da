"""The same scenarios on every platform: what the fleet sees is the same, whatever it speaks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime

import msgspec
import pytest

from fleet.platform.contract import (
    Decision,
    PlatformError,
    Reason,
    Standing,
    StepEnd,
    StepReport,
    TakesPages,
)
from kiosk import certificates
from kiosk.services import workdays
from kiosk.wire import CaseMaterial, CasePayload
from paperwork import CERTIFICATE, HELPER, MARRIAGE, QUERY, case, party
from platformwork import PROMISED, PROOF, SCANNED, Rig, items, residence, rig

NAMES = ("sample", "city", "county")
SOON = workdays.after(date(2026, 11, 20), 3).isoformat()  # as of the day of `paperwork.case`


@pytest.fixture(scope="module", params=NAMES)
def on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with rig(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made


def ends(reports: list[StepReport]) -> list[tuple[str, StepEnd]]:
    return [(one.step, one.end) for one in reports]


def test_approved_at_once_with_a_certificate_that_verifies(on: Rig) -> None:
    decision = on.platform.decide(case("A1"))
    assert (decision.state, decision.reason) == (Standing.APPROVED, Reason.NONE)
    now = datetime.now().astimezone()
    verdict = certificates.verify_pdf(decision.certificate, on.folder / "trust", now)
    assert verdict.valid
    assert verdict.claims["number"] == decision.certificate_no
    assert verdict.claims["holder"] == "张小满"


def test_approved_at_once_with_lines(on: Rig) -> None:
    decision = on.platform.decide(case("A2", QUERY, proof="", year="2025"))
    assert (decision.state, decision.certificate) == (Standing.APPROVED, b"")
    assert decision.result
    assert all(zh and en for zh, en, _ in decision.result)


def test_a_promise_walks_all_its_steps_and_is_concluded(on: Rig) -> None:
    application = residence("B1", SCANNED)
    decision = on.platform.decide(application)
    assert (decision.state, decision.reason) == (Standing.PENDING, Reason.REVIEW)
    assert decision.due_date
    assert on.platform.concluded(application) is None
    on.advance(30)
    reports = on.reports("B1")
    listed = items()[application.task_code].steps
    assert {one.step for one in reports} == {step.code for step in listed}
    done = {one.step: at for at, one in enumerate(reports)}
    for step in listed:
        assert all(done[before] < done[step.code] for before in step.after)
    assert {one.end for one in reports} == {StepEnd.DONE}
    assert all(one.person and datetime.fromisoformat(one.at).tzinfo for one in reports)
    last = on.platform.concluded(application)
    assert last is not None
    assert last.state is Standing.APPROVED
    assert last.certificate.startswith(b"%PDF-")
    assert on.platform.decide(application) == decision  # the first answer stays what it was


def test_the_same_place_gives_the_same_reports_again(on: Rig) -> None:
    on.platform.decide(residence("B2", SCANNED))
    on.advance(30)
    first, place = on.platform.reports("")
    again, same = on.platform.reports("")
    assert first
    assert again[: len(first)] == first
    assert int(same) >= int(place)
    assert len({msgspec.json.encode(one) for one in first}) == len(first)


@pytest.mark.parametrize(
    ("application", "reason"),
    [
        (case("C1", "9999999999999"), Reason.UNKNOWN_ITEM),
        (case("C2", scheme="medical", period="99"), Reason.BAD_ANSWERS),
        (case("C3", period="12\x00\r\n"), Reason.BAD_ANSWERS),
        (case("C4", name="张\x07小满"), Reason.BAD_HOLDER),
        (case("C5", name=""), Reason.BAD_HOLDER),
        (case("C6", born="20150101", scheme="pension", parties=(party("guardian"),)),
         Reason.NOT_INSURED),
    ],
    ids=lambda value: getattr(value, "case_no", None),
)  # fmt: skip
def test_refusals_name_their_reason(on: Rig, application: CasePayload, reason: Reason) -> None:
    assert on.platform.decide(application) == Decision(Standing.REFUSED, reason=reason)


@pytest.mark.parametrize(
    ("application", "reason"),
    [
        (case("D1", proof=""), Reason.IDENTITY_CHECK),
        (case("D2", identity="none"), Reason.IDENTITY_CHECK),
        (case("D3", proof="never heard of"), Reason.IDENTITY_CHECK),
        (case("D4", handling="never heard of", parties=(HELPER,)), Reason.IDENTITY_CHECK),
        (case("D5", MARRIAGE, proof="face", day=SOON), Reason.IDENTITY_CHECK),
        (case("D6", proof="pin", parties=(HELPER,), handling="accept"), Reason.ACCEPTED_ON_BEHALF),
        (case("D7", proof="pin", parties=(HELPER,), handling="carry"), Reason.CARRIED),
    ],
    ids=lambda value: getattr(value, "case_no", None),
)
def test_who_is_not_shown_to_be_there_waits(
    on: Rig, application: CasePayload, reason: Reason
) -> None:
    decision = on.platform.decide(application)
    assert (decision.state, decision.reason) == (Standing.PENDING, reason)
    assert not decision.certificate


def test_two_people_with_their_proofs_are_taken(on: Rig) -> None:
    couple = case("D8", MARRIAGE, proof="face", day=SOON, parties=(party("second", proof="pin"),))
    decision = on.platform.decide(couple)
    assert (decision.state, decision.reason) == (Standing.PENDING, Reason.REVIEW)


def test_a_missing_material_is_sent_back_and_supplemented(on: Rig) -> None:
    decision = on.platform.decide(residence("E1"))
    assert decision == Decision(Standing.PENDING, reason=Reason.MATERIALS)
    [sent] = on.reports("E1")
    assert (sent.end, sent.missing) == (StepEnd.SENT_BACK, (PROOF,))
    assert all(sent.reason)
    on.advance(30)
    assert len(on.reports("E1")) == 1  # the clock stands still
    full = residence("E1", SCANNED)
    for _ in range(2):
        on.platform.supplement(full)
    on.advance(30)
    ended = ends(on.reports("E1"))
    assert ended[0] == (sent.step, StepEnd.SENT_BACK)
    assert {end for _, end in ended[1:]} == {StepEnd.DONE}
    last = on.platform.concluded(full)
    assert last is not None
    assert last.certificate
    assert on.platform.concluded(residence("E1")) == last
    assert on.platform.decide(residence("E1")) == decision


def test_a_promised_material_stops_the_case_before_its_approval(on: Rig) -> None:
    application = residence("E2", PROMISED)
    decision = on.platform.decide(application)
    assert decision.state is Standing.PENDING
    on.advance(30)
    reports = on.reports("E2")
    assert ends(reports)[-1] == ("approve", StepEnd.SENT_BACK)
    assert reports[-1].missing == (PROOF,)
    assert on.platform.concluded(application) is None
    on.platform.supplement(residence("E2", SCANNED))
    on.advance(30)
    assert ends(on.reports("E2"))[-1][1] is StepEnd.DONE
    assert on.platform.concluded(application) is not None


@pytest.mark.parametrize(
    "material",
    [
        CaseMaterial(PROOF, "scan"),  # no page
        CaseMaterial(PROOF, "scan", ["ab" * 32]),  # one page of two
        CaseMaterial(PROOF, "promise"),  # no day
        CaseMaterial(PROOF, "commitment", commitment="ab" * 32),  # not allowed for it
        CaseMaterial(PROOF, "never heard of", ["ab" * 32]),
    ],
    ids=["no_page", "one_page", "no_day", "not_allowed", "unknown"],
)
def test_a_material_without_its_evidence_is_missing(
    on: Rig, material: CaseMaterial, request: pytest.FixtureRequest
) -> None:
    application = residence(f"E3-{request.node.callspec.id.replace('-', '.')}", material)
    assert on.platform.decide(application).reason is Reason.MATERIALS


def test_a_supplement_cannot_change_the_case_or_make_one(on: Rig) -> None:
    on.platform.decide(residence("E4"))
    with pytest.raises(PlatformError):
        on.platform.supplement(residence("E4", SCANNED, name="李四"))
    with pytest.raises(PlatformError):
        on.platform.supplement(residence("E5", SCANNED))
    assert "E5" not in on.counts()


def test_a_case_that_comes_again_gets_the_very_same_answer(on: Rig) -> None:
    first = on.platform.decide(case("F1"))
    assert on.platform.decide(case("F1")) == first
    on.again()
    assert on.platform.decide(case("F1")) == first


def test_another_application_under_the_same_number_is_refused(on: Rig) -> None:
    reused = Decision(Standing.REFUSED, reason=Reason.CASE_REUSED)
    for number, first, other in (
        ("F2", case("F2", QUERY, year="2026"), case("F2", QUERY, year="2025")),
        ("F3", residence("F3", SCANNED), residence("F3", SCANNED, name="李四")),
    ):
        answer = on.platform.decide(first)
        assert on.platform.decide(other) == reused, number
        assert on.platform.decide(first) == answer


def test_what_was_told_survives_a_kill(on: Rig) -> None:
    first = on.platform.decide(residence("G1", SCANNED))
    on.advance(1)
    before = on.reports("G1")
    on.crash()
    assert on.platform.decide(residence("G1", SCANNED)) == first
    on.advance(30)
    after = on.reports("G1")
    assert after[: len(before)] == before
    assert len({one.step for one in after}) == len(after) == len(items()[CODE].steps)


def test_a_whole_case_arrives_as_it_was(on: Rig) -> None:
    """Nothing that the answer depends on is lost or changed on its way: another one is a reuse."""
    strange = '〇䶮𠮷"<&>\x00 \r\n\t ]]> \u3000'
    full = msgspec.structs.replace(
        residence("H1", SCANNED, CaseMaterial("x", "earlier", case_no="A1"), name="𠮷李\ue863"),
        language="en",
        signature={"vector": "[[1,2,3]]", "image": "QUJD" * 5000},
        catalogue="c0ffee",
        payment="P-1",
    )
    assert on.platform.decide(full).state is Standing.PENDING
    for change in (
        {"catalogue": "other"}, {"payment": ""}, {"language": "zh_CN"},
        {"answers": {**full.answers, "note": strange}}, {"materials": full.materials[:1]},
        {"signature": {"vector": "[[1,2,3]]"}}, {"parties": [party("second")]},
    ):  # fmt: skip
        other = msgspec.structs.replace(full, **change)  # type: ignore[arg-type]
        assert on.platform.decide(other).reason is Reason.CASE_REUSED, change
    noted = msgspec.structs.replace(full, case_no="H2", answers={**full.answers, "note": strange})
    first = on.platform.decide(noted)
    assert on.platform.decide(noted) == first
    swapped = {**full.answers, "note": strange.replace("\r", "\n")}
    other = msgspec.structs.replace(noted, answers=swapped)
    assert on.platform.decide(other).reason is Reason.CASE_REUSED


def test_a_bundle_s_cases_are_joint_ones(on: Rig) -> None:
    joint = msgspec.structs.replace(residence("I1", SCANNED), bundle="YJS-1")
    assert on.platform.decide(joint).reason is Reason.REVIEW


def test_pages_come_before_their_case_as_often_as_it_takes(on: Rig) -> None:
    """The built-in platform is in the fleet, which has the pages."""
    if on.name == "sample":
        assert not isinstance(on.platform, TakesPages)
        return
    assert isinstance(on.platform, TakesPages)
    picture = b"\xff\xd8\xff" + bytes(range(256)) * 8000
    digest = hashlib.sha256(picture).hexdigest()
    application = residence("P1", SCANNED)
    for _ in range(2):
        on.platform.page(application, digest, picture)
    assert on.platform.decide(application).reason is Reason.REVIEW
    with pytest.raises(PlatformError):
        on.platform.page(application, digest, picture[:-1])


def test_a_place_of_another_platform_is_refused(on: Rig) -> None:
    for place in ("x", "-1", "１", "9" * 400):
        with pytest.raises(PlatformError):
            on.platform.reports(place)


CODE = case("", CERTIFICATE).task_code[:18] + "2000900011001"
