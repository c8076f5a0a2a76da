"""An appointment at any terminal, with one's card: seen, moved, cancelled; told once it is done."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

import fakes
from appointmentwork import DAY, NEXT, FakeAppointments, appointment
from enquirywork import CASE, STORY, around, by_card, by_number, shown, to_cases
from fakes import Bench
from kiosk import events as e
from kiosk.model import Receipt, TooOften
from kiosk.ports import BookingFault, BookingState
from kiosk.session import appointment as step
from kiosk.session.recovery import recover
from kiosk.view import (
    AppointmentAskBody,
    AppointmentBody,
    CaseBody,
    CasesBody,
    ProblemBody,
    QuestionBody,
    SlipBody,
    State,
)

WEDDING = replace(STORY, task_code=fakes.MARRIAGE)


@pytest.fixture
def fleet(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> FakeAppointments:
    monkeypatch.setattr(step, "PAUSE_SECONDS", 0.01)
    made = FakeAppointments(own=(appointment(CASE),))
    bench.terminal.appointments = made
    around(bench).mine = (WEDDING,)
    return made


async def case(bench: Bench) -> CaseBody:
    await by_card(bench)
    body = (await bench.until(State.CASE)).body
    assert isinstance(body, CaseBody)
    return body


async def page(bench: Bench) -> AppointmentBody:
    await case(bench)
    bench.post(e.AppointmentOpened())
    body = (await bench.until(State.APPOINTMENT)).body
    assert isinstance(body, AppointmentBody)
    return body


async def choose(bench: Bench, name: str, value: str) -> QuestionBody:
    body = await shown(
        bench, lambda body: isinstance(body, QuestionBody) and body.name == name
        and bool(body.choices),
    )  # fmt: skip
    bench.post(e.Answered(name, value))
    assert isinstance(body, QuestionBody)
    return body


async def to_ask(bench: Bench, office: str = "county", day: str = NEXT) -> AppointmentAskBody:
    await page(bench)
    bench.post(e.MoveWanted())
    await choose(bench, "office", office)
    await choose(bench, "day", day)
    await choose(bench, "slot", "morning")
    body = (await bench.until(State.APPOINTMENT_ASK)).body
    assert isinstance(body, AppointmentAskBody)
    return body


async def slip(bench: Bench) -> tuple[SlipBody, str]:
    """The page when the paper is out, and what the paper says."""
    body = await shown(bench, lambda body: isinstance(body, SlipBody) and body.done)
    assert isinstance(body, SlipBody)
    paper = bench.receipt.printed[-1][1]
    assert isinstance(paper, Receipt)
    return body, str([asdict(line) for line in paper.lines])


async def problem(bench: Bench) -> ProblemBody:
    body = await shown(bench, lambda body: isinstance(body, ProblemBody))
    assert isinstance(body, ProblemBody)
    return body


async def test_the_case_tells_day_office_and_what_to_bring(
    bench: Bench, fleet: FakeAppointments
) -> None:
    body = await case(bench)
    words = " ".join(line.zh for line in body.appointment)
    assert body.change == "ready"
    assert "上午（9:00至11:30）" in words
    assert "县民政局婚姻登记处" in words
    assert "居民身份证" in words
    bench.post(e.AppointmentOpened())
    told = (await bench.until(State.APPOINTMENT)).body
    assert isinstance(told, AppointmentBody)
    assert (told.move, told.cancel, told.moves) == ("", "", 3)
    assert "人民路1号" in told.address.zh
    assert "9:00" in told.hours.zh
    assert told.until.zh


async def test_by_number_nothing_is_told_of_it(bench: Bench, fleet: FakeAppointments) -> None:
    await to_cases(bench)
    await by_number(bench, CASE)
    body = (await bench.until(State.CASE)).body
    assert isinstance(body, CaseBody)
    assert (body.appointment, body.change) == ((), "")
    bench.post(e.AppointmentOpened(), e.LanguageChosen(bench.view.language))
    assert "mine" not in [act for act, _ in fleet.acts]


async def test_moved_once_and_told_on_paper(bench: Bench, fleet: FakeAppointments) -> None:
    ask = await to_ask(bench, "hexi")
    assert "河西镇" in ask.new[-1].zh
    assert "县民政局" in ask.old[-1].zh
    assert bench.data("appointment") == []
    bench.post(e.ChangeAgreed(), e.ChangeAgreed())
    body, paper = await slip(bench)
    assert body.kind == "moved"
    assert "河西镇" in body.told[-1].zh
    assert "河西镇" in paper
    assert "以前的预约单和凭证作废" in paper
    assert [act for act, _ in fleet.acts].count("move") == 1
    intent, outcome = bench.data("appointment")
    assert (intent["act"], intent["day"], intent["office"]) == ("move", NEXT, "hexi")
    assert outcome["state"] == "moved"
    kinds = bench.kinds()
    assert kinds.index("appointment.outcome") < kinds.index("print.intent")
    assert fakes.ZHANG.number not in str(bench.data(""))


async def test_only_what_is_free_can_be_chosen(bench: Bench, fleet: FakeAppointments) -> None:
    await page(bench)
    bench.post(e.MoveWanted())
    offices = await choose(bench, "office", "moon")
    assert [one.code for one in offices.choices] == ["county", "hexi"]
    await choose(bench, "office", "hexi")
    days = await choose(bench, "day", DAY)  # only the other office is free that day
    assert [one.code for one in days.choices] == [NEXT]
    bench.post(e.WentBack())
    await choose(bench, "office", "county")
    assert len((await choose(bench, "day", DAY)).choices) == 2


async def test_cancelled_only_after_it_was_asked_twice(
    bench: Bench, fleet: FakeAppointments
) -> None:
    await page(bench)
    bench.post(e.CancelWanted())
    first = (await bench.until(State.APPOINTMENT_ASK)).body
    assert isinstance(first, AppointmentAskBody)
    assert (first.again, first.withdraws) == (False, True)
    bench.post(e.ChangeAgreed())
    await shown(bench, lambda body: isinstance(body, AppointmentAskBody) and body.again)
    assert bench.data("appointment") == []
    bench.post(e.ChangeAgreed())
    body, paper = await slip(bench)
    assert body.kind == "cancelled"
    assert "预约已取消" in paper
    assert "已经同时撤回" in paper
    assert [one.get("state") for one in bench.data("appointment")] == [None, "cancelled"]


async def test_keeping_it_changes_nothing(bench: Bench, fleet: FakeAppointments) -> None:
    await page(bench)
    bench.post(e.CancelWanted(), e.ChangeAgreed(), e.WentBack())
    await bench.until(State.APPOINTMENT)
    bench.post(e.CancelWanted())
    body = (await bench.until(State.APPOINTMENT_ASK)).body
    assert isinstance(body, AppointmentAskBody)
    assert not body.again  # it is asked from the beginning
    assert not {"move", "cancel"} & {act for act, _ in fleet.acts}


@pytest.mark.parametrize(
    ("fault", "code", "state"),
    [
        (BookingFault.FULL, "taken", State.APPOINTMENT_PLACE),
        (BookingFault.SAME_PLACE, "same_place", State.APPOINTMENT_PLACE),
        (BookingFault.TOO_LATE, "too_late", State.CASE),
        (BookingFault.CANCELLED, "cancelled", State.CASE),
        (BookingFault.NOT_YOURS, "not_yours", State.CASE),
        (BookingFault.UNKNOWN_CATALOGUE, "not_possible", State.CASE),
    ],
)
async def test_a_refusal_says_what_holds(
    bench: Bench, fleet: FakeAppointments, fault: BookingFault, code: str, state: State
) -> None:
    fleet.changed = fault
    await to_ask(bench)
    bench.post(e.ChangeAgreed())
    assert (await problem(bench)).code == f"appointment.{code}"
    assert bench.receipt.printed == []
    assert bench.data("appointment")[-1]["state"] == fault
    bench.post(e.WayOutTaken())
    await bench.until(state)


async def test_a_lost_answer_is_asked_for_again_by_the_same_number(
    bench: Bench, fleet: FakeAppointments
) -> None:
    fleet.lost = 2
    await to_ask(bench)
    bench.post(e.ChangeAgreed())
    await slip(bench)
    asked = [number for act, number in fleet.acts if act == "move"]
    assert len(asked) == 3
    assert len(set(asked)) == 1
    assert [one.get("state") for one in bench.data("appointment")] == [None, "moved"]


@pytest.mark.parametrize(("lost", "state"), [(9, "moved"), (-1, "closed")])
async def test_without_an_answer_nothing_is_claimed_and_it_is_settled_later(
    bench: Bench, fleet: FakeAppointments, lost: int, state: str
) -> None:
    fleet.lost = lost
    await to_ask(bench)
    bench.post(e.ChangeAgreed())
    assert (await problem(bench)).code == "appointment.unreachable"
    assert bench.receipt.printed == []
    recover(bench.journal)  # a start leaves it to the fleet
    await step.settle(bench.journal, fleet)
    assert ("appointment.outcome" in bench.kinds()) == (lost > 0)
    fleet.lost = 0
    await step.settle(bench.journal, fleet)
    await step.settle(bench.journal, fleet)
    outcomes = bench.data("appointment.outcome")
    assert [one["state"] for one in outcomes] == [state]


async def test_a_power_cut_while_it_is_asked(bench: Bench, fleet: FakeAppointments) -> None:
    bench.journal.begin("appointment", {"request_no": "abc", "act": "move", "case_no": CASE}, "s")
    assert recover(bench.journal) is None
    await step.settle(bench.journal, fleet)
    assert bench.data("appointment.outcome")[0]["state"] == "closed"


async def test_offline_it_says_so_and_offers_nothing(bench: Bench, fleet: FakeAppointments) -> None:
    await case(bench)
    bench.terminal.condition.online = False
    bench.post(e.AppointmentOpened())
    body = (await bench.until(State.APPOINTMENT)).body
    assert isinstance(body, AppointmentBody)
    assert (body.move, body.cancel) == ("why_not.offline", "why_not.offline")


async def test_no_answer_about_free_places(bench: Bench, fleet: FakeAppointments) -> None:
    fleet.told = BookingFault.UNREACHABLE
    await page(bench)
    bench.post(e.MoveWanted())
    assert (await problem(bench)).code == "appointment.no_network"
    bench.post(e.WayOutTaken())
    await bench.until(State.APPOINTMENT)


@pytest.mark.parametrize(
    ("changes", "move", "cancel"),
    [
        ({"fault": "too_late"}, "too_late", "too_late"),
        ({"fault": "over"}, "over", "over"),
        ({"fault": "moved_often"}, "moved_often", ""),
        ({"state": BookingState.CANCELLED, "fault": "cancelled"}, "cancelled", "cancelled"),
    ],
)
async def test_what_cannot_be_done_any_more_says_why(
    bench: Bench, fleet: FakeAppointments, changes: dict[str, object], move: str, cancel: str
) -> None:
    fleet.own = (appointment(CASE, **changes),)
    body = await page(bench)
    assert body.move == f"why_not.appointment.{move}"
    assert body.cancel == (cancel and f"why_not.appointment.{cancel}")


async def test_when_the_fleet_does_not_tell_the_page_says_so(
    bench: Bench, fleet: FakeAppointments
) -> None:
    fleet.own = BookingFault.UNREACHABLE
    body = await case(bench)
    assert body.change == "why_not.appointment.not_told"


async def test_a_case_that_was_given_up_was_not_refused(
    bench: Bench, fleet: FakeAppointments
) -> None:
    around(bench).mine = (replace(WEDDING, phase="refused", reason="withdrawn"),)  # type: ignore[arg-type]
    assert (await case(bench)).phase == "withdrawn"


async def test_too_many_look_ups_are_told_with_the_time_to_wait(bench: Bench) -> None:
    fleet = around(bench)
    fleet.often = TooOften(61)
    await to_cases(bench)
    await by_number(bench, CASE)
    body = await shown(bench, lambda body: isinstance(body, CasesBody) and bool(body.error))
    assert isinstance(body, CasesBody)
    assert (body.error, body.wait) == ("error.cases.too_often", 2)
    assert bench.data("enquiry")[-1]["outcome"] == "too_often"


async def test_nothing_of_it_stays(bench: Bench, fleet: FakeAppointments) -> None:
    await page(bench)
    visit = bench.engine.visit
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert visit.vault.appointments == ()
    assert bench.engine.visit.around.changing.act == ""
