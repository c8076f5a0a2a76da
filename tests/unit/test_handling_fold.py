"""A case's events into its state: steps in their order, and who answers for them."""

from __future__ import annotations

from typing import Any

from fleet.handling import events as e
from fleet.handling.fold import fold, verdict
from fleet.handling.states import CaseState, Phase, Refusal, StepPhase
from fleet.platform.contract import Standing
from handlingwork import STEPS, at, done, opened, whole
from kiosk.services.calendar import default


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


# ---- Steps -----------------------------------------------------------------------------------


def test_every_stage_is_reached_in_turn() -> None:
    events = whole()
    phases = [state(*events[:i]).phase for i in range(len(events) + 1)]
    assert phases == [
        Phase.ACCEPTANCE, Phase.HANDLING, Phase.HANDLING, Phase.APPROVAL, Phase.COMPLETION,
        Phase.COMPLETION, Phase.NOTICE,
    ]  # fmt: skip
    assert state(*events[:1], events[2]).phase is Phase.REVIEW
    assert state(*events[:4]).ended_at is None
    assert state(*events[:5]).ended_at == at("2026-03-03", "13:00")


def test_departments_work_side_by_side_and_the_next_waits_for_both() -> None:
    found = state(done("accept", "2026-03-03"))
    assert (steps(found)["police"], steps(found)["health"]) == (StepPhase.READY, StepPhase.READY)
    assert steps(found)["approve"] is StepPhase.WAITING
    found = state(done("accept", "2026-03-03"), done("police", "2026-03-04"))
    assert steps(found)["approve"] is StepPhase.WAITING
    found = state(
        done("accept", "2026-03-03"), done("police", "2026-03-04"), done("health", "2026-03-05")
    )
    assert found.steps[3].phase is StepPhase.READY
    assert found.steps[3].started_at == at("2026-03-05")


def test_no_step_ends_before_those_that_it_waits_for() -> None:
    early = done("approve", "2026-03-04")
    found = state(done("accept", "2026-03-03"), early)
    assert steps(found)["approve"] is StepPhase.WAITING
    assert verdict(found, early) is Refusal.EARLY
    late = [done("police", "2026-03-05"), done("health", "2026-03-06")]
    found = state(done("accept", "2026-03-03"), early, *late)
    assert verdict(found, early) is None
    assert found.steps[3].ended_at == at("2026-03-06")  # not before the last of them


def test_who_accepts_first_answers_for_the_case() -> None:
    assert state().person == "首问岗"
    assert {step.person for step in state().steps} == {step.person for step in STEPS}
    found = state(done("accept", "2026-03-03", "李受理"))
    assert (found.person, found.steps[0].person) == ("李受理", "李受理")
    moved = e.Assigned(at=at("2026-03-04"), person="王接手")
    assert state(done("accept", "2026-03-03", "李受理"), moved).person == "王接手"
    moved = e.Assigned(at=at("2026-03-04"), person="赵公安", step="police")
    assert state(moved).steps[1].person == "赵公安"


def test_a_refused_step_ends_the_case() -> None:
    no = e.StepEnded(at=at("2026-03-03"), step="accept", person="李", refused=True)
    assert state(no).phase is Phase.NOT_ACCEPTED
    no = e.StepEnded(at=at("2026-03-04"), step="police", person="李", refused=True)
    found = state(done("accept", "2026-03-03"), no, done("health", "2026-03-05"))
    assert (found.phase, found.ended_at) == (Phase.REFUSED, at("2026-03-04"))
    assert steps(found)["police"] is StepPhase.REFUSED
    assert verdict(found, done("health", "2026-03-05")) is Refusal.CASE_ENDED
    told = done("tell", "2026-03-06")
    assert state(done("accept", "2026-03-03"), no, told).notified_at == at("2026-03-06")


def test_a_platform_that_decides_in_one_go() -> None:
    decided = {"at": at("2026-03-02", "10:01"), "person": "平台"}
    yes = state(e.Decided(standing=Standing.APPROVED, **decided))
    assert (yes.phase, steps(yes)["tell"]) == (Phase.COMPLETION, StepPhase.READY)
    no = state(e.Decided(standing=Standing.REFUSED, reason="not_insured", **decided))
    assert (no.phase, no.reason) == (Phase.NOT_ACCEPTED, "not_insured")
    later = state(e.Decided(standing=Standing.PENDING, reason="review", **decided))
    assert (later.accepted_at, later.phase) == (at("2026-03-02", "10:01"), Phase.HANDLING)
    carried = state(e.Decided(standing=Standing.PENDING, reason="carried", **decided), carried=True)
    assert (carried.accepted_at, carried.runs) == (None, ())


def test_the_clock_of_a_carried_case_starts_when_it_is_accepted() -> None:
    found = state(done("accept", "2026-03-05"), carried=True)
    assert [run.start for run in found.runs] == [at("2026-03-05")]
