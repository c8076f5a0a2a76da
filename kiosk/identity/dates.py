"""Ages, and the days on which a card is valid."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

_CHILD_UNTIL = 14  # PIPL 31: a parent or guardian consents for those who are younger
_ADULT_FROM = 18  # Civil Code 17


class ValidityFault(StrEnum):
    """Why a card's dates don't let it be used on a day."""

    NOT_YET = "not_yet"
    EXPIRED = "expired"


def check_validity(valid_from: date, valid_to: date | None, today: date) -> ValidityFault | None:
    """First and last day count; `valid_to` None (长期) never ends.

    Not checked: whether so long a validity fits the holder's age. The usual 5, 10 and 20 years go
    by the age at the application, which no card tells, and a real card must not be refused.
    """
    if valid_to is not None and valid_to < today:
        return ValidityFault.EXPIRED
    return ValidityFault.NOT_YET if today < valid_from else None


def age(birth: date, today: date) -> int:
    """Whole years (周岁); negative before the birth."""
    return today.year - birth.year - (today < _birthday(birth, today.year))


def is_child(birth: date, today: date) -> bool:
    """Under 14."""
    return age(birth, today) < _CHILD_UNTIL


def is_adult(birth: date, today: date) -> bool:
    """From 18."""
    return age(birth, today) >= _ADULT_FROM


def _birthday(birth: date, year: int) -> date:
    """28 February in a year without the 29th: the month's last day (Civil Code 202)."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
