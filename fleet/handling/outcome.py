"""A draft, once all its events are taken, as the frozen state that everybody reads."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.handling.clock import Run
from fleet.handling.draft import Draft
from fleet.handling.plan import PlanStep
from fleet.handling.states import CaseState, Phase, Refusal, StepPhase, StepState
from kiosk.services.item import Stage

ORDER = tuple(Stage)


def outcome(draft: Draft, refused: Mapping[str, Refusal]) -> CaseState:
    steps = tuple(_step(draft, step) for step in draft.plan.steps)
    codes = (step.code for step in steps)
    return CaseState(
        plan=draft.plan,
        phase=_phase(draft, steps),
        person=draft.person,
        steps=steps,
        opened_at=draft.opened_at,
        accepted_at=draft.accepted_at,
        ended_at=draft.ended_at,
        notified_at=draft.notified_at,
        reason=draft.reason,
        notices=tuple(draft.notices[code] for code in codes if code in draft.notices),
        promised=tuple(draft.promised.values()),
        fees=tuple(sorted(draft.fees.values(), key=lambda fee: (fee.at, fee.name))),
        runs=_runs(draft),
        refused=refused,
    )


def _step(draft: Draft, step: PlanStep) -> StepState:
    ready, ended = draft.ready_at(step), draft.ends.get(step.code)
    notice = draft.notices.get(step.code)
    phase = StepPhase.WAITING if ready is None else StepPhase.READY
    if ended is not None:
        phase = StepPhase.DONE
    elif step.code == draft.refused_step:
        phase, ended = StepPhase.REFUSED, draft.ended_at
    elif notice is not None and notice.open:
        phase = StepPhase.CORRECTION
    return StepState(step.code, step.stage, phase, draft.persons[step.code], ready, ended)


def _phase(draft: Draft, steps: tuple[StepState, ...]) -> Phase:
    if draft.rejected is not None:
        return draft.rejected
    if draft.ended_at is not None:
        return Phase.COMPLETION if draft.notified_at is None else Phase.NOTICE
    if any(notice.open for notice in draft.notices.values()):
        return Phase.CORRECTION
    ready = [step.stage for step in steps if step.phase is StepPhase.READY]
    return Phase(min(ready, key=ORDER.index).value)


def _runs(draft: Draft) -> tuple[Run, ...]:
    """The clock starts afresh when an application that was not complete becomes so."""
    start = draft.accepted_at if draft.plan.carried else draft.opened_at
    if start is None:
        return ()
    notices = draft.notices.values()
    asked = [(notice.asked_at, notice.answered_at or notice.lapsed_at) for notice in notices]
    pauses = tuple(sorted([*asked, *draft.pauses.values()], key=lambda span: span[0]))
    first = {step.code for step in draft.acceptance}
    restarts = sorted(
        notice.answered_at
        for notice in notices
        if notice.answered_at and notice.step in first and not draft.plan.carried
    )
    spans = zip([start, *restarts], [*restarts, draft.ended_at], strict=True)
    return tuple(Run(begin, end, pauses) for begin, end in spans)
