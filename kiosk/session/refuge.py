"""The last resort, when the idle page fails itself: a page that needs nothing, a fault for the
staff, and another try after waits that grow."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from kiosk import events as e
from kiosk.errors import JournalError
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction
from kiosk.session.condition import status_data
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.view import OutOfServiceBody, State, View

log = structlog.get_logger("session")

CODE, DEVICE = "defect", "screen"


class Refuge:
    """`taken` from the failure until the next try. `leave`: a try came out well. `forget`: what
    fails after this is another failure, with short waits again."""

    def __init__(self, terminal: Terminal, post: Post) -> None:
        self._terminal, self._post = terminal, post
        self.taken = self._reported = False
        self._tries = 0

    def take(self) -> Coroutine[Any, Any, None]:
        """What is returned waits, and then asks for the idle page."""
        waits = self._terminal.limits.refuge
        seconds = waits[min(self._tries, len(waits) - 1)]
        self._tries += 1
        self.taken = self._terminal.condition.defective = True
        self._report(failing=True)
        return self._wait(seconds)

    def leave(self) -> None:
        self._report(failing=False)

    def forget(self) -> None:
        self._tries = 0

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.taken = self._terminal.condition.defective = False
        self._post(e.ServiceRestored())

    def _report(self, *, failing: bool) -> None:
        """As a fault of the screen, once; what can't be written now is written at the next try."""
        if self._reported is failing:
            return
        fault = Fault(CODE, FaultAction.RESET) if failing else None
        state = DeviceState.HARDWARE_ERROR if failing else DeviceState.ONLINE
        data = status_data(DeviceStatus(DEVICE, state, fault=fault), "")
        try:
            self._terminal.journal.put_status(f"device.{DEVICE}", data)
            self._terminal.journal.append("device", data)
            self._reported = failing
        except JournalError as error:
            log.error("journal_failed", error=type(error).__name__)

    def page(self, serial: int) -> View:
        """Of what the settings said at the start, and nothing that can have failed since."""
        place = self._terminal.place
        body = OutOfServiceBody(CODE, place.site, place.hotline)
        return View(State.OUT_OF_SERVICE, place.language, body, serial)
