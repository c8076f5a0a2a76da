"""Answers to the table's questions about a visit that is practised."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.services.practice import exercise
from kiosk.session.errand import TOLD
from kiosk.session.visit import Visit
from kiosk.view import State


def after_told(visit: Visit) -> State:
    return State.PRACTICE if visit.around.practice.told < len(TOLD) else State.PRACTICE_QUESTION


def before_told(visit: Visit) -> State:
    return State.PRACTICE if visit.around.practice.told >= 0 else State.ATTRACT


def after_tried(visit: Visit) -> State:
    asked = visit.around.practice.asking >= len(exercise().fields)
    return State.PRACTICE_CHECK if asked else State.PRACTICE_QUESTION


def before_tried(visit: Visit) -> State:
    told = visit.around.practice.told < len(TOLD)
    return State.PRACTICE if told else after_tried(visit)


PRACTICE: tuple[Callable[[Visit], State], ...] = (
    after_told,
    before_told,
    after_tried,
    before_tried,
)
