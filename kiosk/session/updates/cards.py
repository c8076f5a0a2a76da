"""Cards: whose one is, and whether it may be his or hers."""

from __future__ import annotations

from kiosk import events as e
from kiosk.identity.dates import is_adult
from kiosk.model import (
    CARD_ACTIONS,
    CardFault,
    IdCard,
    StaffRole,
)
from kiosk.session.clock import today
from kiosk.session.terminal import Terminal
from kiosk.session.updates.answers import prefill
from kiosk.session.vault import Person, Role
from kiosk.session.visit import Errand, PinEntry, Problem, Visit
from kiosk.session.ways import still_possible
from kiosk.view import State

# After these, trying the same again would fail the same way.
_NOT_AGAIN = {CardFault.EXPIRED, CardFault.NO_READER, CardFault.BAD_NUMBER, CardFault.NOT_STAFF}


def card_found(_terminal: Terminal, visit: Visit, _event: e.CardFound) -> None:
    visit.card_found = True


def card_read(terminal: Terminal, visit: Visit, event: e.CardRead) -> None:
    """A good card; but is it the one that is needed?"""
    visit.problem = None
    card, role = event.card, visit.turn
    fault = _unfit(terminal, visit, role, card)
    if fault is not None:
        card_failed(terminal, visit, e.CardFailed(fault))
        return
    person = Person(card, no_face=_no_face(terminal, card), comparable=_comparable(terminal, card))
    visit.vault.people[role] = person
    if role is Role.APPLICANT:
        prefill(visit, card)
    if visit.errand is not Errand.SERVICE:
        visit.pin = PinEntry("staff")
    if visit.errand is Errand.WITNESS:
        visit.witness = terminal.roster.find(card.number)
    data = {"role": role, "card_type": card.card_type.name.lower(), "outcome": "read"}
    terminal.journal.append("identity.card", data, visit.id)


def card_failed(terminal: Terminal, visit: Visit, event: e.CardFailed) -> None:
    fault = event.fault
    way_out, target = "again", State.CARD
    if fault in _NOT_AGAIN:
        served = visit.errand is Errand.SERVICE
        way_out, target = ("services", State.SERVICES) if served else ("end", State.ATTRACT)
        if visit.errand is Errand.WITNESS:
            way_out, target = "other_ways", State.WAYS
    visit.problem = Problem(f"card.{fault}", way_out, target)
    if fault is CardFault.EXPIRED:
        visit.problem.still = still_possible(terminal)
    data = {
        "role": visit.turn,
        "card_type": "",
        "outcome": str(fault),
        "action": str(CARD_ACTIONS.get(fault, "")),
    }
    terminal.journal.append("identity.card", data, visit.id)


def card_swapped(terminal: Terminal, visit: Visit, _event: e.CardSwapped) -> None:
    """Who goes on here may be somebody else: the visit ends."""
    visit.problem = Problem("card.swapped", "end", State.ATTRACT)
    visit.outcome = "card_swapped"
    data = {"role": "", "card_type": "", "outcome": "swapped", "action": ""}
    terminal.journal.append("identity.card", data, visit.id)


def _unfit(terminal: Terminal, visit: Visit, role: Role, card: IdCard) -> CardFault | None:
    """The first reason why this card can't be that of `role`."""
    numbers = {who: person.card.number for who, person in visit.vault.people.items()}
    helper = numbers.pop(Role.HELPER, None)
    member = terminal.roster.find(card.number) if role in (Role.HELPER, Role.STAFF) else None
    if role is Role.STAFF:
        return None if member else CardFault.NOT_STAFF
    if role is Role.HELPER:
        if member is None or member.role is not StaffRole.HELPER:
            return CardFault.NOT_STAFF
        return CardFault.SAME_PERSON if card.number in numbers.values() else None
    if card.number == helper:
        return CardFault.HELPER_CARD
    if card.number in numbers.values():
        return CardFault.SAME_PERSON
    young = role is Role.GUARDIAN and not is_adult(card.birth, today())
    return CardFault.TOO_YOUNG if young else None


def _comparable(terminal: Terminal, card: IdCard) -> bool:
    return bool(card.photo) and terminal.devices.camera.matching


def _no_face(terminal: Terminal, card: IdCard) -> str:
    """A face that nothing compares is asked for in demonstrations only: see docs/privacy.md."""
    if not terminal.condition.usable("camera"):
        return "no_camera"
    if terminal.place.demonstration:
        return ""
    if not terminal.devices.camera.matching:
        return "no_model"
    return "" if card.photo else "no_portrait"
