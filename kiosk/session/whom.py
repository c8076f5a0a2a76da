"""Who has to be known for what is wanted, and who is not yet."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.identity.dates import is_child
from kiosk.services.item import Assurance, Item
from kiosk.session.clock import today
from kiosk.session.vault import Proof, Role, Vault

_TO_COLLECT = {
    Assurance.NONE: Assurance.CARD,
    Assurance.TWO_PERSONS: Assurance.CARD_FACE,
}
_NEEDED = {
    Assurance.NONE: (),
    Assurance.CARD: (Role.APPLICANT,),
    Assurance.CARD_FACE: (Role.APPLICANT,),
    Assurance.TWO_PERSONS: (Role.APPLICANT, Role.SECOND),
}


def level_of(item: Item | None, *, collecting: bool) -> Assurance:
    """A result is handed to one person, and never without a card."""
    level = item.assurance if item else Assurance.NONE
    return _TO_COLLECT.get(level, level) if collecting else level


def gaps(vault: Vault, level: Assurance) -> Iterator[tuple[Role, bool]]:
    """Who must still be known, and whether their card is known already."""
    for role in _NEEDED[level]:
        person = vault.people.get(role)
        if person is None:
            yield role, False
            continue
        if level is Assurance.CARD:
            continue
        child = is_child(person.card.birth, today())
        if child and Role.GUARDIAN not in vault.people:
            yield Role.GUARDIAN, False
        if person.proof is Proof.NONE:
            yield role, True
