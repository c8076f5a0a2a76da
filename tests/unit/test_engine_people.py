"""Children, two people, expired cards, and who comes in the middle; once for each visit."""

from __future__ import annotations

import asyncio

import pytest

import fakes
from fakes import CHILD, EXPIRED, LI, TEEN, ZHANG, Bench
from kiosk import events as e
from kiosk.model import CardFault, IdCard
from kiosk.view import (
    CardBody,
    CheckBody,
    ProblemBody,
    State,
    ThanksBody,
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


async def finish(bench: Bench) -> None:
    await answer_all(bench)
    await bench.until(State.CHECK)
    await submit(bench)


# ---- Children, two people, expired cards -----------------------------------------------------


async def test_a_childs_guardian_is_asked_for_the_child(bench: Bench) -> None:
    bench.reader.answers = [CHILD, TEEN, CHILD, LI]
    await to_page(bench, fakes.CERTIFICATE, State.PROBLEM)
    assert problem(bench).code == "card.too_young"
    bench.post(e.WayOutTaken())
    async with asyncio.timeout(60):
        while getattr(bench.view.body, "code", "") != "card.same_person":
            await asyncio.sleep(0.005)
    bench.post(e.WayOutTaken())
    body = (await bench.until(State.CONSENT)).body
    assert (body.name_masked, body.guardian) == ("张**", "李*")
    bench.post(e.ConsentGiven())
    await finish(bench)
    assert bench.data("consent.face")[0]["by"] == "guardian"
    payload = payload_of(bench)
    assert payload.applicant.number == CHILD.number
    assert [(p.role, p.number) for p in payload.parties] == [("guardian", LI.number)]


async def test_a_childs_code_goes_to_the_guardian(bench: Bench) -> None:
    bench.reader.answers = [CHILD, LI]
    await to_ways(bench)
    bench.post(e.WayChosen("code"))
    await pin_page(bench, "waiting")
    assert bench.credentials.asked == [LI.number]


async def test_two_people_are_both_identified(bench: Bench) -> None:
    bench.reader.answers = [ZHANG, ZHANG, LI]
    await to_page(bench, fakes.MARRIAGE, State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.PROBLEM)
    assert problem(bench).code == "card.same_person"
    bench.post(e.WayOutTaken())
    body = (await bench.until(State.CONSENT)).body
    assert body.name_masked == "李*"
    bench.post(e.ConsentRefused())
    await bench.until(State.WAYS)
    bench.post(e.WayChosen("pin"))
    await type_pin(bench, bench.credentials.pin)
    await answer_all(bench)
    assert bench.credentials.asked == [LI.number]
    check = (await bench.until(State.CHECK)).body
    assert isinstance(check, CheckBody)
    assert {ZHANG.name, LI.name} <= {row.value.zh for row in check.rows}
    await submit(bench)
    payload = payload_of(bench)
    assert payload.proof == "face"
    assert [(p.role, p.number, p.proof) for p in payload.parties] == [("second", LI.number, "pin")]


async def test_the_second_card_page_says_whose_card(bench: Bench) -> None:
    bench.reader.answers = [ZHANG, EXPIRED]
    await to_page(bench, fakes.MARRIAGE, State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.PROBLEM)
    whose = [view.body.whose for view in bench.views if isinstance(view.body, CardBody)]
    assert list(dict.fromkeys(whose)) == ["applicant", "second"]


async def test_an_expired_card_is_told_what_it_can_still_do(bench: Bench) -> None:
    bench.reader.answers = [EXPIRED]
    await to_page(bench, fakes.RESIDENCE, State.PROBLEM)
    said = problem(bench)
    assert (said.code, said.way_out) == ("card.expired", "services")
    assert [text.zh for text in said.still] == ["医保账户查询"]
    bench.post(e.WayOutTaken(), e.ServiceChosen(fakes.QUERY), e.GuideAccepted())
    await bench.until(State.QUESTION)


# ---- Once per visit --------------------------------------------------------------------------


async def test_the_next_service_asks_only_for_what_is_missing(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    await submit(bench)
    bench.post(e.PapersCollected(), e.RatingSkipped())
    thanks = (await bench.until(State.THANKS)).body
    assert isinstance(thanks, ThanksBody)
    assert thanks.again
    bench.post(e.AnotherWanted())
    services = (await bench.until(State.SERVICES)).body
    assert services.known == "张**"
    bench.post(e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    await finish(bench)
    assert len(bench.data("identity.card")) == 1
    assert len({record["case_no"] for record in bench.data("case.intent")}) == 2
    assert len(bench.data("session")) == 1
    bench.post(e.PapersCollected(), e.RatingSkipped(), e.AnotherWanted())
    bench.post(e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.QUESTION)
    assert bench.view.body.value == "", "answers are not carried over"


@pytest.mark.parametrize("first", [ZHANG, CardFault.LIFTED])
async def test_a_card_that_comes_while_another_is_read_ends_the_visit_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, first: IdCard | CardFault
) -> None:
    monkeypatch.setattr("kiosk.session.card.RETRY_SECONDS", 0.01)
    await to_check(bench, fakes.RESIDENCE)
    read = bench.reader.read

    async def while_another_comes(access: str = "", *, expired: bool = False) -> IdCard | CardFault:
        monkeypatch.setattr(bench.reader, "read", read)
        card = await read(access, expired=expired)
        bench.reader.put(LI)
        return card

    monkeypatch.setattr(bench.reader, "read", while_another_comes)
    bench.reader.put(first)
    await bench.until(State.PROBLEM)
    assert problem(bench).code == "card.swapped"


async def test_somebody_elses_card_in_the_middle_ends_the_visit(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    bench.reader.put(ZHANG)
    await bench.breath()
    assert bench.view.state is State.CHECK, "the same card again is no swap"
    bench.reader.put(LI)
    await bench.until(State.PROBLEM)
    assert (problem(bench).code, problem(bench).way_out) == ("card.swapped", "end")
    bench.post(e.WayOutTaken())
    await bench.until(State.ATTRACT)
    assert bench.data("session.outcome")[0]["reason"] == "card_swapped"
    assert LI.number not in str(bench.views)
