"""The table of a visit.

Two rules:
1. A pair (state, event) that the table does not hold is not allowed: `next_state` raises. The
   engine drops such an event when it comes from a screen that is no longer shown.
2. A `Choice` names the question that decides (answered in `routes`) and every state that may be the
   answer; an answer outside is a defect.

`SAME` keeps the state and only makes a new view.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import events as e
from kiosk.errors import TransitionError
from kiosk.view import State


@dataclass(frozen=True, slots=True)
class Choice:
    """`question` is the name of a function in `routes`."""

    question: str
    targets: tuple[State, ...]


class Same:
    """Stay where we are."""


SAME = Same()
Target = State | Choice | Same

_IDENTITY_NEXT = Choice("after_identity", (State.CARD, State.CONSENT, State.QUESTION, State.CHECK))
_LEAVE = {e.Left: State.THANKS, e.WaitedTooLong: State.STILL_THERE}
_BROWSE = {e.Left: State.ATTRACT, e.WaitedTooLong: State.STILL_THERE}

TABLE: dict[State, dict[type[e.Event], Target]] = {
    State.ATTRACT: {
        e.Touched: State.SERVICES,
        e.ServiceChosen: Choice("chosen", (State.GUIDE, State.PROBLEM)),
        e.ServiceLost: State.OUT_OF_SERVICE,
        e.ServicesChanged: SAME,
    },
    State.SERVICES: {
        e.ServiceChosen: Choice("chosen", (State.GUIDE, State.PROBLEM)),
        e.WentBack: State.ATTRACT,
        e.ServicesChanged: SAME,
        **_BROWSE,
    },
    State.GUIDE: {
        e.GuideAccepted: _IDENTITY_NEXT,
        e.WentBack: State.SERVICES,
        **_BROWSE,
    },
    State.CARD: {
        e.CardFound: SAME,
        e.CardRead: _IDENTITY_NEXT,
        e.CardFailed: State.PROBLEM,
        e.WentBack: State.GUIDE,
        **_LEAVE,
    },
    State.CONSENT: {
        e.ConsentGiven: State.FACE,
        e.ConsentRefused: _IDENTITY_NEXT,
        e.WentBack: State.GUIDE,
        **_LEAVE,
    },
    State.FACE: {
        e.FaceHinted: SAME,
        e.FaceCaptured: _IDENTITY_NEXT,
        e.FaceFailed: State.PROBLEM,
        e.ConsentRefused: _IDENTITY_NEXT,
        **_LEAVE,
    },
    State.QUESTION: {
        e.Answered: Choice("after_answer", (State.QUESTION, State.CHECK)),
        e.WentBack: Choice("before_question", (State.QUESTION, State.GUIDE, State.CHECK)),
        **_LEAVE,
    },
    State.CHECK: {
        e.ChangeAsked: State.QUESTION,
        e.AnswersConfirmed: State.SUBMITTING,
        e.WentBack: Choice("before_check", (State.QUESTION, State.GUIDE)),
        **_LEAVE,
    },
    State.SUBMITTING: {
        e.SubmissionProgressed: SAME,
        e.SubmissionEnded: State.PAPERS,
        e.SubmissionFailed: State.PROBLEM,
    },
    State.PAPERS: {
        e.PaperProgressed: SAME,
        e.PrintingEnded: SAME,
        e.PapersCollected: Choice("papers_collected", (State.PAPERS, State.RATING)),
        e.WaitedTooLong: Choice("papers_left", (State.PAPERS, State.STILL_THERE)),
    },
    State.RATING: {
        e.Rated: State.THANKS,
        e.RatingSkipped: State.THANKS,
        e.CountdownEnded: State.THANKS,
        e.Left: State.THANKS,
    },
    State.THANKS: {
        e.CountdownEnded: State.ATTRACT,
        e.Left: State.ATTRACT,
        e.Touched: State.ATTRACT,
    },
    State.PROBLEM: {
        e.WayOutTaken: Choice("way_out", tuple(State)),
        e.CountdownEnded: State.ATTRACT,
        e.Left: State.ATTRACT,
    },
    State.STILL_THERE: {
        e.StillHere: Choice("resumed", tuple(State)),
        e.CountdownEnded: State.ATTRACT,
        e.Left: State.ATTRACT,
    },
    State.OUT_OF_SERVICE: {
        e.ServiceRestored: Choice("restored", (State.ATTRACT, State.PROBLEM)),
        e.ServicesChanged: SAME,
    },
}

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
