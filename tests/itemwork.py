"""Any offered item in one visit: what a citizen does on each page, made from the item's own file.

No item is named here. Who cannot be served by these rules shows a gap in the product, or a page
that has no row in `_ACTS`.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

import fakes
import filledforms
from fakes import Bench
from fleet.platform.registers import look_up
from kiosk import events as e
from kiosk import wire
from kiosk.model import CardType, DeviceState, DeviceStatus, IdCard, Page
from kiosk.services.fields import FieldType, FormField
from kiosk.services.form import typed
from kiosk.services.item import Assurance, Document, Item
from kiosk.services.materials import Source
from kiosk.services.people import asked, read
from kiosk.session.clock import today
from kiosk.view import (
    MaterialsBody,
    PapersBody,
    ProblemBody,
    QuestionBody,
    ScanBody,
    State,
    View,
)
from materialwork import FakeDocumentCamera, camera, jpeg
from visiting import INK

SECONDS = 30.0  # for the next page
WAYS = ("scan", "card", "earlier", "commitment", "promise")  # the surest first
MANY = 200  # pages of one visit, at most
PAGE = Page(600, 850, jpeg(1))
_KINDS = {
    Document.ID_CARD: CardType.CITIZEN,
    Document.SOCIAL_SECURITY_CARD: CardType.SOCIAL_SECURITY,
    Document.PASSPORT: CardType.PASSPORT,
}

Acts = list[e.Event]


def applicant(items: Iterable[Item], answers: dict[str, str], day: date) -> IdCard:
    """Somebody of whom the registers know what these items certify."""
    wanted = list(items)
    for year, sequence in itertools.product((1950, 1990, 1975), range(30, 60)):
        card = fakes.somebody("周示范", date(year, 3, 9), sequence)
        if all(look_up(item, card.number, answers, day) is not None for item in wanted):
            return card
    raise AssertionError("nobody is on record")


class Citizen:
    """Goes through one item. `given`: what is answered, by the names of the form's fields."""

    def __init__(self, bench: Bench, item: Item, ways: tuple[str, ...] = WAYS) -> None:
        self.bench, self.item, self.ways = bench, item, ways
        parts = [found for code in item.parts if (found := bench.terminal.catalogue.find(code))]
        self.certified = parts or [item]
        self.given: dict[str, str] = {}
        self.seen: list[State] = []
        self.plate: FakeDocumentCamera = camera(bench)
        chip = DeviceStatus("chipcard", DeviceState.ONLINE)
        bench.terminal.condition.statuses["chipcard"] = chip
        self._rows: dict[str, int] = {}

    def known(self) -> None:
        """The card of somebody who can have it; asked for before anything is typed."""
        self.given = filledforms.answers_to(self.bench.engine.visit.form, today())
        card = applicant(self.certified, self.given, today())
        kind = _KINDS[self.item.documents[0]]
        self.bench.reader.answers = [replace(card, card_type=kind)]
        if self.item.assurance is Assurance.TWO_PERSONS:
            self.bench.reader.answers.append(fakes.LI)
        if kind is not CardType.CITIZEN:
            self.bench.terminal.devices.chip = self.bench.reader

    async def visit(self) -> PapersBody:
        """From the first touch to the last page; what the papers' page said."""
        bench, papers = self.bench, None
        bench.post(e.Touched(), e.ServiceChosen(self.item.task_code))
        await bench.until(State.GUIDE)
        self.known()
        for _ in range(MANY):
            view = bench.view
            self._note(view)
            if view.state is State.RATING:
                assert papers is not None
                bench.post(e.Left(), e.Left())
                await bench.until(State.ATTRACT)
                return papers
            papers = view.body if isinstance(view.body, PapersBody) else papers
            bench.post(*self._acts(view))
            await self._next(view.serial)
        raise AssertionError(f"no end in sight at {bench.view.state}")

    def _note(self, view: View) -> None:
        if not self.seen or self.seen[-1] is not view.state:
            self.seen.append(view.state)

    def _acts(self, view: View) -> Acts:
        if isinstance(view.body, ProblemBody):
            raise AssertionError(f"{self.item.task_name.zh}: {view.body.code}")
        act = _ACTS.get(view.state)
        return act(self, view.body) if act else []

    async def _next(self, serial: int) -> None:
        async with asyncio.timeout(SECONDS):
            while self.bench.view.serial == serial:
                await asyncio.sleep(0.002)

    # ---- the form ----------------------------------------------------------------------------

    def question(self, body: QuestionBody) -> Acts:
        assert not body.error, f"{self.item.task_name.zh}: {body.name}: {body.error}"
        listed, _, name = body.name.partition(".")
        if name:
            return [e.Answered(body.name, self._of_somebody(listed, name))]
        if body.kind == FieldType.PEOPLE:
            wanted = read(self._answer(body.name)) or []
            if len(body.people) < len(wanted):
                self._rows[body.name] = len(body.people)
                return [e.PersonAdded()]
        return [e.Answered(body.name, typed(self._field(body.name), self._answer(body.name)))]

    def _answer(self, name: str) -> str:
        """An earlier answer may have brought new questions."""
        if name not in self.given:
            form = self.bench.engine.visit.form
            self.given = filledforms.answers_to(form, today()) | self.given
        return self.given.get(name, "")

    def _field(self, name: str) -> FormField:
        return next(one for one in self.bench.engine.visit.form if one.name == name)

    def _of_somebody(self, listed: str, name: str) -> str:
        field = self._field(listed)
        row = (read(self.given[listed]) or [])[self._rows[listed]]
        one = next(one for one in asked(field, row) if one.name == name)
        return typed(one, row.get(name, ""))

    # ---- materials ---------------------------------------------------------------------------

    def materials(self, body: MaterialsBody) -> Acts:
        if body.open is None:
            opened = [e.MaterialOpened(row.code) for row in body.missing]
            return [*opened[:1]] or [e.MaterialsConfirmed()]
        free = [way.name for way in body.ways if not way.why_not]
        chosen = next((way for way in self.ways if way in free), None)
        assert chosen, f"{self.item.task_name.zh}: no way to give {body.open.code}: {body.ways}"
        if chosen == "scan":
            self.plate.answers = [PAGE] * 20
        return [e.MaterialWayChosen(chosen)]

    def scan(self, body: ScanBody) -> Acts:
        assert body.phase != "failed", body.fault
        known: dict[str, Acts] = {"review": [e.PageKept()], "turn": [e.PageLaid()]}
        return known.get(body.phase, [])


_ACTS: dict[State, Callable[[Citizen, Any], Acts]] = {
    State.GUIDE: lambda who, body: [e.GuideAccepted()],
    State.CARD: lambda who, body: [],
    State.CONSENT: lambda who, body: [e.ConsentGiven()],
    State.QUESTION: Citizen.question,
    State.MATERIALS: Citizen.materials,
    State.SCAN: Citizen.scan,
    State.COMMITMENT: lambda who, body: [e.TextAgreed()],
    State.CHECK: lambda who, body: [e.AnswersConfirmed()],
    State.SIGN: lambda who, body: [e.Signed(INK)],
    State.PAPERS: lambda who, body: [e.PapersCollected()] if body.done else [],
}


def cases_of(bench: Bench) -> list[wire.CasePayload]:
    """Every case that this terminal's journal holds, opened with the fleet's key."""
    intents = [r for r in bench.journal.records(1) if r.type == "kiosk.case.intent"]
    return [wire.unseal(bench.case_key, record.sealed) for record in intents]


def brought(case: wire.CasePayload, item: Item) -> wire.CasePayload:
    """The case again, with everything scanned that was promised."""
    page = hashlib.sha256(PAGE.jpeg).hexdigest()
    count = {one.code: one.page_num for one in item.materials}
    materials = [
        wire.CaseMaterial(one.code, Source.SCAN, [page] * count[one.code])
        if one.source == Source.PROMISE
        else one
        for one in case.materials
    ]
    return msgspec.structs.replace(case, materials=materials)


__all__ = ["Citizen", "applicant", "brought", "cases_of"]
