"""A session with real drivers on a household's simulated devices, and what its pages have shown."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk import bootstrap
from kiosk import events as e
from kiosk.journal import Journal
from kiosk.model import FaceHint
from kiosk.ports import FrameSlot
from kiosk.sample_citizen import ANSWERS
from kiosk.session.engine import Engine
from kiosk.session.health import Health
from kiosk.session.terminal import Terminal
from kiosk.settings import load
from kiosk.view import (
    CheckBody,
    PapersBody,
    PinBody,
    QuestionBody,
    State,
    View,
)
from realhousehold import SETTINGS, Household
from visiting import INK, gather


@dataclass
class Station:
    """A session on a household's devices, and what its pages have shown."""

    house: Household
    terminal: Terminal
    engine: Engine
    views: list[View] = field(default_factory=list)

    @property
    def body(self) -> Any:
        return self.views[-1].body

    def post(self, *events: e.Event) -> None:
        for event in events:
            self.engine.post(event)

    def card(self, name: str | None) -> None:
        """What lies on the reader is taken away; this is put down."""
        self.house.simulate("idcard", card=name)

    async def change(self, name: str) -> None:
        """As hands do it: for a moment nothing lies there."""
        self.card(None)
        await asyncio.sleep(0.5)
        self.card(name)

    async def until(self, condition: Callable[[View], bool], seconds: float = 30) -> View:
        async with asyncio.timeout(seconds):
            while not condition(self.views[-1]):
                await asyncio.sleep(0.02)
        return self.views[-1]

    async def page(self, state: State) -> View:
        return await self.until(lambda view: view.state is state)

    async def begin(self, task: str, card: str) -> None:
        """From the idle page to the moment at which this card was read."""
        item = self.terminal.catalogue.find(task)
        assert item is not None
        await self.until(
            lambda view: view.state is State.ATTRACT and not self.terminal.why_not(item, None)
        )
        self.card(None)
        self.post(e.Touched(), e.ServiceChosen(task), e.GuideAccepted())
        await self.page(State.CARD)
        self.card(card)

    async def refuse(self) -> None:
        await self.page(State.CONSENT)
        self.post(e.ConsentRefused())
        await self.page(State.WAYS)

    async def pin(self, value: str) -> None:
        await self.until(
            lambda view: isinstance(view.body, PinBody) and view.body.phase == "waiting"
        )
        self.post(e.SecretEntered(value))

    async def pin_page(self, condition: Callable[[PinBody], bool]) -> PinBody:
        await self.until(lambda view: isinstance(view.body, PinBody) and condition(view.body))
        body = self.body
        assert isinstance(body, PinBody)
        return body

    async def papers(self) -> PapersBody:
        """From the questions to the last paper, as somebody who answers everything."""
        seen: object = None
        async with asyncio.timeout(60):
            while not (isinstance(self.body, PapersBody) and self.body.done):
                here = (
                    self.views[-1].state,
                    getattr(self.body, "name", ""),
                    getattr(self.body, "page", ""),
                    getattr(self.body, "missing", ()),
                    getattr(self.body, "choices", ()),
                )
                if here != seen and self._answer():
                    seen = here
                await asyncio.sleep(0.02)
        return self.body

    def _answer(self) -> bool:
        body = self.body
        if isinstance(body, QuestionBody):
            codes = [choice.code for choice in body.choices]
            if body.kind == "choice" and not codes:
                return False  # free places are looked up
            value = ANSWERS[body.name]
            self.post(e.Answered(body.name, value if value in codes else (*codes, value)[0]))
        elif (gathering := gather(self.views[-1])) is not None:
            self.post(gathering)
        elif isinstance(body, CheckBody):
            self.post(e.AnswersConfirmed())
        elif self.views[-1].state is State.SIGN:
            self.post(e.Signed(INK))
        else:
            return False
        return True

    async def leave(self) -> None:
        self.post(e.PapersCollected(), e.RatingSkipped(), e.Left())
        await self.page(State.ATTRACT)
        self.card(None)

    async def tried(self, tries: int = 3) -> None:
        """Before the camera, as somebody who does what is asked, until it is decided."""
        for _ in range(tries):
            await self.page(State.FACE)
            await gesturing(self)
            if self.views[-1].state is not State.PROBLEM:
                return
            self.post(e.WayOutTaken())
        await self.page(State.WAYS)

    def records(self, kind: str) -> list[dict[str, Any]]:
        found = self.terminal.journal.records(self.first)
        return [json.loads(bytes(r.data)) for r in found if r.type.startswith(f"kiosk.{kind}")]

    first: int = 1  # the test's own records begin here

    def decided(self, case_no: str) -> tuple[Any, ...]:
        [row] = self.house.fleet_rows(
            f"select state, reason, certificate_no from cases where case_no = '{case_no}'"
        )
        return row


def session(house: Household, **change: str) -> Any:
    return _Session(house, change)


class _Session:
    """A session in this process, from its start to its end."""

    def __init__(self, house: Household, change: dict[str, str]) -> None:
        self._house, self._change = house, change

    async def __aenter__(self) -> Station:
        os.environ.update(self._change)
        settings = load(SETTINGS)
        journal = Journal.open(self._house.journal_file, "KT-0001")
        journal.start_boot()
        terminal = bootstrap.terminal(settings, journal, FrameSlot())
        views: list[View] = []
        engine = Engine(terminal, views.append)
        self._station = Station(self._house, terminal, engine, views, first=journal.last_seq + 1)
        self._house.simulate("idcard", card=None)
        self._tasks = [
            asyncio.create_task(engine.run()),
            asyncio.create_task(Health(terminal, engine).run()),
        ]
        while not views:
            await asyncio.sleep(0.01)
        await self._station.page(State.ATTRACT)
        await self._station.until(lambda _: terminal.condition.online)
        return self._station

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._station.engine.stop()
        terminal = self._station.terminal
        for device in terminal.devices.every.values():
            await device.close()
        await terminal.devices.gateway.close()
        await terminal.credentials.close()
        terminal.journal.close()


def phone(house: Household) -> dict[str, str]:
    """What the citizen's phone shows."""
    shown: dict[str, str] = json.loads((house.folder / "sim/phone.json").read_text())
    return shown


# ---- The face --------------------------------------------------------------------------------


async def gesturing(station: Station) -> None:
    """Somebody who does what the page asks for."""
    asked: object = None
    while station.views[-1].state in (State.CONSENT, State.FACE):
        hint = getattr(station.body, "hint", None)
        if hint is not asked and hint in GESTURES:
            station.house.simulate("camera", gesture=GESTURES[hint])
        asked = hint
        await asyncio.sleep(0.1)


GESTURES = {
    FaceHint.TURN_LEFT: "turn_left",
    FaceHint.TURN_RIGHT: "turn_right",
    FaceHint.NOD: "nod",
}
