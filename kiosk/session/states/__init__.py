"""The table of a visit.

Two rules:
1. A pair (state, event) that the table does not hold is not allowed: `target` raises. The engine
   drops such an event when it comes from a screen that is no longer shown.
2. A `Choice` names the question that decides (answered in `routes`) and every state that may be the
   answer; an answer outside is a defect.

`SAME` keeps the state and only makes a new view.
"""

from __future__ import annotations

from kiosk import events as e
from kiosk.errors import TransitionError
from kiosk.session.states.errands import ERRANDS
from kiosk.session.states.rows import SAME, Choice, Row, Same, Target
from kiosk.session.states.service import SERVICE
from kiosk.session.states.standing import STANDING
from kiosk.view import State

__all__ = ["EVERYWHERE", "SAME", "TABLE", "Choice", "Same", "Target", "target"]
TABLE: dict[State, Row] = {**SERVICE, **ERRANDS, **STANDING}

# Known everywhere, and never a change of state.
EVERYWHERE: tuple[type[e.Event], ...] = (e.LanguageChosen,)


def target(state: State, event: type[e.Event]) -> Target:
    """Where `event` leads from `state`; `TransitionError` names both when the table has no row."""
    row = TABLE[state]
    if event in row:
        return row[event]
    if event in EVERYWHERE:
        return SAME
    raise TransitionError(f"{state} does not know {event.__name__}")
