"""What a case waits for, handed in now: which of it can be given here, and how that came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from kiosk.model import CaseGap, CasePhase, CaseStory, HandedIn
from kiosk.services.item import Item
from kiosk.services.materials import Material, Source
from kiosk.services.needed import Need, allowed
from kiosk.wire import Record


class Received(StrEnum):
    """How far it has come when nobody has refused it."""

    SAVED = "saved"  # safe on this terminal
    RECEIVED = "received"  # the fleet has committed it
    TAKEN = "taken"  # with all its pages, and the case goes on


REJECTED = (CasePhase.REFUSED, CasePhase.NOT_ACCEPTED)
REFUSED = frozenset(HandedIn) - {HandedIn.AWAITED, HandedIn.TAKEN}


@dataclass(slots=True)
class Supplement:
    """`needs`: what can be given here. `days`: ISO date until when each gap of the case has to be
    filled, by material; those that can't be given here too. `intent`: its record, once it is
    written. `standing`: see `Received`, or why it was refused."""

    case_no: str
    needs: tuple[Need, ...]
    days: Mapping[str, str]
    intent: Record | None = field(default=None, repr=False)
    standing: Received | HandedIn = Received.SAVED

    @property
    def refused(self) -> bool:
        return self.standing in REFUSED


def supplement_of(story: CaseStory, item: Item | None) -> Supplement:
    """Without `needs`: there is nothing that could be given here."""
    days = {gap.material: gap.due_date for gap in story.missing if _open(story, gap)}
    needs = tuple(_needs(story, item)) if item else ()
    return Supplement(story.case_no, needs, days)


def waits(story: CaseStory) -> bool:
    """Does the case wait for anything that is not on its way, or too late?"""
    return any(_open(story, gap) for gap in story.missing)


def _open(story: CaseStory, gap: CaseGap) -> bool:
    """Where a result is kept back for a promise, the case itself has ended."""
    kept_back = gap.promised and story.withheld and story.phase not in REJECTED
    return not (gap.coming or gap.lapsed) and (kept_back or not story.ended)


def _needs(story: CaseStory, item: Item) -> Iterator[Need]:
    known = {one.code: one for one in item.materials}
    gaps = {gap.material: gap for gap in story.missing}
    for code, gap in gaps.items():
        material = known.get(code)
        if material is None or not _open(story, gap):
            continue
        narrow = msgspec.structs.replace(material, sources=_sources(material, gap, story.own))
        if allowed(narrow):
            yield Need(code, narrow, ((item.task_code, code),))


def _sources(material: Material, gap: CaseGap, own: bool) -> tuple[Source, ...]:
    """Nothing is promised twice. Card and earlier cases are the applicant's own; and where the
    office asks although the card was shown, it wants the paper."""
    taken_away = {Source.PROMISE}
    if not own:
        taken_away |= {Source.CARD, Source.EARLIER}
    if not gap.promised and Source.SCAN in material.sources:
        taken_away.add(Source.CARD)
    return tuple(one for one in material.sources if one not in taken_away)
