"""What the ends of steps, decisions and persons do to a case."""

from __future__ import annotations

from fleet.handling import events as e
from fleet.handling.draft import Draft
from fleet.handling.states import Fee, Refusal
from fleet.platform.contract import Reason, Standing
from kiosk.services.item import Stage

WORK = frozenset(Stage) - {Stage.NOTICE}


def step_ended(draft: Draft, event: e.StepEnded) -> Refusal | None:
    step = draft.startable(event.step)
    if isinstance(step, Refusal):
        return step
    notice = step.stage is Stage.NOTICE
    if notice and draft.ended_at is not None and draft.kept_back:
        return Refusal.WITHHELD
    draft.persons[step.code] = event.person
    if event.refused and not notice:
        draft.refused_step = step.code
        draft.reject(draft.effective(step, event.at), "refused")
    else:
        draft.done(step, event.at)
    return None


def decided(draft: Draft, event: e.Decided) -> Refusal | None:
    if draft.ended_at is not None:
        return Refusal.CASE_ENDED
    if event.standing is Standing.REFUSED:
        draft.person = event.person
        draft.reject(max(event.at, draft.opened_at), event.reason or "refused")
    elif event.standing is Standing.APPROVED:
        _finish(draft, WORK, event)
    elif event.reason != Reason.CARRIED:  # whoever promises a day has accepted it
        _finish(draft, frozenset({Stage.ACCEPTANCE}), event)
    return None


def _finish(draft: Draft, stages: frozenset[Stage], event: e.Decided) -> None:
    """End every open step of these stages, in an order that the graph allows."""
    moved = True
    while moved:
        moved = False
        for step in draft.plan.steps:
            unfinished = step.code not in draft.ends and step.stage in stages
            if unfinished and draft.ready_at(step) is not None:
                draft.persons[step.code] = event.person
                draft.done(step, event.at)
                moved = True


def assigned(draft: Draft, event: e.Assigned) -> Refusal | None:
    if not event.step:
        draft.person = event.person
        return None
    if event.step not in draft.persons:
        return Refusal.UNKNOWN_STEP
    if event.step in draft.ends:
        return Refusal.ALREADY_ENDED
    draft.persons[event.step] = event.person
    return None


def fee_taken(draft: Draft, event: e.FeeTaken) -> Refusal | None:
    if event.name in draft.fees:
        return Refusal.ALREADY_ENDED
    fees = draft.plan.fees
    listed = fees is None or event.amount in {0, *fees}
    draft.fees[event.name] = Fee(event.name, event.amount, event.at, listed)
    return None


def notified(draft: Draft, event: e.Notified) -> Refusal | None:
    if draft.ended_at is None:
        return Refusal.EARLY
    if draft.kept_back:
        return Refusal.WITHHELD
    if draft.notified_at is not None:
        return Refusal.ALREADY_ENDED
    draft.notified_at = max(event.at, draft.ended_at)
    return None
