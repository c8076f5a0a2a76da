"""Somebody comes back to hand in what was promised, at another terminal of the town."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from enquirywork import shown
from fakes import Bench
from fleet.handling import progress, supplements
from fleet.handling.shapes import FoundShape, ProgressShape
from itemtown import Town
from itemwork import PAGE
from kiosk import events as e
from kiosk.model import CaseStory, CollectedPaper, EnquiryFault, HandedIn, IdCard
from kiosk.view import (
    CaseBody,
    CaseListBody,
    CheckBody,
    MaterialsBody,
    PapersBody,
    ScanBody,
    State,
    View,
)
from materialwork import camera


class _Found(msgspec.Struct, frozen=True):
    cases: list[CaseStory]


@dataclass
class TownEnquiries:
    """What the fleet's HTTP would answer, through its own shapes."""

    town: Town

    async def stories(self, number: str, seconds: float) -> Sequence[CaseStory] | EnquiryFault:
        with self.town.store.read() as connection:
            return _told(progress.by_person(connection, self.town.life, number))

    async def story(self, case_no: str, seconds: float) -> CaseStory | EnquiryFault:
        with self.town.store.read() as connection:
            found = progress.by_number(connection, self.town.life, case_no)
        return _told([found])[0] if found else EnquiryFault.UNKNOWN

    async def bundle(self, bundle: str, seconds: float) -> Sequence[CaseStory] | EnquiryFault:
        with self.town.store.read() as connection:
            found = progress.by_bundle(connection, self.town.life, bundle)
        return _told(found) or EnquiryFault.UNKNOWN

    async def handed_in(self, record: str, seconds: float) -> HandedIn | None:
        """The fleet's thread has its turn."""
        self.town.rounds.until_quiet()
        with self.town.store.read() as connection:
            found = supplements.outcome(connection, record)
        return HandedIn(found.value) if found else None

    async def collect(
        self, case_no: str, number: str, job: str, seconds: float
    ) -> CollectedPaper | EnquiryFault:
        return EnquiryFault.NOT_YET

    async def end(self) -> None:
        """Nothing is open."""


def _told(found: list[Any]) -> list[CaseStory]:
    shape = FoundShape(cases=[ProgressShape.model_validate(one) for one in found])
    return msgspec.json.decode(shape.model_dump_json().encode(), type=_Found).cases


def asking(town: Town, bench: Bench) -> None:
    bench.terminal.enquiries = TownEnquiries(town)


async def come_back(bench: Bench, card: IdCard, case_no: str) -> PapersBody:
    """With the card, to the case, every page of everything that is missing; and out again."""
    bench.reader.answers = [card]
    plate = camera(bench)
    bench.post(e.EnquiryOpened())
    await bench.until(State.CASES)
    bench.post(e.CardWanted())
    papers: PapersBody | None = None
    for _ in range(60):
        view = bench.view
        papers = view.body if isinstance(view.body, PapersBody) else papers
        if view.state is State.THANKS:
            break
        plate.answers = [PAGE] * 20
        bench.post(*_acts(view, case_no))
        async with asyncio.timeout(30):
            while bench.view.serial == view.serial:
                await asyncio.sleep(0.002)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert papers is not None
    return papers


def _acts(view: View, case_no: str) -> list[e.Event]:
    match view.body:
        case CaseListBody():
            return [e.CaseChosen(case_no)]
        case CaseBody():
            assert view.body.supplement == "ready", view.body
            return [e.SupplementWanted()]
        case MaterialsBody() if view.body.open is not None:
            return [e.MaterialWayChosen("scan")]
        case MaterialsBody() if view.body.missing:
            return [e.MaterialOpened(view.body.missing[0].code)]
        case MaterialsBody():
            return [e.MaterialsConfirmed()]
        case ScanBody():
            known: dict[str, list[e.Event]] = {"review": [e.PageKept()], "turn": [e.PageLaid()]}
            return known.get(view.body.phase, [])
        case CheckBody():
            return [e.AnswersConfirmed()]
        case PapersBody() if view.body.done:
            return [e.PapersCollected()]
    return []


__all__ = ["TownEnquiries", "asking", "come_back", "shown"]
