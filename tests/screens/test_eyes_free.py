"""Whole visits by somebody who can't see: session, pages, keypad and speech; nothing is looked at.

With KIOSK_LONG=1 every item that is offered; otherwise three, of different kinds.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import fakes
from blindwork import Blind, Hand, Mouth
from itemwork import PAGE, Citizen
from kiosk.events import ServiceRestored
from kiosk.model import DeviceState, DeviceStatus
from kiosk.ports import CaseProgress, CaseState, Device
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from kiosk.session.aloud import Aloud
from kiosk.session.terminal import Limits
from kiosk.view import State
from visiting import fleet_holds_everything

SECONDS = 600.0
LIMITS = Limits(idle=600, ack=0.2, decision=0.3, poll=0.01, face=30, thanks=60, rating=60,
                payment_poll=0.01, paid=0.01)  # fmt: skip
SAMPLE = (fakes.CERTIFICATE, fakes.RESIDENCE, fakes.QUERY)
ALL = sorted(item.task_code for item in fakes.shipped().items)
WANTED = ALL if os.environ.get("KIOSK_LONG") else SAMPLE


class Visit:
    """The session on a thread of its own, the page on this one, the citizen on a third."""

    def __init__(self, stage: Any, folder: Path, item: Item) -> None:
        self.stage, self.item = stage, item
        self.bench = fakes.bench(folder, LIMITS)
        terminal = self.bench.terminal
        parts = [one for code in item.parts if (one := fakes.shipped().find(code))]
        terminal.catalogue = Catalogue((item, *parts), "1", representatives=(item,))
        self.mouth, self.hand = Mouth(), Hand()
        terminal.condition.statuses["sensors"] = DeviceStatus(
            "sensors", DeviceState.ONLINE, readings={"headphones": "present"}
        )
        self.citizen = Citizen(self.bench, item)  # what they carry: a card, papers
        self.citizen.plate.answers = [PAGE] * 40
        ears: dict[str, Device] = {"speech": self.mouth, "keypad": self.hand}
        terminal.devices.beside = {**terminal.devices.beside, **ears}
        self.bench.gateway.pdf = b"%PDF-1.4"
        self.bench.gateway.progress_of = lambda case: CaseProgress(
            case, CaseState.APPROVED, certificate_no="A1", result=(("年度", "Year", "2026"),)
        )
        app = stage.app
        self.bench.engine._show = self._show
        self.aloud = Aloud(terminal, app.key, app.plugged, self.bench.engine.touched)
        self.blind = Blind(self.mouth, self.hand, item.task_name.zh)
        self.failed: BaseException | None = None

    def _show(self, view: Any) -> None:
        """Pages count on from those of other tests."""
        self.bench.views.append(view)
        if view.state is State.GUIDE and not self.citizen.given:
            self.citizen.known()
        self.stage.app.show(replace(view, serial=view.serial + self.stage.serial))

    def _live(self) -> None:
        try:
            self.blind.visit()
        except BaseException as error:  # noqa: BLE001 (told by the test's own thread)
            self.failed = error

    def go(self) -> None:
        with self._session(self.bench.engine.run(), self.aloud.run()) as begun:
            self._open()
            citizen = threading.Thread(target=self._live, daemon=True)
            citizen.start()
            until = time.monotonic() + SECONDS
            while citizen.is_alive() and time.monotonic() < until:
                self._frame()
                if any(one.done() for one in begun):
                    return
        self.stage.serial += 10_000
        if self.failed is not None:
            raise self.failed

    async def _end(self) -> None:
        await self.bench.engine.stop()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _open(self) -> None:
        """The session's first page says that it is starting."""
        while not self.bench.views or self.bench.view.state is State.OUT_OF_SERVICE:
            self.bench.post(ServiceRestored())
            time.sleep(0.02)

    def _frame(self) -> None:
        from screens.step import frames

        frames(1)
        while self.stage.posted:
            self.bench.engine.post(self.stage.posted.pop(0))
        time.sleep(0.01)

    @contextmanager
    def _session(self, *work: Coroutine[Any, Any, None]) -> Iterator[list[Future[None]]]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        begun: list[Future[None]] = [asyncio.run_coroutine_threadsafe(w, loop) for w in work]
        loop.call_soon_threadsafe(fleet_holds_everything, self.bench)
        self.stage.app.speak = self.aloud.say
        try:
            yield begun
        finally:
            self.stage.app.speak = lambda _speaking: None
            for one in begun:
                if one.done():
                    self.failed = one.exception()
                one.cancel()
            asyncio.run_coroutine_threadsafe(self._end(), loop).result(60)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(60)
            loop.close()


@pytest.mark.parametrize("code", WANTED)
def test_somebody_who_cannot_see_finishes(portrait: Any, tmp_path: Path, code: str) -> None:
    item = fakes.shipped().find(code)
    assert item is not None
    visit = Visit(portrait, tmp_path, item)
    try:
        visit.go()
    except AssertionError as error:
        story = "\n".join(visit.blind.story[-8:])
        raise AssertionError(f"{item.task_name.zh}: {error}\n{story}") from error
    assert any(view.state is State.PAPERS for view in visit.bench.views)
    assert visit.bench.data("case.intent")[-1]["task_code"] == code
