"""Events and plans that may not be, and events in any order."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.handling import events as e
from fleet.handling.fold import fold, verdict
from fleet.handling.plan import Plan, PlanFault, PlanStep, fault
from fleet.handling.states import CaseState, Refusal, StepPhase
from fleet.platform.contract import Standing, StepEnd, StepReport
from handlingwork import STEPS, at, done, opened, plan, promised, whole
from kiosk.services.calendar import default
from kiosk.services.item import Stage


def state(*events: e.Event, **other: Any) -> CaseState:
    found = fold([opened(**other), *events], default())
    assert isinstance(found, CaseState)
    return found


def steps(found: CaseState) -> dict[str, StepPhase]:
    return {step.code: step.phase for step in found.steps}


def ask(step: str = "accept", day: str = "2026-03-03", **other: Any) -> e.Asked:
    asked = {"missing": ("proof", "sketch"), "days": 5, "person": "一次告知员", **other}
    return e.Asked(at=at(day), step=step, **asked)


def give(step: str, day: str, *materials: str) -> e.Supplemented:
    return e.Supplemented(at=at(day), step=step, materials=materials)


# ---- Refusals --------------------------------------------------------------------------------

REFUSED: list[tuple[list[e.Event], e.Event, Refusal]] = [
    ([], done("nowhere", "2026-03-03"), Refusal.UNKNOWN_STEP),
    ([], ask("nowhere"), Refusal.UNKNOWN_STEP),
    ([], give("nowhere", "2026-03-03", "id"), Refusal.UNKNOWN_STEP),
    ([], e.Assigned(at=at("2026-03-03"), person="王", step="nowhere"), Refusal.UNKNOWN_STEP),
    ([], e.CorrectionLapsed(at=at("2026-03-03"), step="nowhere"), Refusal.UNKNOWN_STEP),
    ([], ask(missing=("elsewhere",)), Refusal.UNKNOWN_MATERIAL),
    ([], e.PromiseLapsed(at=at("2026-03-03"), material="id"), Refusal.UNKNOWN_MATERIAL),
    ([], give("accept", "2026-03-03", "id"), Refusal.EARLY),
    ([], give("", "2026-03-03", "id"), Refusal.NOTHING_ASKED),
    ([ask()], give("accept", "2026-03-04", "id"), Refusal.NOTHING_ASKED),
    ([], e.Notified(at=at("2026-03-03"), how=e.Told.POST), Refusal.EARLY),
    ([done("accept", "2026-03-03")], done("accept", "2026-03-04"), Refusal.ALREADY_ENDED),
    ([done("accept", "2026-03-03")], ask("accept", "2026-03-04"), Refusal.ALREADY_ENDED),
    (whole(), done("approve", "2026-03-09", "后来"), Refusal.ALREADY_ENDED),
    (whole(), e.Notified(at=at("2026-03-09"), how=e.Told.POST), Refusal.ALREADY_ENDED),
    (
        whole(),
        e.Decided(at=at("2026-03-09"), standing=Standing.REFUSED, person="平台"),
        Refusal.CASE_ENDED,
    ),
    (
        whole(),
        e.Paused(at=at("2026-03-09"), name="x", procedure=e.Procedure.HEARING, person="岗"),
        Refusal.CASE_ENDED,
    ),
]


@pytest.mark.parametrize(("before", "event", "why"), REFUSED)
def test_what_may_not_be_has_no_effect(before: list[e.Event], event: e.Event, why: Refusal) -> None:
    found = state(*before, event)
    assert verdict(found, event) is why
    assert replace(found, refused=None) == replace(state(*before), refused=None)


def test_nothing_is_known_without_an_opening() -> None:
    assert fold([done("accept", "2026-03-03")], default()) is Refusal.NOT_OPENED


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"steps": ()}, PlanFault.NO_STEPS),
        ({"steps": STEPS[-1:]}, PlanFault.NO_STEPS),
        ({"steps": STEPS[:1] * 2}, PlanFault.TWICE),
        ({"steps": STEPS[1:]}, PlanFault.UNKNOWN_STEP),
        ({"person": " "}, PlanFault.NO_PERSON),
        ({"promise": 21}, PlanFault.LIMITS),
        (
            {
                "steps": (
                    PlanStep("a", Stage.REVIEW, "甲", ("b",)),
                    PlanStep("b", Stage.REVIEW, "乙", ("a",)),
                )
            },
            PlanFault.CYCLE,
        ),
    ],
)
def test_a_plan_that_cannot_be_carried_out(broken: dict[str, Any], why: PlanFault) -> None:
    assert fault(plan(**broken)) is why
    opening = e.Opened(at=at("2026-03-02"), plan=plan(**broken))
    assert fold([opening], default()) is Refusal.MALFORMED


@pytest.mark.parametrize(
    "report",
    [
        {"person": ""},
        {"person": "  "},
        {"person": "李\x00"},
        {"person": "李\n四"},
        {"person": "李" * 65},
        {"person": "\ud800"},
        {"step": ""},
        {"step": "a b"},
        {"step": "accept\n"},
        {"end": StepEnd.SENT_BACK},  # asks for nothing
        {"end": StepEnd.SENT_BACK, "missing": ("张三的户口本",)},
        {"end": StepEnd.SENT_BACK, "missing": ("id",) * 101},
    ],
)
def test_a_malformed_report_is_none(report: dict[str, Any]) -> None:
    made = StepReport(
        **{
            "case_no": "C",
            "step": "accept",
            "end": StepEnd.DONE,
            "at": "",
            "person": "李",
            **report,
        }
    )
    assert not e.valid(e.from_report(made, at("2026-03-03")))


@pytest.mark.parametrize("moment", [0.0, -1e300, 1e300, float("inf"), float("nan")])
def test_a_broken_clock_is_no_time(moment: float) -> None:
    assert not e.valid(e.StepEnded(at=moment, step="accept", person="李"))


# ---- Order and repetition --------------------------------------------------------------------

CODES = st.sampled_from([step.code for step in STEPS])
TIMES = st.integers(0, 40 * 24).map(lambda hour: at("2026-02-20") + hour * 3600.0)
PEOPLE = st.sampled_from(["李", "王", "赵"])
MATERIAL = st.lists(st.sampled_from(["id", "proof", "sketch"]), min_size=1).map(tuple)
NAMES = st.sampled_from(["a", "b"])
EVENTS = st.one_of(
    st.builds(e.StepEnded, at=TIMES, step=CODES, person=PEOPLE, refused=st.just(False)),
    st.builds(e.StepEnded, at=TIMES, step=CODES, person=PEOPLE),
    st.builds(e.Asked, at=TIMES, step=CODES, person=PEOPLE, missing=MATERIAL),
    st.builds(e.Supplemented, at=TIMES, step=st.one_of(CODES, st.just("")), materials=MATERIAL),
    st.builds(e.CorrectionLapsed, at=TIMES, step=CODES),
    st.builds(e.PromiseLapsed, at=TIMES, material=st.sampled_from(["id", "sketch"])),
    st.builds(
        e.Paused, at=TIMES, name=NAMES, procedure=st.sampled_from(e.Procedure), person=PEOPLE
    ),
    st.builds(e.Resumed, at=TIMES, name=NAMES),
    st.builds(e.Assigned, at=TIMES, person=PEOPLE, step=st.one_of(CODES, st.just(""))),
    st.builds(e.Decided, at=TIMES, standing=st.sampled_from(Standing), person=PEOPLE),
    st.builds(e.FeeTaken, at=TIMES, name=NAMES, amount=st.sampled_from([0, 500, 9])),
    st.builds(e.Notified, at=TIMES, how=st.sampled_from(e.Told)),
)
SORTS = st.lists(EVENTS, max_size=14)


@settings(max_examples=300, deadline=None)
@given(SORTS, st.integers(0, 2**32), st.booleans())
def test_order_and_repetition_change_nothing(
    events: list[e.Event], seed: int, carried: bool
) -> None:
    shuffle = random.Random(seed)
    opening: e.Event = opened(promised=promised("sketch", "2026-03-09"), carried=carried)
    first = fold([opening, *events], default())
    again = [opening, *events, *shuffle.choices([opening, *events], k=5)]
    shuffle.shuffle(again)
    assert fold(again, default()) == first
    assert fold([e.decode(e.encode(event)) for event in again], default()) == first


@settings(max_examples=300, deadline=None)
@given(SORTS)
def test_whatever_happens_somebody_answers_and_the_order_of_steps_holds(
    events: list[e.Event],
) -> None:
    found = state(*events, promised=promised("sketch", "2026-03-09"))
    assert found.person
    assert all(step.person for step in found.steps)
    ends = {step.code: step.ended_at for step in found.steps if step.phase is StepPhase.DONE}
    for step in STEPS:
        if step.code in ends and step.stage is not Stage.NOTICE:
            assert all(code in ends and ends[code] <= ends[step.code] for code in step.after)
    for run in found.runs:
        assert run.ended is None or run.ended >= run.start
    effective = [event for event in events if verdict(found, event) is None]
    once = fold([opened(promised=promised("sketch", "2026-03-09")), *effective], default())
    assert isinstance(once, CaseState)
    assert replace(once, refused=None) == replace(found, refused=None)


def test_events_are_written_and_read_alike() -> None:
    for event in [opened(), *whole(), ask(), give("accept", "2026-03-04", "id")]:
        assert e.decode(e.encode(event)) == event
    with pytest.raises(msgspec.DecodeError):
        e.decode(b'{"kind":"opened"}')
    assert isinstance(opened().plan, Plan)
