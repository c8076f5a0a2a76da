"""What a row may hold, and the rows that many pages share."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import events as e
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
Row = dict[type[e.Event], Target]

TO_ANSWERS = (State.QUESTION, State.MATERIALS, State.CHECK)
IDENTITY = (
    State.CARD, State.CONSENT, State.FACE, State.WAYS, State.LOOKUP, State.COLLECTING,
    *TO_ANSWERS,
)  # fmt: skip
IDENTITY_NEXT = Choice("after_identity", IDENTITY)
BEFORE_IDENTITY = Choice("before_identity", (State.GUIDE, State.CASE))
CHOSEN = Choice("chosen", (State.GUIDE, State.PROBLEM))
LEAVE: Row = {e.Left: State.THANKS, e.WaitedTooLong: State.STILL_THERE}
BROWSE: Row = {e.Left: State.ATTRACT, e.WaitedTooLong: State.STILL_THERE}
SWAPPED: Row = {e.CardSwapped: State.PROBLEM}
# Beside every service: what has become of a case, and whom to complain to.
AROUND: Row = {
    e.EnquiryOpened: State.CASES,
    e.ComplaintOpened: State.HOTLINE,
    e.InformationOpened: State.INFORMATION,
}
PART: Row = {
    e.Left: Choice("parting", (State.THANKS, State.ATTRACT)),
    e.WaitedTooLong: State.STILL_THERE,
}
PRINTING: Row = {e.PaperProgressed: SAME, e.PrintingEnded: SAME}
