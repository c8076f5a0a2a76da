"""Answers to the table's questions: pure functions of a visit, called after its data is updated."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.services.materials import Source
from kiosk.session.errand import Purpose
from kiosk.session.routes_around import AROUND, after_supplement, without_service
from kiosk.session.routes_ending import ENDING
from kiosk.session.visit import Errand, Visit
from kiosk.view import State


def chosen(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else State.GUIDE


def before_services(visit: Visit) -> State:
    """From a shelf or what was found to all shelves."""
    return State.ATTRACT if visit.browsed else State.SERVICES


def after_identity(visit: Visit) -> State:
    """What is still missing of whom: a card, consent to the camera, a face or another way."""
    if visit.around.purpose is not Purpose.APPLY:
        return without_service(visit)
    missing = visit.missing
    if missing is None:
        return State.QUESTION if visit.fields else after_questions(visit)
    _role, known = missing
    if not known:
        return State.CARD
    person = visit.subject
    if person.no_face or person.consent is False:
        return State.WAYS
    return State.FACE if person.consent else State.CONSENT


def after_card(visit: Visit) -> State:
    if visit.problem:
        return State.PROBLEM
    return after_identity(visit) if visit.errand is Errand.SERVICE else State.PIN


def before_card_of(visit: Visit) -> State:
    """Whose own card it is: where it was asked for."""
    if visit.around.purpose is Purpose.APPLY:
        return State.GUIDE
    return State.CASE if visit.vault.stories else State.CASES


def before_card(visit: Visit) -> State:
    served = before_card_of(visit)
    return {Errand.SIGN_IN: State.ATTRACT, Errand.WITNESS: State.WAYS}.get(visit.errand, served)


def leaving(visit: Visit) -> State:
    """Nobody thanks staff for leaving."""
    return State.THANKS if visit.item else State.ATTRACT


def after_face(visit: Visit) -> State:
    return State.PROBLEM if visit.problem else after_identity(visit)


def way(visit: Visit) -> State:
    """`WayChosen` has left its mark on the visit."""
    if visit.ticket:
        return State.TICKET
    if visit.pin:
        return State.PIN
    if visit.errand is Errand.WITNESS:
        return State.WITNESS if visit.witness else State.CARD
    return after_identity(visit)


def after_secret(visit: Visit) -> State:
    if visit.pin:
        return State.PIN
    if visit.errand is Errand.WITNESS:
        return State.WITNESS
    if visit.staff:
        return State.STAFF
    return after_identity(visit) if visit.item else State.SERVICES


def before_pin(visit: Visit) -> State:
    return State.WAYS if visit.item else State.ATTRACT


def after_answer(visit: Visit) -> State:
    asking = visit.error or visit.row is not None or visit.asking < len(visit.fields)
    return State.QUESTION if asking else after_questions(visit)


def before_question(visit: Visit) -> State:
    """`asking` has been moved back by one; before the first question is the guide."""
    if visit.asking >= len(visit.fields):
        return after_questions(visit)
    return State.QUESTION if visit.asking >= 0 else State.GUIDE


def after_questions(visit: Visit) -> State:
    """What the card gives already is not asked for."""
    return State.MATERIALS if visit.missing_materials else State.CHECK


def before_materials(visit: Visit) -> State:
    """From a single material, or from what is missing, to the list of all."""
    if visit.around.purpose is Purpose.ENQUIRE:  # nothing is handed in after all
        return State.CASE
    if visit.asking >= len(visit.fields):
        return State.MATERIALS
    return State.QUESTION if visit.asking >= 0 else State.GUIDE


def after_material_way(visit: Visit) -> State:
    if not visit.gathering.way:
        return State.MATERIALS
    return State.SCAN if visit.gathering.way is Source.SCAN else State.COMMITMENT


def after_page(visit: Visit) -> State:
    return State.SCAN if visit.gathering.way else State.MATERIALS


def after_materials(visit: Visit) -> State:
    """What is missing is told on the page itself."""
    if visit.around.supplement is not None:
        return after_supplement(visit, State.CHECK)
    return after_questions(visit)


def before_check(visit: Visit) -> State:
    if visit.gathers or visit.around.supplement is not None:
        return State.MATERIALS
    return State.QUESTION if visit.fields else State.GUIDE


def after_change(visit: Visit) -> State:
    return State.MATERIALS if visit.gathering.open else State.QUESTION


def after_check(visit: Visit) -> State:
    assert visit.item is not None
    if visit.around.supplement is not None:
        return after_supplement(visit, State.SUBMITTING)
    if visit.missing_materials:
        return State.MATERIALS
    return State.SIGN if visit.item.signature else after_agreeing(visit)


def after_signing(visit: Visit) -> State:
    return State.SIGN if visit.error else after_agreeing(visit)


def after_agreeing(visit: Visit) -> State:
    return State.PAYMENT if visit.bills else State.SUBMITTING


def problem_over(visit: Visit) -> State:
    """Who is slow at being identified is not thrown out, but led on."""
    return State.WAYS if visit.problem and visit.problem.other_ways else State.ATTRACT


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
        before_services,
        after_identity,
        after_card,
        before_card,
        leaving,
        after_face,
        way,
        after_secret,
        before_pin,
        after_answer,
        before_question,
        before_materials,
        after_material_way,
        after_page,
        after_materials,
        before_check,
        after_change,
        after_check,
        after_signing,
        after_agreeing,
        problem_over,
        way_out,
        restored,
        resumed,
        *AROUND,
        *ENDING,
    )
}
