"""Answers to the table's questions while money or paper moves: nobody is hurried then."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.session.bills import paid, running
from kiosk.session.routes_around import rateable
from kiosk.session.visit import Visit
from kiosk.view import State


def notice_collected(visit: Visit) -> State:
    return State.THANKS if visit.printed else State.NOTICE


def notice_left(visit: Visit) -> State:
    return State.STILL_THERE if visit.printed else State.NOTICE


def instead_of_paying(visit: Visit) -> State:
    return State.TICKET if visit.ticket else State.PAYMENT


def before_payment(visit: Visit) -> State:
    return State.PAYMENT if paid(visit.bills) else State.CHECK


def payment_given_up(visit: Visit) -> State:
    return State.PAYMENT if paid(visit.bills) else State.THANKS


def payment_left(visit: Visit) -> State:
    """Who pays looks at the phone, not at this screen: the code has a clock of its own."""
    busy = not visit.unable and (running(visit.bills) or paid(visit.bills))
    return State.PAYMENT if busy else State.STILL_THERE


def papers_collected(visit: Visit) -> State:
    if visit.printed and not rateable(visit):
        return State.THANKS
    return State.RATING if visit.printed else State.PAPERS


def papers_left(visit: Visit) -> State:
    """Nobody is asked "are you there?" while paper still moves."""
    return State.STILL_THERE if visit.printed else State.PAPERS


def ticket_collected(visit: Visit) -> State:
    return State.THANKS if visit.printed else State.TICKET


def ticket_left(visit: Visit) -> State:
    return State.STILL_THERE if visit.printed else State.TICKET


ENDING: tuple[Callable[[Visit], State], ...] = (
    notice_collected,
    notice_left,
    instead_of_paying,
    before_payment,
    payment_given_up,
    payment_left,
    papers_collected,
    papers_left,
    ticket_collected,
    ticket_left,
)
