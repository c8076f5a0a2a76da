"""A case's events into its state. Pure, and of the set of events alone: neither the order in which
they arrive nor a repetition changes anything.

Events take effect by their own time; one that needs another (a step before those in `after`) is
held until that one has taken effect, since the clocks of two departments need not agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fleet.handling import events as e
from fleet.handling import paperrules, steprules
from fleet.handling.draft import Draft, begin
from fleet.handling.events import Event, Opened, encode, event_id
from fleet.handling.outcome import outcome
from fleet.handling.plan import fault
from fleet.handling.states import CaseState, Refusal
from kiosk.services.calendar import Calendar

RULES: dict[type, Callable[[Draft, Any], Refusal | None]] = {
    e.StepEnded: steprules.step_ended,
    e.Decided: steprules.decided,
    e.Assigned: steprules.assigned,
    e.FeeTaken: steprules.fee_taken,
    e.Notified: steprules.notified,
    e.Asked: paperrules.asked,
    e.Supplemented: paperrules.supplemented,
    e.CorrectionLapsed: paperrules.correction_lapsed,
    e.PromiseLapsed: paperrules.promise_lapsed,
    e.Paused: paperrules.paused,
    e.Resumed: paperrules.resumed,
}


def fold(events: Iterable[Event], calendar: Calendar) -> CaseState | Refusal:
    """`NOT_OPENED` without an opening, `MALFORMED` with a plan that cannot be carried out."""
    openings, by_id = [], {}
    for event in events:
        if isinstance(event, Opened):
            openings.append(event)
        else:
            by_id[event_id(event)] = event
    if not openings:
        return Refusal.NOT_OPENED
    opening = min(openings, key=lambda one: (one.at, encode(one)))
    if fault(opening.plan) is not None:
        return Refusal.MALFORMED
    draft = begin(opening, calendar)
    waiting: dict[str, Event] = {}
    refused: dict[str, Refusal] = {}
    for name in sorted(by_id, key=lambda name: (by_id[name].at, name)):
        waiting[name] = by_id[name]
        _settle(draft, waiting, refused)
    last = Refusal.EARLY if draft.ended_at is None else Refusal.CASE_ENDED
    return outcome(draft, refused | dict.fromkeys(waiting, last))


def verdict(state: CaseState | Refusal, event: Event) -> Refusal | None:
    """What became of `event` in a state that was folded with it; None: it took effect."""
    if isinstance(state, Refusal):
        return state
    return (state.refused or {}).get(event_id(event))


def _settle(draft: Draft, waiting: dict[str, Event], refused: dict[str, Refusal]) -> None:
    """Whatever can take effect now does, the earliest first, until nothing more can."""
    moved = True
    while moved:
        moved = False
        for name, event in list(waiting.items()):
            why = RULES[type(event)](draft, event)
            if why is Refusal.EARLY:
                continue
            del waiting[name]
            if why is None:
                moved = True
                break
            refused[name] = why
