"""What an office decides by an item of the catalogue: who is approved, waits, is refused, why."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from fleet.platform.contract import Decision, Reason, Standing
from fleet.platform.deciding import decide
from fleet.platform.registers import look_up
from kiosk.services.materials import Source
from kiosk.wire import CaseApplicant, CaseMaterial, CaseParty, CasePayload
from paperwork import (
    AUTHORITY_CODE,
    CERTIFICATE,
    GOOD_ANSWERS,
    HELPER,
    MARRIAGE,
    NOW,
    QUERY,
    RESIDENCE,
    case,
    items,
    party,
)

TODAY = NOW.date()
MONDAY = "2026-11-23"
LIVES_THERE = CaseMaterial("residence_proof", "scan", ["ab" * 32, "cd" * 32])


def decided(
    application: CasePayload, unmatched: bool = True, today: date = TODAY, **other: Any
) -> Decision | None:
    """What stands against approving it at once; None: nothing. `other`: than the item says."""
    item = msgspec.structs.replace(items()[application.task_code], **other)
    if item.task_code.endswith(RESIDENCE):
        application = msgspec.structs.replace(application, materials=[LIVES_THERE])
    found = decide(item, application, unmatched, today, look_up)
    return None if found.state is Standing.APPROVED else found


def waits(reason: Reason, due: str = MONDAY) -> Decision:
    return Decision(Standing.PENDING, due_date=due, reason=reason)


PROOFS = [
    ("card", "face", False, True),
    ("card", "code", False, True),
    ("card", "pin", False, True),
    ("card", "witness", False, True),
    ("card", "captured_not_compared", True, True),
    ("card", "captured_not_compared", False, False),
    ("card", "", True, False),
    ("card", "somehow", True, False),
    ("none", "face", True, False),
    ("", "face", True, False),
    ("card_face", "face", True, False),  # the word of an older terminal
]


@pytest.mark.parametrize(("identity", "proof", "unmatched", "approved"), PROOFS)
def test_a_certificate_needs_card_and_proof(
    identity: str, proof: str, unmatched: bool, approved: bool
) -> None:
    found = decided(case("C1", identity=identity, proof=proof), unmatched)
    assert found == (None if approved else waits(Reason.IDENTITY_CHECK))


def test_a_query_needs_the_card_alone() -> None:
    assert decided(case("C1", QUERY, proof=""), unmatched=False) is None


def test_a_query_without_a_card_waits_for_a_person() -> None:
    assert decided(case("C1", QUERY, identity="none")) == waits(Reason.IDENTITY_CHECK)


@pytest.mark.parametrize(("identity", "given"), [("card", True), ("none", False)])
def test_a_card_gives_a_material_only_to_who_showed_it(identity: str, given: bool) -> None:
    item = items()[AUTHORITY_CODE + RESIDENCE]
    proof = msgspec.structs.replace(item.materials[-1], sources=(Source.CARD, Source.SCAN))
    item = msgspec.structs.replace(item, materials=(proof,))
    said = [CaseMaterial(proof.code, "card")]
    application = case("C1", RESIDENCE, identity=identity)
    found = decide(item, msgspec.structs.replace(application, materials=said), True, TODAY, look_up)
    assert (found.reason is not Reason.MATERIALS) is given


def test_a_residence_endorsement_is_due_on_the_next_working_day() -> None:
    assert decided(case("C1", RESIDENCE, proof="")) == waits(Reason.REVIEW)


@pytest.mark.parametrize(
    ("proof", "parties", "reason"),
    [
        ("face", (party("second", proof="face"),), Reason.REVIEW),
        ("pin", (party("second", proof="code"),), Reason.REVIEW),
        ("face", (HELPER, party("second", proof="witness")), Reason.REVIEW),
        ("", (party("second", proof="face"),), Reason.IDENTITY_CHECK),
        ("face", (), Reason.IDENTITY_CHECK),
        ("face", (party("second"),), Reason.IDENTITY_CHECK),
        ("face", (party("second", proof="captured_not_compared"),), Reason.IDENTITY_CHECK),
        ("face", (party("guardian", proof="face"),), Reason.IDENTITY_CHECK),
        ("face", (party("second", born="19900307", proof="face"),), Reason.IDENTITY_CHECK),
    ],
)
def test_two_persons_are_two_numbers_and_two_proofs(
    proof: str, parties: tuple[CaseParty, ...], reason: Reason
) -> None:
    application = case("C1", MARRIAGE, proof=proof, parties=parties)
    assert decided(application, unmatched=False) == waits(reason)


@pytest.mark.parametrize("role", ["second", "guardian"])
@pytest.mark.parametrize(("name", "digits"), [("李样本", "445299198808081120"), ("", "")])
def test_no_party_may_be_impossible(role: str, name: str, digits: str) -> None:
    application = case("C1", parties=(CaseParty(role, name, digits, proof="face"),))
    assert decided(application) == Decision(Standing.REFUSED, reason=Reason.BAD_HOLDER)


@pytest.mark.parametrize(
    ("born", "guardian", "good"),
    [
        ("20121120", None, True),  # 14 today
        ("20121121", None, False),
        ("20121121", "19900307", True),
        ("20121121", "20081120", True),  # 18 today
        ("20121121", "20081121", False),
        ("20121121", "20121121", False),  # nobody guards themselves
    ],
)
def test_a_child_has_a_guardian_who_is_an_adult(
    born: str, guardian: str | None, good: bool
) -> None:
    there = (party("guardian", born=guardian),) if guardian else ()
    found = decided(case("C1", born=born, parties=there, scheme="medical"))
    assert found == (None if good else waits(Reason.IDENTITY_CHECK))


def test_who_was_born_on_a_leap_day_is_older_on_the_last_of_february() -> None:
    application = case("C1", born="20120229", proof="pin", scheme="medical")
    assert decided(application, False, date(2026, 2, 28)) is None
    found = decided(application, False, date(2026, 2, 27))
    assert found is not None
    assert found.reason is Reason.IDENTITY_CHECK


def test_a_child_whose_card_alone_is_asked_for_needs_no_guardian() -> None:
    assert decided(case("C1", QUERY, born="20200101", proof="")) is None


@pytest.mark.parametrize(
    ("handling", "expected"),
    [
        ("final", None),
        ("accept", waits(Reason.ACCEPTED_ON_BEHALF)),
        ("carry", waits(Reason.CARRIED, due="")),
        ("none", waits(Reason.IDENTITY_CHECK)),
        ("somehow", waits(Reason.IDENTITY_CHECK)),
    ],
)
@pytest.mark.parametrize("task", [CERTIFICATE, QUERY])
def test_a_helper_goes_as_far_as_their_service_point_may(
    task: str, handling: str, expected: Decision | None
) -> None:
    assert decided(case("C1", task, parties=(HELPER,), handling=handling)) == expected


@pytest.mark.parametrize("handling", ["final", "accept", "carry"])
@pytest.mark.parametrize(
    "parties",
    [
        (),
        (party("helper"),),  # nobody's id
        (party("second", staff="H-07"),),
        (party("helper", born="19900307", staff="H-07"),),  # the applicant themselves
        (HELPER, msgspec.structs.replace(HELPER, role="second", staff="")),
    ],
)
def test_without_a_helper_on_record_a_person_looks_at_it(
    parties: tuple[CaseParty, ...], handling: str
) -> None:
    found = decided(case("C1", parties=parties, handling=handling))
    assert found == waits(Reason.IDENTITY_CHECK)


def test_a_helper_is_on_record_by_their_id_alone() -> None:
    helper = CaseParty("helper", "", "", staff="H-07")
    assert decided(case("C1", parties=(helper,), handling="final")) is None


def test_what_a_helper_accepts_still_needs_the_citizens_proof() -> None:
    found = decided(case("C1", proof="", parties=(HELPER,), handling="accept"))
    assert found == waits(Reason.IDENTITY_CHECK)


def test_what_is_carried_is_looked_at_by_the_office_that_accepts_it() -> None:
    found = decided(case("C1", proof="", parties=(HELPER,), handling="carry"))
    assert found == waits(Reason.CARRIED, due="")


def test_a_promise_that_is_accepted_on_behalf_keeps_its_clock() -> None:
    application = case("C1", RESIDENCE, parties=(HELPER,), handling="accept")
    found = decided(application, False, promise_day=3)
    assert found == waits(Reason.ACCEPTED_ON_BEHALF, due="2026-11-25")


def test_older_foreign_cards_tell_no_birthday_and_need_no_guardian() -> None:
    child = CaseApplicant("艾丽丝", "XXA440015042304")
    assert decided(msgspec.structs.replace(case("C1"), applicant=child)) is None


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
        (MARRIAGE, {"day": "2026-13-01"}),
        (MARRIAGE, {"day": "today"}),
        (MARRIAGE, {"slot": "night"}),
        (MARRIAGE, {"phone": "12800138000"}),
    ],
)
def test_an_answer_out_of_range_is_refused(task: str, answers: dict[str, str]) -> None:
    found = decided(case("C1", task, **answers))
    assert found == Decision(Standing.REFUSED, reason=Reason.BAD_ANSWERS)


@pytest.mark.parametrize("task", [CERTIFICATE, RESIDENCE, QUERY, MARRIAGE])
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


def test_the_day_of_the_decision_is_a_parameter() -> None:
    found = decided(case("C1", RESIDENCE), True, date(2026, 9, 30))
    assert found is not None
    assert found.due_date == "2026-10-08"
