"""Is everything there that an item asks for: its answers, and its materials?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kiosk.services.asked import asked_of, holds, kept
from kiosk.services.form import check_answer
from kiosk.services.item import Item
from kiosk.services.materials import Material, Source
from kiosk.services.needed import accepted, by_card
from kiosk.wire import CasePayload


def answered(item: Item, case: CasePayload, today: date) -> bool:
    """Does every answer pass the form's own check, as of the day on which it was given?"""
    day = _applied(case, today)
    asked = asked_of(item.fields, case.answers)
    return all(not check_answer(field, case.answers.get(field.name, ""), day) for field in asked)


def missing(item: Item, case: CasePayload) -> tuple[str, ...]:
    """Codes of the materials that are neither given nor promised, in the item's order."""
    return tuple(one.code for one in _asked(item, case) if not _source(one, case))


def promised(item: Item, case: CasePayload) -> tuple[str, ...]:
    """Codes of those that come later (容缺): until then the result is withheld."""
    return tuple(one.code for one in _asked(item, case) if _source(one, case) is Source.PROMISE)


def _asked(item: Item, case: CasePayload) -> Iterator[Material]:
    """A material without a code cannot be told apart in a case; the card's own check covers it."""
    answers = kept(item.fields, case.answers)
    coded = (one for one in item.materials if one.code)
    return (one for one in coded if one.when is None or holds(one.when, answers))


def _source(material: Material, case: CasePayload) -> Source | None:
    """How it was given, the best way first; None: not at all, or not as the item allows."""
    if by_card(material, card=case.identity == "card"):
        return Source.CARD
    listed = (one for one in case.materials if one.code == material.code)
    found = {one.source for one in listed if accepted(material, one)}
    return next((source for source in material.sources if source.value in found), None)


def _applied(case: CasePayload, today: date) -> date:
    """A case may arrive days after it was made; one from the future is looked at as of today."""
    try:
        return min(date.fromisoformat(case.apply_date[:10]), today)
    except ValueError:
        return today
