"""Every way through being identified, and what the case and the journal say of it afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

import fakes
from fakes import HELPER, LI, STAFF, ZHANG, Bench
from kiosk import events as e
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    FaceDecision,
    FaceFault,
    SecretAnswer,
    SecretFault,
)
from kiosk.view import (
    ConsentBody,
    FaceBody,
    ProblemBody,
    State,
    ThanksBody,
    TicketBody,
    WitnessBody,
)
from visiting import (
    answer_all,
    payload_of,
    pin_page,
    submit,
    to_check,
    to_page,
    to_ways,
    type_pin,
)


def problem(bench: Bench) -> ProblemBody:
    body = bench.view.body
    assert isinstance(body, ProblemBody)
    return body


async def problem_with(bench: Bench, tries_left: int | None) -> ProblemBody:
    async with asyncio.timeout(60):
        while getattr(bench.view.body, "tries_left", -1) != tries_left:
            await asyncio.sleep(0.005)
    return problem(bench)


async def finish(bench: Bench) -> None:
    await answer_all(bench)
    await bench.until(State.CHECK)
    await submit(bench)


# ---- The face --------------------------------------------------------------------------------


async def test_a_matched_face_is_on_record_with_score_threshold_and_model(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    await submit(bench)
    [face] = bench.data("identity.face")
    assert face == {
        "role": "applicant", "outcome": "matched", "try": 1, "model": "sample 1", "score": 0.71,
        "threshold": 0.4, "liveness": 0.93, "liveness_threshold": 0.6,
        "challenges": ["turn_left"],
    }  # fmt: skip
    assert payload_of(bench).proof == "face"


@pytest.mark.parametrize(
    "fault",
    [FaceFault.NOT_MATCHED, FaceFault.NOT_LIVE, FaceFault.NOT_DONE, FaceFault.CHANGED,
     FaceFault.TIMED_OUT],
)  # fmt: skip
async def test_three_tries_with_a_reason_each_then_the_other_ways(
    bench: Bench, fault: FaceFault
) -> None:
    bench.camera.decisions = [FaceDecision(fault, "sample 1", 0.2, 0.4)]
    await to_page(bench, fakes.CERTIFICATE, State.CONSENT)
    bench.post(e.ConsentGiven())
    for left, way_out in ((2, "again"), (1, "again"), (None, "other_ways")):
        said = await problem_with(bench, tries_left=left)
        assert (said.code, said.way_out) == (f"face.{fault}", way_out)
        assert said.other_ways is (way_out == "again")
        bench.post(e.WayOutTaken())
    body = (await bench.until(State.WAYS)).body
    assert {way.name: way.why_not for way in body.ways}["face"] == "why_not.tries"
    assert body.reason == "tries"
    assert [record["try"] for record in bench.data("identity.face")] == [1, 2, 3]


async def test_another_way_can_be_taken_after_the_first_try(bench: Bench) -> None:
    bench.camera.decisions = [FaceDecision(FaceFault.NOT_MATCHED), fakes.MATCHED]
    await to_page(bench, fakes.CERTIFICATE, State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.PROBLEM)
    bench.post(e.OtherWaysAsked())
    await bench.until(State.WAYS)
    bench.post(e.WayChosen("face"))
    await bench.until(State.QUESTION)
    faces = [view.body for view in bench.views if isinstance(view.body, FaceBody)]
    assert (faces[-1].number, faces[-1].tries) == (2, 3)


async def test_who_is_slow_on_a_problem_page_is_led_on_not_thrown_out(bench: Bench) -> None:
    bench.camera.decisions = [FaceDecision(FaceFault.NOT_MATCHED)]
    await to_page(bench, fakes.CERTIFICATE, State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.PROBLEM)
    bench.post(e.CountdownEnded())
    await bench.until(State.WAYS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda bench: setattr(bench.camera, "matching", False), "no_model"),
        (lambda bench: bench.reader.put(replace(ZHANG, photo=b"")), "no_portrait"),
        (
            lambda bench: bench.terminal.condition.statuses.update(
                camera=DeviceStatus("camera", DeviceState.NO_DEVICE)
            ),
            "no_camera",
        ),
    ],
)
async def test_without_a_comparison_no_face_is_asked_for(bench: Bench, change, reason) -> None:
    """Necessity: a picture that nothing can compare is not taken."""
    change(bench)
    body = (await to_page(bench, fakes.CERTIFICATE, State.WAYS)).body
    assert body.reason == reason
    assert {way.name: way.why_not for way in body.ways}["face"] == f"why_not.{reason}"
    assert bench.data("consent.face") == []


async def test_a_demonstration_frames_a_face_and_says_that_nothing_compared_it(
    bench: Bench,
) -> None:
    bench.terminal.place = replace(bench.terminal.place, demonstration=True)
    bench.camera.matching = False
    body = (await to_page(bench, fakes.CERTIFICATE, State.CONSENT)).body
    assert isinstance(body, ConsentBody)
    assert not body.matching
    bench.post(e.ConsentGiven())
    await finish(bench)
    assert payload_of(bench).proof == "captured_not_compared"


@pytest.mark.parametrize("fault", [FaceFault.NO_CAMERA, FaceFault.NO_MODEL, FaceFault.NO_PORTRAIT])
async def test_what_no_try_can_mend_leads_on_at_once(bench: Bench, fault: FaceFault) -> None:
    bench.camera.decisions = [FaceDecision(fault)]
    await to_page(bench, fakes.CERTIFICATE, State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.PROBLEM)
    assert problem(bench).way_out == "other_ways"
    bench.post(e.WayOutTaken())
    assert (await bench.until(State.WAYS)).body.reason == str(fault)


# ---- The other ways --------------------------------------------------------------------------


async def test_a_no_to_the_camera_is_a_real_no(bench: Bench) -> None:
    body = await to_ways(bench)
    assert body.reason == "refused"
    assert [way.name for way in body.ways] == ["face", "code", "pin", "helper", "desk"]
    assert bench.data("consent.face") == [{"role": "applicant", "given": False, "by": "self"}]
    assert bench.data("identity.face") == []
    bench.post(e.WayChosen("face"))
    await bench.until(State.CONSENT)


async def test_a_code_from_the_phone_is_worth_a_face(bench: Bench) -> None:
    await to_ways(bench)
    bench.post(e.WayChosen("code"))
    page = await pin_page(bench, "waiting")
    assert (page.kind, page.sent_to, page.least, page.most) == ("code", "138****8000", 6, 6)
    await type_pin(bench, "000000")
    async with asyncio.timeout(60):
        while not getattr(bench.view.body, "error", ""):
            await asyncio.sleep(0.005)
    assert bench.view.body.error == "error.secret.wrong"
    assert bench.view.body.tries_left == 2
    await type_pin(bench, bench.credentials.code)
    await finish(bench)
    assert payload_of(bench).proof == "code"
    outcomes = [record["outcome"] for record in bench.data("identity.code")]
    assert outcomes == ["sent", "wrong", "right"]
    assert bench.credentials.code not in str(bench.data(""))


async def test_a_pin_is_worth_a_face(bench: Bench) -> None:
    await to_ways(bench)
    bench.post(e.WayChosen("pin"))
    await type_pin(bench, bench.credentials.pin)
    await finish(bench)
    assert payload_of(bench).proof == "pin"


async def test_a_lock_is_counted_down_and_then_over(bench: Bench) -> None:
    bench.credentials.wrong = SecretAnswer(SecretFault.LOCKED, 0, 1)
    await to_ways(bench)
    bench.post(e.WayChosen("pin"))
    await type_pin(bench, "111111")
    page = await pin_page(bench, "locked")
    assert page.error == "error.secret.locked"
    await pin_page(bench, "waiting")


@pytest.mark.parametrize("fault", [SecretFault.NOT_REGISTERED, SecretFault.UNREACHABLE])
async def test_a_code_that_cannot_be_sent_leads_back_to_the_ways(
    bench: Bench, fault: SecretFault
) -> None:
    bench.credentials.sent = SecretAnswer(fault)
    await to_ways(bench)
    bench.post(e.WayChosen("code"))
    page = await pin_page(bench, "failed")
    assert page.error == f"error.secret.{fault}"
    bench.post(e.WentBack())
    ways = {way.name: way.why_not for way in (await bench.until(State.WAYS)).body.ways}
    known = fault is SecretFault.NOT_REGISTERED
    assert ways["code"] == ("why_not.not_registered" if known else "")


async def test_offline_the_fleets_ways_are_closed_and_the_desk_is_open(bench: Bench) -> None:
    await to_ways(bench)
    bench.terminal.condition.online = False
    bench.post(e.ServicesChanged())
    await bench.breath()
    ways = {way.name: way.why_not for way in bench.view.body.ways}
    assert ways["code"] == ways["pin"] == "why_not.offline"
    assert ways["helper"] == "why_not.no_helper"
    assert ways["desk"] == ""


async def test_a_helper_confirms_with_card_and_pin(bench: Bench) -> None:
    bench.roster.people = STAFF
    await to_ways(bench)
    bench.reader.answers = [HELPER]
    bench.post(e.WayChosen("helper"))
    await type_pin(bench, bench.roster.pin)
    body = (await bench.until(State.WITNESS)).body
    assert body == WitnessBody("陈**", "张**", "110105********002X", body.item)
    bench.post(e.Witnessed(agreed=True))
    await finish(bench)
    payload = payload_of(bench)
    assert (payload.proof, payload.handling) == ("witness", "")
    [party] = payload.parties
    assert (party.role, party.number, party.proof, party.staff) == (
        "helper", HELPER.number, "pin", "H-01",
    )  # fmt: skip
    assert bench.data("identity.witness") == [
        {"role": "applicant", "staff": "H-01", "agreed": True}
    ]


async def test_a_helper_who_is_not_sure_says_so(bench: Bench) -> None:
    bench.roster.people = STAFF
    await to_ways(bench)
    bench.reader.answers = [HELPER]
    bench.post(e.WayChosen("helper"))
    await type_pin(bench, bench.roster.pin)
    await bench.until(State.WITNESS)
    bench.post(e.Witnessed(agreed=False))
    assert (await bench.until(State.WAYS)).body.reason == "not_agreed"


@pytest.mark.parametrize(
    ("card", "code"),
    [(LI, "card.not_staff"), (fakes.OPERATOR, "card.not_staff"), (ZHANG, "card.not_staff")],
)
async def test_only_a_helpers_card_confirms(bench: Bench, card, code: str) -> None:
    bench.roster.people = STAFF
    await to_ways(bench)
    bench.reader.answers = [card]
    bench.post(e.WayChosen("helper"))
    await bench.until(State.PROBLEM)
    assert (problem(bench).code, problem(bench).way_out) == (code, "other_ways")
    bench.post(e.WayOutTaken())
    await bench.until(State.WAYS)


async def test_nobody_confirms_themselves(bench: Bench) -> None:
    bench.roster.people = STAFF
    bench.reader.answers = [HELPER]
    await to_ways(bench)
    bench.post(e.WayChosen("helper"))
    await bench.until(State.PROBLEM)
    assert problem(bench).code == "card.same_person"


async def test_the_desk_is_always_open(bench: Bench) -> None:
    await to_ways(bench)
    bench.post(e.WayChosen("desk"))
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, TicketBody) and bench.view.body.done):
            await asyncio.sleep(0.005)
    assert bench.view.body.number == "K001"
    assert bench.data("ticket") == [{"number": "K001", "task_code": fakes.CERTIFICATE}]
    [(job, slip)] = bench.receipt.printed
    assert job.endswith("-K001")
    assert ZHANG.name not in str(slip) + "".join(getattr(line, "text", "") for line in slip.lines)
    bench.post(e.PapersCollected())
    thanks = (await bench.until(State.THANKS)).body
    assert isinstance(thanks, ThanksBody)
    assert "ticket" in thanks.take
    assert "case.intent" not in bench.kinds()
    assert bench.terminal.next_ticket() == "K002"
