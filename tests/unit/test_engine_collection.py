"""A result at any terminal: once as the original, then as copies, by the owner alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from enquirywork import DONE, OTHER, FakeEnquiries, around, by_card, shown
from fakes import Bench
from kiosk import events as e
from kiosk.model import (
    CollectedPaper,
    DeviceState,
    DeviceStatus,
    EnquiryFault,
    Fault,
    FaultAction,
    PrintOutcome,
    Rung,
)
from kiosk.view import CaseBody, PapersBody, ProblemBody, RatingBody, State

PDF = b"%PDF-result"


async def to_case(bench: Bench, fleet: FakeEnquiries, **changes: object) -> CaseBody:
    fleet.mine = [replace(DONE, task_code=fakes.RESIDENCE, **changes)]  # type: ignore[arg-type]
    await by_card(bench)
    body = (await bench.until(State.CASE)).body
    assert isinstance(body, CaseBody)
    return body


async def collect(bench: Bench) -> PapersBody:
    bench.post(e.CollectWanted())
    if bench.terminal.catalogue.find(fakes.RESIDENCE):
        body = await shown(bench, lambda body: isinstance(body, PapersBody) and body.done)
        assert isinstance(body, PapersBody)
    return body


async def test_the_original_is_printed_with_its_intent_before(bench: Bench) -> None:
    fleet = around(bench)
    assert (await to_case(bench, fleet)).collect == "ready"
    intents: list[str] = []
    bench.document.before = lambda: intents.extend(bench.kinds()[-1:])
    body = await collect(bench)
    assert intents == ["print.intent"]
    assert (body.standing, body.case_no) == ("collected", OTHER)
    assert [paper.name for paper in body.papers] == ["certificate"]
    [(job, pdf)] = bench.document.printed
    assert pdf == PDF
    assert bench.receipt.printed == []
    [(*_, asked, number, told)] = [one for one in fleet.asked if one[0] == "collect"]
    assert (asked, number, told) == (OTHER, fakes.ZHANG.number, job)
    [record] = bench.data("print.outcome")
    assert (record["job"], record["case_no"], record["rung"]) == (job, OTHER, "presented")


async def test_another_time_it_is_marked_as_a_copy(bench: Bench) -> None:
    fleet = around(bench)
    fleet.paper = CollectedPaper("C-1", 2, PDF)
    await to_case(bench, fleet)
    assert (await collect(bench)).standing == "copied"
    assert bench.document.printed[0][1] == PDF + b" copy 2 KT-0001"


async def test_the_owner_is_shown_as_surely_as_the_item_wants(bench: Bench) -> None:
    fleet = around(bench)
    fleet.mine = [DONE]
    await by_card(bench)
    await bench.until(State.CASE)
    bench.post(e.CollectWanted())
    await bench.until(State.CONSENT)
    assert not bench.document.printed
    bench.post(e.WentBack())
    await bench.until(State.CASE)
    bench.post(e.CollectWanted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    await shown(bench, lambda body: isinstance(body, PapersBody) and body.done)
    assert len(bench.document.printed) == 1


async def test_of_two_applicants_one_is_enough(bench: Bench) -> None:
    fleet = around(bench)
    fleet.mine = [replace(DONE, task_code=fakes.MARRIAGE)]
    await by_card(bench)
    await bench.until(State.CASE)
    bench.post(e.CollectWanted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    await shown(bench, lambda body: isinstance(body, PapersBody) and body.done)


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        *((fault, str(fault)) for fault in EnquiryFault),
        (CollectedPaper("C-1", 0, b"not sealed"), "unfit"),
    ],
)
async def test_nothing_is_printed_that_did_not_come_whole(
    bench: Bench, paper: CollectedPaper | EnquiryFault, code: str
) -> None:
    fleet = around(bench)
    fleet.paper = paper
    await to_case(bench, fleet)
    bench.post(e.CollectWanted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert (body.code, body.way_out) == (f"collect.{code}", "case")
    assert bench.document.printed == []
    bench.post(e.WayOutTaken())
    await bench.until(State.CASE)


async def test_a_copy_that_cannot_be_marked_is_not_printed(bench: Bench) -> None:
    fleet = around(bench)
    fleet.paper = CollectedPaper("C-1", 1, PDF)
    bench.terminal.mark_copy = lambda *_: b""
    await to_case(bench, fleet)
    bench.post(e.CollectWanted())
    await bench.until(State.PROBLEM)
    assert bench.document.printed == []


async def test_asked_again_after_a_lost_answer_it_is_the_same_job(bench: Bench) -> None:
    fleet = around(bench)
    fleet.paper = EnquiryFault.UNREACHABLE
    await to_case(bench, fleet)
    bench.post(e.CollectWanted())
    await bench.until(State.PROBLEM)
    fleet.paper = CollectedPaper("C-1", 0, PDF)
    bench.post(e.WayOutTaken())
    await bench.until(State.CASE)
    await collect(bench)
    jobs = [one[-1] for one in fleet.asked if one[0] == "collect"]
    assert len(jobs) == 2
    assert jobs[0] == jobs[1] == bench.document.printed[0][0]


async def test_a_jam_is_recorded_and_tried_once(bench: Bench) -> None:
    bench.document.outcome = PrintOutcome(Rung.UNCONFIRMED, Fault("jam", FaultAction.CLEAR))
    fleet = around(bench)
    await to_case(bench, fleet)
    body = await collect(bench)
    assert body.papers[0].trouble == "paper.trouble.unconfirmed"
    assert len(bench.document.printed) == 1
    assert bench.data("print.outcome")[0]["rung"] == "unconfirmed"


async def test_why_not_now(bench: Bench) -> None:
    fleet = around(bench)
    status = DeviceStatus("document", DeviceState.HARDWARE_ERROR)
    bench.terminal.condition.statuses["document"] = status
    assert (await to_case(bench, fleet)).collect == "why_not.no_certificate_printer"


async def test_a_service_that_was_withdrawn_is_collected_at_a_desk(bench: Bench) -> None:
    fleet = around(bench)
    fleet.mine = [replace(DONE, task_code="GONE")]
    await by_card(bench)
    await bench.until(State.CASE)
    bench.post(e.CollectWanted())
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "collect.desk"


@pytest.mark.parametrize(("already", "state"), [(False, State.RATING), (True, State.THANKS)])
async def test_a_case_is_rated_once(bench: Bench, already: bool, state: State) -> None:
    fleet = around(bench)
    assert (await to_case(bench, fleet, rated=already)).rate is not already
    await collect(bench)
    bench.post(e.PapersCollected())
    await bench.until(state)
    if not already:
        bench.post(e.LevelChosen(2))
        body = await shown(bench, lambda body: isinstance(body, RatingBody) and body.level == 2)
        assert isinstance(body, RatingBody)
        assert "slow" in [tag.code for tag in body.tags]
        bench.post(e.Rated(2, ("slow", "fast", "unclear")))
        await bench.until(State.THANKS)
        [record] = bench.data("rating")
        assert (record["case_no"], record["level"], record["tags"]) == (
            OTHER, 2, ["slow", "unclear"],
        )  # fmt: skip


async def test_a_level_that_was_chosen_counts_when_somebody_walks_away(bench: Bench) -> None:
    fleet = around(bench)
    await to_case(bench, fleet)
    bench.post(e.RatingWanted())
    await bench.until(State.RATING)
    bench.post(e.LevelChosen(9), e.LevelChosen(4))
    await bench.until(State.THANKS)
    assert [(one["level"], one["tags"]) for one in bench.data("rating")] == [(4, [])]


async def test_nothing_chosen_is_nothing_recorded(bench: Bench) -> None:
    fleet = around(bench)
    await to_case(bench, fleet)
    bench.post(e.RatingWanted())
    await bench.until(State.THANKS)
    assert bench.data("rating") == []
