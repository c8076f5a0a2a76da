"""What a case waits for, handed in at a terminal: once, sealed, with an honest slip."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from enquirywork import (
    CASE,
    STORY,
    around,
    by_number,
    shown,
    to_cases,
)
from fakes import Bench
from kiosk import events as e
from kiosk.identity.numbers import mask_name
from kiosk.model import (
    CaseGap,
    CasePhase,
    HandedIn,
)
from kiosk.view import (
    CaseBody,
    CheckBody,
    MaterialsBody,
    ProblemBody,
    State,
)
from laterwork import (
    DAY,
    DUE,
    ONE,
    TWO,
    hand_in,
    materials,
    opened_at,
    papers,
    payload,
    record,
    scan,
    slip,
    to_case,
)
from materialwork import camera
from visiting import fleet_holds_everything


async def test_only_what_is_missing_is_asked_for_and_none_of_it_can_be_promised(
    bench: Bench,
) -> None:
    fleet, _ = around(bench), camera(bench)
    assert (await to_case(bench, fleet)).supplement == "ready"
    bench.post(e.SupplementWanted())
    body = await materials(bench)
    assert [row.code for row in body.rows] == [ONE, TWO]
    assert body.later
    for code in (ONE, TWO):
        opened = await opened_at(bench, code)
        assert "promise" not in {way.name for way in opened.ways}
        bench.post(e.WentBack())
        await shown(bench, lambda b: isinstance(b, MaterialsBody) and b.open is None)
    bench.post(e.MaterialsConfirmed())  # nothing is given
    await bench.breath()
    assert bench.view.state is State.MATERIALS
    bench.post(e.WentBack())
    await bench.until(State.CASE)
    assert bench.engine.visit.item is None


async def test_it_is_one_record_with_its_pages(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    fleet.handed = HandedIn.TAKEN
    fleet_holds_everything(bench)
    await to_case(bench, fleet)
    bench.post(e.SupplementWanted())
    await bench.until(State.MATERIALS)
    await scan(bench, plate, ONE, 1)
    await scan(bench, plate, TWO, 5)
    bench.post(e.MaterialsConfirmed())
    check = (await bench.until(State.CHECK)).body
    assert isinstance(check, CheckBody)
    assert check.rows[0].value.zh == CASE
    assert len(check.rows) == 3
    bench.post(e.WentBack())
    await bench.until(State.MATERIALS)
    bench.post(e.MaterialsConfirmed(), e.AnswersConfirmed())
    body = await papers(bench)
    assert (body.case_no, body.standing) == (CASE, "handed.taken")
    case = payload(bench)
    assert (case.case_no, case.applicant.number) == (CASE, fakes.ZHANG.number)
    assert [one.code for one in case.materials] == [ONE, TWO]
    assert {one.source for one in case.materials} == {"scan"}
    listed = {page for one in case.materials for page in one.pages}
    assert set(bench.journal.pages.digests()) == listed
    assert bench.data("supplement") == [
        {"case_no": CASE, "task_code": fakes.RESIDENCE, "materials": [ONE, TWO]},
        {"case_no": CASE, "standing": "taken"},
    ]
    assert [one for one in fleet.asked if one[0] == "handed_in"] == [
        ("handed_in", record(bench).id)
    ]
    said = slip(bench)
    assert CASE in said
    assert mask_name(fakes.ZHANG.name) in said
    assert fakes.ZHANG.number not in said
    assert "已收下" in said
    assert "还缺" not in said
    assert not bench.data("case")
    bench.post(e.PapersCollected())
    await bench.until(State.THANKS)
    await bench.until(State.ATTRACT)
    assert bench.data("session.outcome")[-1]["wiped"]["scans"] == 3
    assert not bench.engine.visit.vault.scans


async def test_a_part_of_it_is_enough_and_the_slip_says_what_stays(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    fleet.handed = HandedIn.TAKEN
    fleet_holds_everything(bench)
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    assert (await papers(bench)).standing == "handed.part"
    assert [one.code for one in payload(bench).materials] == [ONE]
    said = slip(bench)
    assert "还缺的材料" in said
    assert f"1. 材料{TWO}，{DUE}前" in said
    assert DUE in said


async def test_without_the_fleets_word_it_is_only_saved(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    assert (await papers(bench)).standing == "handed.saved"
    said = slip(bench)
    assert "自动发送" in said
    assert "已收到" not in said
    assert record(bench)


async def test_while_its_pages_are_on_their_way_it_is_received(bench: Bench) -> None:
    fleet, plate = around(bench), camera(bench)
    fleet.handed = HandedIn.AWAITED
    fleet_holds_everything(bench)
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    assert (await papers(bench)).standing == "handed.received"
    assert "正在核对页数" in slip(bench)


@pytest.mark.parametrize("why", sorted(set(HandedIn) - {HandedIn.AWAITED, HandedIn.TAKEN}))
async def test_a_refusal_says_why(bench: Bench, why: HandedIn) -> None:
    fleet, plate = around(bench), camera(bench)
    fleet.handed = why
    fleet_holds_everything(bench)
    await to_case(bench, fleet)
    await hand_in(bench, plate)
    assert (await papers(bench)).standing == f"handed.{why}"
    said = slip(bench)
    assert "没有收下" in said
    assert "继续办理" not in said
    assert bench.data("supplement")[-1]["standing"] == why


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"missing": ()}, ""),
        ({"missing": (CaseGap(ONE, DUE, lapsed=True),)}, ""),
        ({"missing": (CaseGap(ONE, DUE, coming=True),)}, ""),
        ({"phase": CasePhase.REFUSED, "ended": DAY, "withheld": True}, ""),
        ({"missing": (CaseGap("gone", DUE),)}, "why_not.supplement_desk"),
        ({"task_code": "GONE"}, "why_not.supplement_desk"),
    ],
)
async def test_it_is_offered_where_something_can_be_done(
    bench: Bench, changes: dict[str, object], said: str
) -> None:
    fleet, _ = around(bench), camera(bench)
    body = await to_case(bench, fleet, **changes)
    assert body.supplement == said
    bench.post(e.SupplementWanted())
    problem = (await bench.until(State.PROBLEM)).body
    assert isinstance(problem, ProblemBody)
    assert problem.code == "supplement.desk"
    bench.post(e.WayOutTaken())
    await bench.until(State.CASE)


async def test_a_result_is_kept_back_for_a_promise(bench: Bench) -> None:
    """The case has ended: only what was promised can still come."""
    fleet, _ = around(bench), camera(bench)
    ended = {"phase": CasePhase.COMPLETION, "ended": DAY, "withheld": True}
    body = await to_case(bench, fleet, **ended)
    assert (body.supplement, [gap.promised for gap in body.missing]) == ("ready", [True])
    bench.post(e.SupplementWanted())
    assert [row.code for row in (await materials(bench)).rows] == [TWO]


async def test_by_its_number_alone_nothing_can_be_handed_in(bench: Bench) -> None:
    fleet, _ = around(bench), camera(bench)
    fleet.mine = [replace(STORY, missing=(CaseGap(ONE, DUE),))]
    await to_cases(bench)
    await by_number(bench, CASE)
    body = (await bench.until(State.CASE)).body
    assert isinstance(body, CaseBody)
    assert body.supplement == ""
    bench.post(e.SupplementWanted())
    await bench.until(State.PROBLEM)
