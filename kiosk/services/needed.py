"""Which materials have to be given, which of them are there, and how the others can be given now.

Pure. What was given is kept as it goes into the case (`wire.CaseMaterial`), by `Need.code`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

import msgspec

from kiosk.services.asked import answers_of, holds
from kiosk.services.fields import Words
from kiosk.services.item import Item
from kiosk.services.materials import Material, Source
from kiosk.wire import CaseMaterial, Filed

Given = Mapping[str, CaseMaterial]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to give, once, however many items of a bundle ask for it.

    `asked`: (task code, the material's code there) of each that does.
    """

    code: str
    material: Material
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Here:
    """What can be done at this terminal now. `card`: the applicant's was read; `scans`: the
    document camera works; `asks`: earlier cases can be asked for, and `filed` is what they left."""

    today: date
    card: bool = False
    scans: bool = False
    asks: bool = False
    filed: tuple[Filed, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """`why_not`: no_doccam, not_on_file; '' when it can be gone now."""

    source: Source
    why_not: str = ""


def needed(item: Item, parts: Iterable[Item], answers: Mapping[str, str]) -> tuple[Need, ...]:
    """By the answers so far, which have the names of the merged form. In the items' order.

    A material without a code can't be told apart in a case: who checks the card checks it.
    """
    found: list[Need] = []
    for one in (item, *parts):
        own = answers_of(one, answers)
        for material in one.materials:
            if material.code and (material.when is None or holds(material.when, own)):
                _add(found, one.task_code, material)
    return tuple(found)


def allowed(material: Material) -> tuple[Source, ...]:
    """Whatever its file says, only what is secondary comes later, by a day; and only what is
    written down is declared."""
    forbidden = {
        Source.PROMISE: material.main or material.correction_day < 1,
        Source.COMMITMENT: not (material.commitment.zh.strip() and material.commitment.en.strip()),
    }
    return tuple(source for source in material.sources if not forbidden.get(source))


def by_card(material: Material, *, card: bool) -> bool:
    """Nothing is to be done. Where only a card will do, who showed none is identified elsewhere."""
    return Source.CARD in material.sources and (card or material.sources == (Source.CARD,))


def ways(material: Material, here: Here) -> tuple[Way, ...]:
    """Those that somebody can choose, the best first."""
    found = []
    for source in allowed(material):
        if source is Source.EARLIER and here.asks:
            found.append(Way(source, "" if on_file(material, here) else "not_on_file"))
        elif source is Source.SCAN:
            found.append(Way(source, "" if here.scans else "no_doccam"))
        elif source in (Source.PROMISE, Source.COMMITMENT):
            found.append(Way(source))
    return tuple(found)


def on_file(material: Material, here: Here) -> Filed | None:
    """The newest that is young enough and good enough."""
    good = (one for one in here.filed if fits(material, one, here.today))
    return max(good, key=lambda one: one.day, default=None)


def fits(material: Material, filed: Filed, today: date) -> bool:
    """Is it the same thing, young enough and good enough?"""
    oldest = today - timedelta(days=material.valid_days)
    young = not material.valid_days or filed.day >= oldest.isoformat()
    return filed.kind in material.kinds and filed.trust <= material.trust and young


def accepted(material: Material, given: CaseMaterial) -> bool:
    """Is it given in a way that its item allows, with what that way must leave on record?

    The terminal and the office ask the same. More pages than needed are those of a bundle, of
    which another part needs them.
    """
    return any(
        source.value == given.source and _EVIDENCE[source](material, given)
        for source in allowed(material)
    )


def standing(needs: Iterable[Need], said: Given, *, card: bool) -> dict[str, CaseMaterial]:
    """What is there: by the card at once, the rest as it was given."""
    found = {}
    for need in needs:
        if by_card(need.material, card=card):
            found[need.code] = CaseMaterial(need.code, Source.CARD.value)
        elif need.code in said and accepted(need.material, said[need.code]):
            found[need.code] = said[need.code]
    return found


def missing(needs: Iterable[Need], said: Given, *, card: bool) -> tuple[Need, ...]:
    """Everything that has to come: the one-time notice (一次性告知) lists this, and no more."""
    needs = tuple(needs)
    there = standing(needs, said, card=card)
    return tuple(need for need in needs if need.code not in there)


def of_case(needs: Iterable[Need], there: Given, task_code: str = "") -> list[CaseMaterial]:
    """As the case of `task_code` lists it, under that item's own codes; '': of all, once."""
    listed = []
    for need in needs:
        code = dict(need.asked).get(task_code) if task_code else need.code
        if code and need.code in there:
            listed.append(msgspec.structs.replace(there[need.code], code=code))
    return listed


def text_hash(text: Words, language: str) -> str:
    """SHA-256 (hex) of the text that somebody has read and agreed to."""
    return sha256((text.en if language == "en" else text.zh).encode()).hexdigest()


_EVIDENCE: Mapping[Source, Callable[[Material, CaseMaterial], bool]] = {
    Source.CARD: lambda _material, _given: False,  # see `by_card`
    Source.EARLIER: lambda _material, given: bool(given.case_no),
    Source.SCAN: lambda material, given: len(given.pages) >= material.page_num,
    Source.PROMISE: lambda _material, given: bool(given.due),
    Source.COMMITMENT: lambda _material, given: bool(given.commitment),
}


# ---- The same thing, asked for by several items of a bundle ------------------------------------


def _add(found: list[Need], task: str, material: Material) -> None:
    for index, need in enumerate(found):
        both = None if task in dict(need.asked) else _both(need.material, material)
        if both is not None:
            found[index] = Need(need.code, both, (*need.asked, (task, material.code)))
            return
    taken = {need.code for need in found}
    code = f"{task}.{material.code}" if material.code in taken else material.code
    found.append(Need(code, material, ((task, material.code),)))


def _both(one: Material, other: Material) -> Material | None:
    """What is good enough for both; None: they are two things, or no way serves both."""
    kinds = tuple(kind for kind in one.kinds if kind in other.kinds)
    if not (kinds or (one.code == other.code and not (one.kinds and other.kinds))):
        return None
    usable = [source for source in allowed(one) if source in allowed(other)]
    if one.commitment != other.commitment and Source.COMMITMENT in usable:
        usable.remove(Source.COMMITMENT)
    if not usable:
        return None
    return msgspec.structs.replace(
        one,
        sources=tuple(usable),
        main=one.main or other.main,
        trust=min(one.trust, other.trust),
        page_num=max(one.page_num, other.page_num),
        valid_days=_least(one.valid_days, other.valid_days),
        correction_day=_least(one.correction_day, other.correction_day),
        kinds=kinds or one.kinds or other.kinds,
    )


def _least(one: int, other: int) -> int:
    """0 sets no limit."""
    return min(one, other) if one and other else one or other
