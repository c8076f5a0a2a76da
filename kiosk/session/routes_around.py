"""Answers to the table's questions about cases, their results and complaints."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.session.complaint import fields
from kiosk.session.errand import Purpose
from kiosk.session.routes_appointment import APPOINTMENTS
from kiosk.session.routes_practice import PRACTICE
from kiosk.session.updates.enquiring import shown
from kiosk.session.visit import Visit
from kiosk.view import State


def after_number(visit: Visit) -> State:
    """A code or number that is none is told on the page it came from."""
    return visit.page if visit.around.enquiry.error else State.LOOKUP


def after_card_wanted(visit: Visit) -> State:
    return State.LOOKUP if visit.card is not None else State.CARD


def after_lookup(visit: Visit) -> State:
    if visit.around.enquiry.error:
        return State.CASES
    return State.CASE if shown(visit) is not None else State.CASE_LIST


def before_case(visit: Visit) -> State:
    return State.CASE_LIST if len(visit.vault.stories) > 1 else State.CASES


def after_collect_wanted(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else without_service(visit)


def after_result(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.PAPERS


def after_supplement_wanted(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.MATERIALS


def after_supplement(visit: Visit, on: State) -> State:
    """Something of it has to be there."""
    return on if visit.given else State.MATERIALS


def without_service(visit: Visit) -> State:
    """Everybody is known who has to be, and nothing is applied for."""
    if visit.around.purpose is not Purpose.COLLECT:
        return State.LOOKUP
    missing = visit.missing
    if missing is None:
        return State.COLLECTING
    _role, known = missing
    if not known:
        return State.CARD
    person = visit.subject
    if person.no_face or person.consent is False:
        return State.WAYS
    return State.FACE if person.consent else State.CONSENT


def before_identity(visit: Visit) -> State:
    return State.CASE if visit.around.purpose is Purpose.COLLECT else State.GUIDE


def parting(visit: Visit) -> State:
    """Who has put down a card is told to take it."""
    return State.THANKS if visit.card is not None else State.ATTRACT


def before_hotline(visit: Visit) -> State:
    return State.CASE if shown(visit) is not None else State.SERVICES


def after_complaint(visit: Visit) -> State:
    asked = visit.around.complaint.asking >= len(fields())
    return State.COMPLAINT_CHECK if asked else State.COMPLAINT


def before_complaint(visit: Visit) -> State:
    return State.HOTLINE if visit.around.complaint.asking < 0 else after_complaint(visit)


def lodged(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.LODGED


def rateable(visit: Visit) -> bool:
    """A case is rated once, when it has ended; whoever has just applied has not yet."""
    if visit.around.supplement is not None:
        return False
    story = shown(visit)
    return story is None or not story.rated


def slip_collected(visit: Visit) -> State:
    """Who took a blank form goes on with the service, who took an article goes on reading."""
    if not visit.around.slip:
        return State.GUIDE if visit.item else State.ARTICLE
    return State.THANKS if visit.printed else State.SLIP


def slip_left(visit: Visit) -> State:
    return State.STILL_THERE if visit.printed else State.SLIP


def before_information(visit: Visit) -> State:
    """From one shelf to all."""
    reading = visit.around.purpose is Purpose.READ
    return State.INFORMATION if reading else State.SERVICES


def after_article_chosen(visit: Visit) -> State:
    return State.ARTICLE if visit.around.reading.article else State.INFORMATION


AROUND: tuple[Callable[[Visit], State], ...] = (
    after_number,
    after_card_wanted,
    after_lookup,
    before_case,
    after_collect_wanted,
    after_supplement_wanted,
    after_result,
    before_identity,
    parting,
    before_hotline,
    after_complaint,
    before_complaint,
    lodged,
    slip_collected,
    slip_left,
    *APPOINTMENTS,
    *PRACTICE,
    before_information,
    after_article_chosen,
)
