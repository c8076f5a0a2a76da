"""Pages that any visit may come to."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.states.rows import SAME, Choice, Row
from kiosk.view import State

STANDING: dict[State, Row] = {
    State.THANKS: {
        e.AnotherWanted: State.SERVICES,
        e.NextCitizen: State.SERVICES,
        e.CountdownEnded: State.ATTRACT,
        e.Left: State.ATTRACT,
        e.Touched: State.ATTRACT,
    },
    State.PROBLEM: {
        e.WayOutTaken: Choice("way_out", tuple(State)),
        e.OtherWaysAsked: State.WAYS,
        e.CountdownEnded: Choice("problem_over", (State.ATTRACT, State.WAYS)),
        e.Left: State.ATTRACT,
    },
    State.STILL_THERE: {
        e.StillHere: Choice("resumed", tuple(State)),
        e.CountdownEnded: State.ATTRACT,
        e.Left: State.ATTRACT,
    },
    State.STAFF: {
        e.StaffActed: State.STAFF,
        e.StaffTold: SAME,
        e.ServicesChanged: SAME,
        e.Left: State.ATTRACT,
        e.WaitedTooLong: State.STILL_THERE,
    },
    State.OUT_OF_SERVICE: {
        e.ServiceRestored: Choice("restored", (State.ATTRACT, State.PROBLEM)),
        e.StaffEntered: State.CARD,
        e.ServicesChanged: SAME,
    },
}  # fmt: skip
