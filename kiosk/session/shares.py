"""What each case of a visit is told: of a bundle, each part its own answers and materials only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from kiosk import signature
from kiosk.model import Handling
from kiosk.services.asked import answers_of
from kiosk.services.item import Item
from kiosk.services.needed import Need, of_case
from kiosk.session.visit import Visit
from kiosk.wire import CaseMaterial

# The less a service point may do, the later; one that may do nothing hands a part on all the same.
_LESS = (Handling.FINAL, Handling.ACCEPT, Handling.CARRY)


@dataclass(frozen=True, slots=True)
class Share:
    item: Item
    answers: dict[str, str] = field(repr=False)
    materials: list[CaseMaterial] = field(repr=False)

    def digest(self, applicant: dict[str, str]) -> str:
        item, given = self.item, [msgspec.to_builtins(one) for one in self.materials]
        return signature.answers_digest(
            item.task_code, item.task_version, self.answers, applicant, given
        )


def shares(visit: Visit) -> list[Share]:
    """One for each case that is to be made."""
    assert visit.item is not None
    needs, given = visit.needs, visit.given
    if not visit.parts:
        return [Share(visit.item, visit.answers, of_case(needs, given))]
    made = [
        Share(part, answers_of(part, visit.vault.answers), of_case(needs, given, part.task_code))
        for part in visit.applying
    ]
    made[0].materials.extend(of_case(tuple(_of_nobody(visit, needs)), given))
    return made


def joint_answers(visit: Visit) -> dict[str, str]:
    """To the questions that a bundle asks itself, and none of its parts: every case has them."""
    if visit.item is None or not visit.parts:
        return {}
    asked = {name for share in shares(visit) for name in _concepts(share.item)}
    own = answers_of(visit.item, visit.vault.answers)
    return {name: value for name, value in own.items() if name not in asked}


def handling_of(visit: Visit, item: Item) -> Handling | None:
    """What the helper may do with a part: no more than with the bundle."""
    if visit.helper is None or visit.handling is None:
        return None
    own: Handling = getattr(item.authority, visit.helper.level)
    ranks = [_LESS.index(one) if one in _LESS else len(_LESS) - 1 for one in (visit.handling, own)]
    return _LESS[max(ranks)]


def digests(visit: Visit) -> list[str]:
    """Of what each case is told; before them, in a bundle, of what it asks itself."""
    assert visit.item is not None
    card = visit.card
    applicant = {"name": card.name, "number": card.number} if card else {}
    bundle = [Share(visit.item, joint_answers(visit), [])] if visit.parts else []
    return [share.digest(applicant) for share in (*bundle, *shares(visit))]


def answers_digest(visit: Visit) -> str:
    """Of what the check page showed."""
    found = digests(visit)
    return signature.joint_digest(found) if visit.parts else found[0]


def _of_nobody(visit: Visit, needs: tuple[Need, ...]) -> Iterator[Need]:
    """What only the bundle itself asks for goes with its first case."""
    parts = {part.task_code for part in visit.applying}
    return (need for need in needs if not parts & dict(need.asked).keys())


def _concepts(item: Item) -> set[str]:
    return {field.concept or field.name for field in item.fields}
