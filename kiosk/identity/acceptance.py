"""May this card be used today? The rule is the same whichever reader has read the card."""

from __future__ import annotations

from datetime import date

from kiosk.identity.codes import SEXES, Sex
from kiosk.identity.dates import ValidityFault, check_validity
from kiosk.identity.numbers import birth_of, check_foreign_number, check_resident_number, sex_of
from kiosk.model import CardFault, CardType, IdCard

_TOLD = (SEXES[Sex.MALE], SEXES[Sex.FEMALE])  # a card may also say that it is not known


def check_card(card: IdCard, today: date, *, expired: bool = False) -> CardFault | None:
    """`BAD_NUMBER`, `EXPIRED` (the last day still counts), or None when the card can be used.

    A card that is not yet valid passes: the terminal's clock is wrong more often than the card.
    `expired`: one whose validity has ended can be.
    """
    if _bad_number(card) or _contradicts(card):
        return CardFault.BAD_NUMBER
    validity = check_validity(card.valid_from, card.valid_to, today)
    if not expired and validity is ValidityFault.EXPIRED:
        return CardFault.EXPIRED
    return None


def _bad_number(card: IdCard) -> bool:
    if card.card_type is CardType.PASSPORT:
        return False  # its number has its check digit in the MRZ, and no form of its own
    foreign = card.card_type is CardType.FOREIGN_2017
    check_number = check_foreign_number if foreign else check_resident_number
    return check_number(card.number) is not None


def _contradicts(card: IdCard) -> bool:
    """A citizen's number is made from the birth and the sex that the card shows beside it."""
    if card.card_type is not CardType.CITIZEN:
        return False
    wrong_sex = card.sex in _TOLD and card.sex != SEXES[sex_of(card.number)]
    return wrong_sex or card.birth != birth_of(card.number)
