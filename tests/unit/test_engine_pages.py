"""The pages of a visit on fakes: what each event leads to, and every way back and out."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.model import (
    CardFault,
    DeviceState,
    DeviceStatus,
    Language,
)
from kiosk.session.terminal import Limits
from kiosk.view import (
    CheckBody,
    ProblemBody,
    QuestionBody,
    ServicesBody,
    State,
)
from visiting import to_check


@pytest.mark.parametrize("fault", list(CardFault))
async def test_each_card_fault_has_one_sentence_and_a_way_on(
    bench: Bench, fault: CardFault
) -> None:
    bench.reader.answers = [fault, fakes.ZHANG]
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == f"card.{fault}"
    bench.post(e.WayOutTaken())
    await bench.until(State.QUESTION if body.way_out == "again" else State.SERVICES)


async def test_a_wrong_answer_is_kept_for_mending(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen(fakes.CERTIFICATE), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.QUESTION)
    bench.post(e.Answered("scheme", "pension"), e.Answered("period", "99"))
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, QuestionBody) and bench.view.body.error):
            await asyncio.sleep(0.005)
    assert (bench.view.body.name, bench.view.body.value) == ("period", "99")
    assert bench.view.body.error == "error.maximum.number"


async def test_changing_one_answer_returns_to_the_check_page(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    bench.post(e.ChangeAsked("period"))
    await bench.until(State.QUESTION)
    bench.post(e.Answered("period", "24"))
    body = (await bench.until(State.CHECK)).body
    assert isinstance(body, CheckBody)
    assert any(row.field == "period" and "24" in row.value.zh for row in body.rows)


async def test_going_back_walks_to_the_guide_and_keeps_answers(bench: Bench) -> None:
    await to_check(bench, fakes.CERTIFICATE)
    bench.post(e.WentBack(), e.WentBack(), e.WentBack())
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, QuestionBody) and bench.view.body.number == 1):
            await asyncio.sleep(0.005)
    assert bench.view.body.value == "pension"
    bench.post(e.WentBack())
    await bench.until(State.GUIDE)


async def test_the_card_is_asked_for_once_per_visit(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    bench.post(*[e.WentBack()] * 6)  # materials, four questions
    await bench.until(State.GUIDE)
    bench.post(e.WentBack(), e.ServiceChosen(fakes.QUERY), e.GuideAccepted())
    await bench.until(State.QUESTION)
    assert bench.kinds().count("identity.card.event") == 1


async def test_an_idle_visit_is_asked_then_wiped(tmp_path: Path) -> None:
    limits = Limits(idle=0.1, still_there=1, ack=0.1, decision=0.1, poll=0.01)
    bench = fakes.bench(tmp_path, limits)
    task = asyncio.create_task(bench.engine.run())
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored(), e.Touched(), e.ServiceChosen(fakes.RESIDENCE))
    bench.post(e.GuideAccepted())
    await bench.until(State.QUESTION)
    await bench.until(State.STILL_THERE)
    await bench.until(State.ATTRACT)
    last = json.loads(bytes(bench.journal.records(1)[-1].data))
    assert last["reason"] == "idle"
    assert last["wiped"]["cards"] == 1
    task.cancel()


async def test_a_defect_is_one_sentence_and_the_terminal_goes_on(bench: Bench) -> None:
    await to_check(bench, fakes.RESIDENCE)
    for code in ("stumbled", "stumbled", "internal"):
        bench.post(e.ChangeAsked("no_such_field"))
        body = (await bench.until(State.PROBLEM)).body
        assert isinstance(body, ProblemBody)
        assert body.code == code
        if code == "stumbled":
            bench.post(e.WayOutTaken())
            await bench.until(State.CHECK)
    bench.post(e.WayOutTaken())
    await bench.until(State.ATTRACT)
    bench.post(e.Touched())
    await bench.until(State.SERVICES)


async def test_saying_here_returns_to_the_same_question(bench: Bench) -> None:
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    before = await bench.until(State.QUESTION)
    bench.post(e.WaitedTooLong())
    await bench.until(State.STILL_THERE)
    bench.post(e.StillHere())
    after = await bench.until(State.QUESTION)
    assert after.body == before.body


async def test_unavailable_items_say_why_and_are_not_started(bench: Bench) -> None:
    offline = DeviceStatus("document", DeviceState.NO_DEVICE)
    bench.terminal.condition.statuses["document"] = offline
    bench.post(e.Touched())
    body = (await bench.until(State.SERVICES)).body
    assert isinstance(body, ServicesBody)
    why = {tile.task_code: tile.why_not for tile in body.tiles}
    assert why[fakes.CERTIFICATE] == "why_not.no_certificate_printer"
    assert why[fakes.RESIDENCE] == ""
    bench.post(e.ServiceChosen(fakes.CERTIFICATE))
    await bench.until(State.PROBLEM)


async def test_the_language_chosen_lasts_for_the_visit_only(bench: Bench) -> None:
    bench.post(e.LanguageChosen(Language.EN), e.Touched())
    assert (await bench.until(State.SERVICES)).language is Language.EN
    bench.post(e.Left())
    assert (await bench.until(State.ATTRACT)).language is Language.ZH


async def test_late_events_of_a_page_that_is_gone_do_nothing(bench: Bench) -> None:
    bench.post(e.Touched())
    before = await bench.until(State.SERVICES)
    bench.post(e.Rated(1), e.AnswersConfirmed(), e.PapersCollected())
    await asyncio.sleep(0.05)
    assert bench.view == before
