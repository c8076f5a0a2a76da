"""A visit is tried out, and nothing comes of it: no record, no device, nothing kept."""

from __future__ import annotations

import random
from dataclasses import fields
from typing import Any, NoReturn

import pytest

from enquirywork import shown
from fakes import ZHANG, Bench, few, shipped
from kiosk import events as e
from kiosk.services.practice import exercise
from kiosk.session import states
from kiosk.session.errand import TOLD
from kiosk.session.terminal import Devices
from kiosk.session.updates import practising
from kiosk.view import CheckBody, PracticeBody, ProblemBody, QuestionBody, State

PAGES = {State.PRACTICE, State.PRACTICE_QUESTION, State.PRACTICE_CHECK, State.PRACTICE_END}
SAID = {"branch": "town", "books": "3", "until": "2099-01-31", "book": "新华字典"}


class Forbidden:
    """A device that nobody may ask for anything."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, what: str) -> NoReturn:
        raise AssertionError(f"{self._name}: {what}")


async def told(bench: Bench) -> None:
    """To the first question."""
    bench.post(e.PracticeOpened())
    for page in TOLD:
        await page_of(bench, page)
        bench.post(e.PracticeTurned())


async def page_of(bench: Bench, page: str) -> None:
    await shown(bench, lambda body: body == PracticeBody(page))


async def asked(bench: Bench, name: str, *, refused: bool = False) -> QuestionBody:
    def fits(body: object) -> bool:
        asks = isinstance(body, QuestionBody) and body.name == name
        return asks and bool(body.error) is refused

    body = await shown(bench, fits)
    assert isinstance(body, QuestionBody)
    return body


async def tried(bench: Bench) -> CheckBody:
    await told(bench)
    for name, value in SAID.items():
        await asked(bench, name)
        bench.post(e.Answered(name, value))
    body = (await bench.until(State.PRACTICE_CHECK)).body
    assert isinstance(body, CheckBody)
    return body


async def test_a_whole_visit_is_tried_and_leaves_nothing(bench: Bench) -> None:
    before = list(bench.journal.records(1))
    check = await tried(bench)
    assert [row.value.en for row in check.rows][:2] == ["Reading room in town", "3 books"]
    bench.post(e.AnswersConfirmed())
    end = await bench.until(State.PRACTICE_END)
    assert end.ribbon == "practice"
    assert end.body == PracticeBody("end")
    assert bench.engine.visit.vault.answers == {}
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert list(bench.journal.records(1)) == before


async def test_what_is_begun_after_it_is_a_visit_of_its_own(bench: Bench) -> None:
    await tried(bench)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PRACTICE_END)
    practised = bench.engine.visit
    bench.post(e.Touched())
    view = await bench.until(State.SERVICES)
    assert bench.engine.visit is not practised
    assert view.ribbon != "practice"
    assert len(bench.data("session")) == 1


async def test_no_device_is_touched_and_no_card_read(bench: Bench) -> None:
    """Whatever is asked of one of them is a defect, which ends on another page."""
    bench.post(e.PracticeOpened())
    await page_of(bench, "begin")
    names = [one.name for one in fields(Devices)]
    forbidden: dict[str, Any] = {name: Forbidden(name) for name in names}
    bench.terminal.devices = Devices(**forbidden)
    await tried(bench)
    bench.reader.put(ZHANG)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PRACTICE_END)
    assert bench.engine.visit.vault.people == {}
    assert bench.reader.lying, "the card was read"


@pytest.mark.parametrize("page", [State.PRACTICE_QUESTION, State.PRACTICE_CHECK])
async def test_who_leaves_in_the_middle_leaves_nothing(bench: Bench, page: State) -> None:
    before = list(bench.journal.records(1))
    await (tried if page is State.PRACTICE_CHECK else told)(bench)
    await bench.until(page)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert bench.engine.visit.vault.answers == {}
    assert list(bench.journal.records(1)) == before


async def test_a_defect_is_told_and_the_page_comes_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(bench.journal.records(1))
    await told(bench)
    await asked(bench, "branch")
    with monkeypatch.context() as broken:
        broken.setattr(practising, "check_answer", None)
        bench.post(e.Answered("branch", "town"))
        body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "stumbled"
    bench.post(e.WayOutTaken())
    await asked(bench, "branch")
    assert list(bench.journal.records(1)) == before


async def test_it_can_be_tried_again(bench: Bench) -> None:
    await tried(bench)
    bench.post(e.AnswersConfirmed())
    await bench.until(State.PRACTICE_END)
    bench.post(e.PracticeOpened())
    await page_of(bench, "begin")
    assert bench.engine.visit.vault.answers == {}


async def test_an_answer_that_is_none_is_told_and_one_is_changed(bench: Bench) -> None:
    await told(bench)
    await asked(bench, "branch")
    bench.post(e.Answered("branch", "nowhere"))
    await asked(bench, "branch", refused=True)
    bench.post(e.WentBack())
    await page_of(bench, list(TOLD)[-1])
    bench.post(e.PracticeTurned())
    for name, value in SAID.items():
        await asked(bench, name)
        bench.post(e.Answered(name, value))
    await bench.until(State.PRACTICE_CHECK)
    bench.post(e.ChangeAsked("books"))
    assert (await asked(bench, "books")).value == "3"
    bench.post(e.Answered("books", "5"))
    body = (await bench.until(State.PRACTICE_CHECK)).body
    assert isinstance(body, CheckBody)
    assert body.rows[1].value.zh == "5本"


async def test_back_leads_out_again(bench: Bench) -> None:
    await told(bench)
    await asked(bench, "branch")
    for page in reversed(TOLD):
        bench.post(e.WentBack())
        await page_of(bench, page)
    bench.post(e.WentBack())
    await bench.until(State.ATTRACT)


async def test_who_goes_away_is_asked_and_forgotten(bench: Bench) -> None:
    before = list(bench.journal.records(1))
    await tried(bench)
    bench.engine._idle._seconds = 0.05  # from the next page on
    bench.post(e.ChangeAsked("books"))
    await bench.until(State.STILL_THERE)
    await bench.until(State.ATTRACT)
    assert list(bench.journal.records(1)) == before


def test_the_table_lets_it_lead_nowhere_else() -> None:
    """To a real visit only by a new one, as from the idle page."""
    out = {State.STILL_THERE, State.ATTRACT}
    for page in PAGES:
        for event, target in states.TABLE[page].items():
            reached = {target} if isinstance(target, State) else set(getattr(target, "targets", ()))
            if (page, event) == (State.PRACTICE_END, e.Touched):
                assert reached == {State.SERVICES}
            else:
                assert reached <= PAGES | out, (page, event)


@pytest.mark.parametrize("seed", range(3))
async def test_no_event_makes_it_write_anything(bench: Bench, seed: int) -> None:
    """Every event that any page knows, posted in a visit that is practised."""
    dice, before = random.Random(seed), list(bench.journal.records(1))
    await told(bench)
    known = [
        e.WentBack(), e.PracticeTurned(), e.AnswersConfirmed(), e.CardFound(), e.Left(),
        e.PracticeOpened(), e.GuideAccepted(), e.ConsentGiven(), e.SlipWanted(),
        e.ServiceChosen(few().items[0].task_code), e.ChangeAsked("books"), e.PapersCollected(),
        *(e.Answered(name, value) for name, value in SAID.items()),
    ]  # fmt: skip
    for _ in range(150):
        event = dice.choice(known)
        here = bench.engine.state
        if here is State.ATTRACT:
            event = e.PracticeOpened()
        bench.post(event)
        await bench.breath()
        assert bench.engine.state in PAGES | {State.ATTRACT}, (here, event)
    assert list(bench.journal.records(1)) == before


def test_no_catalogue_offers_it() -> None:
    names = {text for item in shipped().items for text in (item.task_name.zh, item.task_name.en)}
    assert not names & {exercise().name.zh, exercise().name.en}
