"""The people of a case: can they be who they are said to be, and is each shown to be so?"""

from __future__ import annotations

import calendar
import unicodedata
from datetime import date

from fleet.platform import numbers
from kiosk.wire import CaseParty, CasePayload

ACCEPT, CARRY = "accept", "carry"
LONGEST_NAME = 64  # characters; an identity card holds at most 60
CHILD, ADULT = 14, 18  # years: younger than the one needs a guardian, who is at least the other
_PROOFS = ("face", "code", "pin", "witness")
_UNMATCHED = "captured_not_compared"
_WITH_HELPER = ("final", ACCEPT, CARRY)


def possible(case: CasePayload) -> bool:
    """Can every name and number be somebody's? A helper is known by their id alone."""
    people = [(case.applicant.name, case.applicant.number)]
    people += [(one.name, one.number) for one in case.parties if one.role != "helper"]
    return all(numbers.possible(number) and _nameable(name) for name, number in people)


def handled(case: CasePayload) -> bool:
    """Did the citizen act alone, or is it on record which helper acted, and how far they may go?

    Nobody helps in a case of their own.
    """
    if not case.handling:
        return True
    own = {case.applicant.number, *(one.number for one in case.parties if one.role != "helper")}
    helpers = [one for one in case.parties if one.role == "helper" and one.staff]
    return case.handling in _WITH_HELPER and any(one.number not in own for one in helpers)


def proven(proof: str, unmatched: bool) -> bool:
    """Was somebody shown to own their card, by their face or by what is worth as much?"""
    return proof in _PROOFS or (unmatched and proof == _UNMATCHED)


def guarded(case: CasePayload, today: date) -> bool:
    """Is a guardian there for an applicant who may not agree to such a check alone?"""
    if not _younger(case.applicant.number, CHILD, today):
        return True
    guardians = _others(case, "guardian")
    return any(not _younger(one.number, ADULT, today) for one in guardians)


def second(case: CasePayload, unmatched: bool) -> bool:
    """Is another person there, shown to be the owner of a card of their own?"""
    return any(proven(one.proof, unmatched) for one in _others(case, "second"))


def _others(case: CasePayload, role: str) -> list[CaseParty]:
    """Those of a role who are not the applicant."""
    own = case.applicant.number
    return [one for one in case.parties if one.role == role and one.number != own]


def _younger(number: str, years: int, today: date) -> bool:
    """False, too, for numbers that don't tell a birthday (the older foreign form)."""
    birth = numbers.birth_of(number)
    if birth is None:
        return False
    last = calendar.monthrange(today.year, birth.month)[1]  # for those born on 29 February
    had = (today.month, today.day) >= (birth.month, min(birth.day, last))
    return today.year - birth.year - (not had) < years


def _nameable(name: str) -> bool:
    """Private-use characters are allowed: older cards hold rare ones there."""
    controls = any(unicodedata.category(character) == "Cc" for character in name)
    return 0 < len(name.strip()) <= LONGEST_NAME and not controls
