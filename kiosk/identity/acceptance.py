"""May this card be used today? The rule is the same whichever reader has read the card."""

from __future__ import annotations

from datetime import date

from kiosk.identity.numbers import check_foreign_number, check_resident_number
from kiosk.model import CardFault, CardType, IdCard


def check_card(card: IdCard, today: date) -> CardFault | None:
    """`BAD_NUMBER`, `EXPIRED` (the last day still counts), or None when the card can be used."""
    foreign = card.card_type is CardType.FOREIGN_2017
    check_number = check_foreign_number if foreign else check_resident_number
    if check_number(card.number) is not None:
        return CardFault.BAD_NUMBER
    if card.valid_to is not None and card.valid_to < today:
        return CardFault.EXPIRED
    return None
