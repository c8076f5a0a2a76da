"""The sample platform's decision table: who is approved, who waits, who is refused, and why."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import msgspec
import pytest

from fleet.platform import rules
from fleet.platform.contract import Decision, Reason, Standing
from kiosk.wire import CaseApplicant, CasePayload
from paperwork import AUTHORITY_CODE, CERTIFICATE, GOOD_ANSWERS, NOW, QUERY, RESIDENCE, case

TODAY = NOW.date()
MONDAY = "2026-11-23"
CATALOGUE = Path(__file__).parents[2] / "config" / "catalogue"


def decided(application: CasePayload, unmatched: bool = True) -> Decision | None:
    rule = rules.find(application.task_code, AUTHORITY_CODE)
    assert rule is not None
    return rules.obstacle(rule, application, unmatched, TODAY)


@pytest.mark.parametrize(
    ("identity", "face", "unmatched", "approved"),
    [
        ("card_face", "matched", False, True),
        ("card_face", "matched", True, True),
        ("card_face", "captured_not_compared", True, True),
        ("card_face", "captured_not_compared", False, False),
        ("card_face", "none", True, False),
        ("card_face", "somehow", True, False),
        ("card", "none", True, False),
        ("card", "matched", True, False),
        ("", "matched", True, False),
        ("none", "captured_not_compared", True, False),
    ],
)
def test_a_certificate_needs_card_and_face(
    identity: str, face: str, unmatched: bool, approved: bool
) -> None:
    found = decided(case("C1", identity=identity, face=face), unmatched)
    waits = Decision(Standing.PENDING, due_date=MONDAY, reason=Reason.IDENTITY_CHECK)
    assert found == (None if approved else waits)


def test_a_query_needs_the_card_alone() -> None:
    assert decided(case("C1", QUERY, identity="card", face="none"), unmatched=False) is None


def test_a_query_without_a_card_waits_for_a_person() -> None:
    found = decided(case("C1", QUERY, identity="none", face="none"))
    assert found is not None
    assert found.reason is Reason.IDENTITY_CHECK


def test_a_residence_endorsement_is_due_on_the_next_working_day() -> None:
    found = decided(case("C1", RESIDENCE, identity="card", face="none"))
    assert found == Decision(Standing.PENDING, due_date=MONDAY, reason=Reason.REVIEW)


@pytest.mark.parametrize(
    ("task", "answers"),
    [
        (CERTIFICATE, {"scheme": "maternity"}),
        (CERTIFICATE, {"period": "0"}),
        (CERTIFICATE, {"period": "37"}),
        (CERTIFICATE, {"period": "twelve"}),
        (CERTIFICATE, {"period": "12\n"}),
        (CERTIFICATE, {"purpose": ""}),
        (RESIDENCE, {"phone": "call me"}),
        (RESIDENCE, {"address_unit": ""}),
        (QUERY, {"year": "26"}),
    ],
)
def test_an_answer_out_of_range_is_refused(task: str, answers: dict[str, str]) -> None:
    found = decided(case("C1", task, **answers))
    assert found == Decision(Standing.REFUSED, reason=Reason.BAD_ANSWERS)


@pytest.mark.parametrize("task", [CERTIFICATE, RESIDENCE, QUERY])
def test_a_missing_answer_is_refused(task: str) -> None:
    for name in GOOD_ANSWERS[task]:
        whole = case("C1", task)
        answers = {key: value for key, value in whole.answers.items() if key != name}
        found = decided(msgspec.structs.replace(whole, answers=answers))
        assert found == Decision(Standing.REFUSED, reason=Reason.BAD_ANSWERS), name


@pytest.mark.parametrize(
    ("name", "number", "good"),
    [
        ("张小满", "445299199003072043", True),
        ("艾丽丝", "XXA440085042304", True),
        ("马高美", "944840197911051010", True),
        ("陈海澄", "810000198808080021", True),
        ("李\ue863", "445299195410121019", True),  # a private-use character of an older card
        ("张小满", "445299199003072044", False),  # check digit
        ("张小满", "44529919900307204", False),
        ("张小满", "445299199013072043", False),
        ("张小满", "", False),
        ("  ", "445299199003072043", False),
        ("张\n小满", "445299199003072043", False),
        ("张" * 65, "445299199003072043", False),
    ],
)
def test_the_holder_must_be_possible(name: str, number: str, good: bool) -> None:
    application = msgspec.structs.replace(case("C1"), applicant=CaseApplicant(name, number))
    refused = Decision(Standing.REFUSED, reason=Reason.BAD_HOLDER)
    assert decided(application) == (None if good else refused)


@pytest.mark.parametrize(
    "task_code",
    ["", CERTIFICATE, AUTHORITY_CODE, f"{AUTHORITY_CODE}9", f"11445299MB2D0001XT{CERTIFICATE}"],
)
def test_items_of_others_are_unknown(task_code: str) -> None:
    assert rules.find(task_code, AUTHORITY_CODE) is None


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.toml")), ids=lambda path: path.stem)
def test_every_item_of_the_catalogue_has_a_rule_that_takes_its_choices(path: Path) -> None:
    item = tomllib.loads(path.read_text(encoding="utf-8"))
    rule = rules.find(item["task_code"], AUTHORITY_CODE)
    assert rule is not None
    assert rule.promise == item["promise_day"]
    assert rule.face == (item["assurance"] == "card_face")
    fields = {field["name"]: field for field in item["fields"]}
    assert set(rule.answers) <= set(fields)
    for name, pattern in rule.answers.items():
        for choice in fields[name].get("choices", []):
            assert pattern.fullmatch(choice["code"]), choice
        for bound in ("minimum", "maximum"):
            assert pattern.fullmatch(fields[name].get(bound, "")) or bound not in fields[name]


def test_the_day_of_the_decision_is_a_parameter() -> None:
    rule = rules.find(AUTHORITY_CODE + RESIDENCE, AUTHORITY_CODE)
    assert rule is not None
    found = rules.obstacle(rule, case("C1", RESIDENCE), True, date(2026, 9, 30))
    assert found is not None
    assert found.due_date == "2026-10-08"
