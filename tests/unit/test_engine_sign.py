"""Signing the answers by hand, or declaring without: bound to these answers, sealed, then wiped."""

from __future__ import annotations

import gc

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk import signature, wire
from kiosk.session.shares import answers_digest
from kiosk.view import CheckBody, SignBody, State
from visiting import submit, to_check


async def to_sign(bench: Bench) -> SignBody:
    await to_check(bench, fakes.RESIDENCE)
    bench.post(e.AnswersConfirmed())
    body = (await bench.until(State.SIGN)).body
    assert isinstance(body, SignBody)
    return body


def sealed_case(bench: Bench) -> wire.CasePayload:
    [case] = [r for r in bench.journal.records(1) if r.type == "kiosk.case.intent"]
    return wire.unseal(bench.case_key, case.sealed)


async def test_what_is_signed_is_what_the_check_page_showed(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    digest = answers_digest(bench.engine.visit)
    await submit(bench)
    case = sealed_case(bench)
    assert signature.check(case.signature, digest) == ""
    changed = signature.answers_digest(
        case.task_code, case.task_version, {**case.answers, "reason": "study"},
        {"name": case.applicant.name, "number": case.applicant.number},
    )  # fmt: skip
    assert signature.check(case.signature, changed) == "other_answers"


async def test_one_who_cannot_sign_declares_and_goes_on(bench: Bench) -> None:
    await to_sign(bench)
    digest = answers_digest(bench.engine.visit)
    bench.post(e.SignatureDeclined())
    await bench.until(State.PAPERS)
    said = sealed_case(bench).signature
    assert said["format"] == signature.DECLARED
    assert signature.check(said, digest) == ""
    [data] = bench.data("signature")
    assert data == {"by_hand": False}


@pytest.mark.parametrize(
    ("strokes", "error"), [((), "empty"), ((((50, 50, 0), (60, 50, 9)),), "too_short")]
)
async def test_a_dot_is_no_signature(
    bench: Bench, strokes: tuple[tuple[tuple[int, int, int], ...], ...], error: str
) -> None:
    await to_sign(bench)
    serial = bench.view.serial
    bench.post(e.Signed(strokes))
    while bench.view.serial == serial:
        await bench.breath()
    assert bench.view.state is State.SIGN
    assert isinstance(bench.view.body, SignBody)
    assert bench.view.body.error == f"error.signature.{error}"
    assert "signature.event" not in bench.kinds()


async def test_back_from_signing_answers_can_be_changed_and_are_signed_anew(bench: Bench) -> None:
    await to_sign(bench)
    bench.post(e.WentBack())
    assert isinstance((await bench.until(State.CHECK)).body, CheckBody)
    bench.post(e.ChangeAsked("reason"))
    await bench.until(State.QUESTION)
    bench.post(e.Answered("reason", "study"))
    await bench.until(State.CHECK)
    digest = answers_digest(bench.engine.visit)
    await submit(bench)
    case = sealed_case(bench)
    assert case.answers["reason"] == "study"
    assert signature.check(case.signature, digest) == ""


async def test_no_stroke_outlives_the_visit(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    await submit(bench)
    vector = bench.engine.visit.vault.signature["vector"]
    assert vector not in str([bytes(r.data) for r in bench.journal.records(1)])
    bench.post(e.PapersCollected(), e.RatingSkipped(), e.Left())
    await bench.until(State.ATTRACT)
    gc.collect()
    held = [o for o in gc.get_objects() if isinstance(o, dict) and o.get("vector") == vector]
    assert held == []
