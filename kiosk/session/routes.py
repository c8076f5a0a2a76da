"""Answers to the table's questions: pure functions of a visit, called after its data is updated."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.services.item import Assurance
from kiosk.session.visit import FaceStanding, Visit
from kiosk.view import State


def chosen(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.GUIDE


def after_identity(visit: Visit) -> State:
    """The first thing still missing: card, then face, then answers. Asked once per visit."""
    assert visit.item is not None
    if visit.item.assurance is not Assurance.NONE and visit.card is None:
        return State.CARD
    if visit.item.assurance is Assurance.CARD_FACE and visit.face is FaceStanding.NOT_ASKED:
        return State.CONSENT
    return State.QUESTION if visit.fields else State.CHECK


def after_answer(visit: Visit) -> State:
    return State.QUESTION if visit.error or visit.asking < len(visit.fields) else State.CHECK


def before_question(visit: Visit) -> State:
    """`asking` has been moved back by one; before the first question is the guide."""
    if visit.asking >= len(visit.fields):
        return State.CHECK
    return State.QUESTION if visit.asking >= 0 else State.GUIDE


def before_check(visit: Visit) -> State:
    return State.QUESTION if visit.fields else State.GUIDE


def papers_collected(visit: Visit) -> State:
    return State.RATING if visit.printed else State.PAPERS


def papers_left(visit: Visit) -> State:
    """Nobody is asked "are you there?" while paper still moves."""
    return State.STILL_THERE if visit.printed else State.PAPERS


def way_out(visit: Visit) -> State:
    return visit.problem.target if visit.problem else State.ATTRACT


def restored(visit: Visit) -> State:
    """A visit that a crash cut off is explained first."""
    return State.PROBLEM if visit.problem else State.ATTRACT


def resumed(visit: Visit) -> State:
    return visit.resume


QUESTIONS: dict[str, Callable[[Visit], State]] = {
    function.__name__: function
    for function in (
        chosen,
        after_identity,
        after_answer,
        before_question,
        before_check,
        papers_collected,
        papers_left,
        way_out,
        restored,
        resumed,
    )
}
