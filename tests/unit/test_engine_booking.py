"""An appointment: chosen among what is free, kept before its case is written, never left over."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

import pytest

import fakes
from appointmentwork import DAY, FREE, NEXT, FakeAppointments
from enquirywork import shown
from fakes import Bench
from kiosk import events as e
from kiosk.errors import JournalFullError
from kiosk.model import Receipt
from kiosk.ports import BookingFault
from kiosk.session import submit
from kiosk.session.booking import give_back
from kiosk.session.recovery import recover
from kiosk.view import PapersBody, ProblemBody, QuestionBody, State, View
from visiting import confirm, payload_of


@pytest.fixture
def fleet(bench: Bench) -> FakeAppointments:
    made = FakeAppointments()
    bench.terminal.appointments = made
    bench.reader.answers = [fakes.ZHANG, fakes.LI]
    return made


async def question(bench: Bench, name: str, kind: str) -> QuestionBody:
    def so(body: object) -> bool:
        return isinstance(body, QuestionBody) and (body.name, body.kind) == (name, kind)

    body = await shown(bench, so)
    assert isinstance(body, QuestionBody)
    return body


async def free_days(bench: Bench) -> QuestionBody:
    """Once they have been looked up."""
    body = await shown(
        bench, lambda body: isinstance(body, QuestionBody) and body.name == "day"
        and body.kind == "choice" and bool(body.choices),
    )  # fmt: skip
    assert isinstance(body, QuestionBody)
    return body


async def to_day(bench: Bench) -> None:
    """Both have shown who they are."""
    bench.post(e.Touched(), e.ServiceChosen(fakes.MARRIAGE), e.GuideAccepted())
    agreed = -1
    async with asyncio.timeout(60):
        while bench.view.state is not State.QUESTION:
            view = bench.view
            if view.state is State.CONSENT and view.serial != agreed:
                agreed = view.serial
                bench.post(e.ConsentGiven())
            await bench.breath()


async def to_office(bench: Bench) -> QuestionBody:
    """The offices that have anything free."""
    await to_day(bench)
    return await offices(bench)


async def offices(bench: Bench) -> QuestionBody:
    body = await shown(
        bench, lambda body: isinstance(body, QuestionBody) and body.name == "office"
        and bool(body.choices),
    )  # fmt: skip
    assert isinstance(body, QuestionBody)
    return body


async def to_check(bench: Bench, slot: str = "morning") -> None:
    await offices(bench)
    bench.post(e.Answered("office", "county"))
    await free_days(bench)
    bench.post(e.Answered("day", DAY))
    await question(bench, "slot", "choice")
    bench.post(e.Answered("slot", slot))
    await question(bench, "phone", "number")
    bench.post(e.Answered("phone", "13900000000"))
    await bench.until(State.CHECK)


async def submit_it(bench: Bench) -> View:
    await confirm(bench)

    def over(body: object) -> bool:
        return isinstance(body, ProblemBody) or (isinstance(body, PapersBody) and body.done)

    await shown(bench, over)
    return bench.view


async def test_days_and_times_are_chosen_among_what_is_free(
    bench: Bench, fleet: FakeAppointments
) -> None:
    asked = await to_office(bench)
    assert [choice.code for choice in asked.choices] == ["county", "hexi"]
    assert "余12" in asked.choices[0].more.zh
    assert "人民路1号" in asked.choices[0].more.zh
    bench.post(e.Answered("office", "county"))
    days = await free_days(bench)
    assert [choice.code for choice in days.choices] == [DAY, NEXT]
    assert "余4" in days.choices[0].label.zh
    assert "8 free" in days.choices[1].label.en
    bench.post(e.Answered("day", NEXT))
    slots = await question(bench, "slot", "choice")
    assert [choice.code for choice in slots.choices] == ["morning"]


@pytest.mark.parametrize("told", [BookingFault.UNREACHABLE, ()])
async def test_when_nobody_tells_what_is_free_any_day_can_be_asked_for(
    bench: Bench, fleet: FakeAppointments, told: BookingFault | tuple[()]
) -> None:
    fleet.told = told
    await to_day(bench)
    await question(bench, "office", "choice")
    await bench.until(State.QUESTION)
    await shown(bench, lambda body: isinstance(body, QuestionBody) and len(body.choices) == 2)
    bench.post(e.Answered("office", "hexi"))
    body = await question(bench, "day", "date")
    assert body.choices == ()


async def test_a_place_is_kept_before_its_case_and_under_its_number(
    bench: Bench, fleet: FakeAppointments
) -> None:
    await to_day(bench)
    await to_check(bench)
    body = (await submit_it(bench)).body
    assert isinstance(body, PapersBody)
    assert fleet.acts == [("hold", f"county {DAY} morning"), ("confirm", body.case_no)]
    assert payload_of(bench).case_no == body.case_no
    kinds = [kind for kind in bench.kinds() if kind.startswith(("booking", "case.intent"))]
    assert kinds == ["booking.intent", "case.intent", "booking.outcome"]
    assert bench.data("booking.outcome")[0]["state"] == "confirmed"
    slip = bench.receipt.printed[0][1]
    assert isinstance(slip, Receipt)
    words = str([asdict(line) for line in slip.lines])
    assert "县民政局婚姻登记处" in words
    assert "上午（9:00至11:30）" in words
    assert fakes.ZHANG.number not in str(bench.data("booking"))


async def test_a_time_that_was_taken_leads_back_to_the_days_with_the_answers_kept(
    bench: Bench, fleet: FakeAppointments
) -> None:
    fleet.held = BookingFault.FULL
    await to_day(bench)
    await to_check(bench)
    body = (await submit_it(bench)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "booking.taken"
    assert bench.data("case") == []
    fleet.held = None
    fleet.told = FREE[1:]
    bench.post(e.WayOutTaken())
    left = await offices(bench)
    assert "余9" in left.choices[0].more.zh
    await to_check(bench, "afternoon")
    assert isinstance((await submit_it(bench)).body, PapersBody)
    assert [one["state"] for one in bench.data("booking.outcome")] == ["full", "confirmed"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (BookingFault.UNREACHABLE, "unreachable"),
        (BookingFault.ALREADY_BOOKED, "already_booked"),
        (BookingFault.UNKNOWN_ITEM, "not_possible"),
        (BookingFault.NOBODY, "not_possible"),
    ],
)
async def test_without_a_place_nothing_is_submitted(
    bench: Bench, fleet: FakeAppointments, fault: BookingFault, code: str
) -> None:
    fleet.held = fault
    await to_day(bench)
    await to_check(bench)
    body = (await submit_it(bench)).body
    assert isinstance(body, ProblemBody)
    assert body.code == f"booking.{code}"
    assert bench.data("case") == []


async def test_a_lost_answer_leaves_nothing_behind(bench: Bench, fleet: FakeAppointments) -> None:
    fleet.confirmed = BookingFault.UNREACHABLE
    await to_day(bench)
    await to_check(bench)
    await submit_it(bench)
    assert [one.type for one in bench.journal.unfinished() if "booking" in one.type]
    await give_back(bench.journal, fleet)
    assert fleet.acts[-1][0] == "release"
    assert bench.data("booking.outcome")[-1]["state"] == "released"
    await give_back(bench.journal, fleet)
    assert [act for act, _ in fleet.acts].count("release") == 1


async def test_a_place_goes_back_when_the_case_could_not_be_written(
    bench: Bench, fleet: FakeAppointments, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise JournalFullError("disk")

    await to_day(bench)
    await to_check(bench)
    monkeypatch.setattr(submit, "save", full)
    await submit_it(bench)
    await give_back(bench.journal, fleet)
    assert fleet.acts[-1][0] == "release"


async def test_a_power_cut_between_case_and_outcome_keeps_the_place(
    bench: Bench, fleet: FakeAppointments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit, "keep", lambda *_: None)
    await to_day(bench)
    await to_check(bench)
    await submit_it(bench)
    recover(bench.journal)
    await give_back(bench.journal, fleet)
    assert "release" not in [act for act, _ in fleet.acts]
    assert bench.data("booking.outcome")[-1]["state"] == "confirmed"


async def test_a_power_cut_before_the_case_gives_the_place_back(
    bench: Bench, fleet: FakeAppointments
) -> None:
    request = {"request_no": "0123456789abcdef0123", "case_no": "KT0001-20261122-00001-X"}
    bench.journal.begin("booking", request, "s1")
    recover(bench.journal)
    await give_back(bench.journal, fleet)
    assert fleet.acts == [("release", request["request_no"])]
