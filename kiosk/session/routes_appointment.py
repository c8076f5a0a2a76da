"""Answers to the table's questions about an appointment."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.session.visit import Visit
from kiosk.view import State


def after_places(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.APPOINTMENT_PLACE


def after_place(visit: Visit) -> State:
    chosen = visit.around.changing.question == ""
    return State.APPOINTMENT_ASK if chosen else State.APPOINTMENT_PLACE


def before_place(visit: Visit) -> State:
    return State.APPOINTMENT_PLACE if visit.around.changing.asking >= 0 else State.APPOINTMENT


def after_agreed(visit: Visit) -> State:
    return State.APPOINTMENT_ACT if visit.around.changing.agreed else State.APPOINTMENT_ASK


def after_appointment(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.SLIP


APPOINTMENTS: tuple[Callable[[Visit], State], ...] = (
    after_places,
    after_place,
    before_place,
    after_agreed,
    after_appointment,
)
