"""The running program in one process: the session on a thread of its own, its pages on this one."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import fakes
from blindwork import Hand, Mouth
from kiosk.events import ServiceRestored
from kiosk.model import DeviceState, DeviceStatus
from kiosk.ports import CaseProgress, CaseState, Device
from kiosk.services.load import Catalogue
from kiosk.session.aloud import Aloud
from kiosk.session.terminal import Limits
from kiosk.view import State, View
from visiting import fleet_holds_everything


@contextmanager
def undrawn() -> Iterator[None]:
    """Frames that lay out everything but do not draw, which would take most of the time."""
    from kivy.core.window import Window

    Window.on_draw = Window.on_flip = lambda: None
    try:
        yield
    finally:
        del Window.on_draw, Window.on_flip
        Window.canvas.ask_update()


class Live:
    """A stage of `tests/screens` with the real session behind it, on fakes of its devices."""

    def __init__(self, stage: Any, folder: Path, limits: Limits, catalogue: Catalogue) -> None:
        self.stage = stage
        self.bench = fakes.bench(folder, limits)
        self.terminal = self.bench.terminal
        self.terminal.catalogue = catalogue
        self.mouth, self.hand = Mouth(), Hand()
        self.bench.gateway.pdf = b"%PDF-1.4"
        self.bench.gateway.progress_of = lambda case: CaseProgress(
            case, CaseState.APPROVED, certificate_no="A1", result=(("年度", "Year", "2026"),)
        )
        self.bench.engine._show = self.show

    def ears(self) -> Aloud:
        """Keypad, speech, headphones plugged in."""
        ears: dict[str, Device] = {"speech": self.mouth, "keypad": self.hand}
        self.terminal.devices.beside = {**self.terminal.devices.beside, **ears}
        self.headphones(plugged=True)
        app = self.stage.app
        return Aloud(self.terminal, app.key, app.plugged, self.bench.engine.touched)

    def headphones(self, *, plugged: bool) -> None:
        readings = {"headphones": "present" if plugged else "not_present"}
        status = DeviceStatus("sensors", DeviceState.ONLINE, readings=readings)
        self.terminal.condition.statuses["sensors"] = status

    def show(self, view: View) -> None:
        """Pages count on from those of other tests."""
        self.bench.views.append(view)
        self.stage.app.show(replace(view, serial=view.serial + self.stage.serial))

    @contextmanager
    def running(self) -> Iterator[list[Future[None]]]:
        """The session serves; what it consists of, to be looked after."""
        aloud = self.ears()
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        work: tuple[Coroutine[Any, Any, None], ...] = (self.bench.engine.run(), aloud.run())
        begun = [asyncio.run_coroutine_threadsafe(one, loop) for one in work]
        loop.call_soon_threadsafe(fleet_holds_everything, self.bench)
        self.stage.app.speak = aloud.say
        try:
            self._open()
            with undrawn():
                yield begun
        finally:
            self.stage.app.speak = lambda _speaking: None
            asyncio.run_coroutine_threadsafe(self._end(), loop).result(60)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(60)
            loop.close()
            self.stage.serial += len(self.bench.views) + 10

    def frame(self, rest: float = 0.01) -> None:
        """One frame; what was pressed goes to the session."""
        from screens.step import frames

        frames(1)
        while self.stage.posted:
            self.bench.engine.post(self.stage.posted.pop(0))
        time.sleep(rest)

    def _open(self) -> None:
        """The session's first page says that it is starting."""
        while not self.bench.views or self.bench.view.state is State.OUT_OF_SERVICE:
            self.bench.post(ServiceRestored())
            time.sleep(0.02)

    async def _end(self) -> None:
        await self.bench.engine.stop()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
