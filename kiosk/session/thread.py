"""The session on an asyncio loop of its own thread, beside the screen's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

import structlog

from kiosk.session.engine import Engine
from kiosk.session.health import Health
from kiosk.session.terminal import Terminal
from kiosk.view import View

log = structlog.get_logger("session")


class SessionThread:
    """Engine, health and drivers on an asyncio loop of their own, beside Kivy's thread."""

    def __init__(self, terminal: Terminal, show: Callable[[View], None]) -> None:
        self.engine = Engine(terminal, show)
        self._terminal = terminal
        self._work: list[Future[None]] = []
        self.died = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="session", daemon=True)

    def start(
        self,
        interrupted: str | None,
        on_death: Callable[[], None],
        *beside: Coroutine[Any, Any, None],
    ) -> None:
        """`beside`: what else runs on this loop. `on_death` is called if the session ends by
        itself: a screen without one is dead."""
        self._thread.start()
        health = Health(self._terminal, self.engine)

        def ended(work: Future[None]) -> None:
            if not work.cancelled():
                log.error("session_died", error=type(work.exception()).__name__)
                self.died = True
                on_death()

        till = self._terminal.till
        paying = [till.run()] if till is not None else []
        for work in (self.engine.run(interrupted), health.run(), *paying, *beside):
            self._work.append(asyncio.run_coroutine_threadsafe(work, self._loop))
            self._work[-1].add_done_callback(ended)

    def stop(self) -> None:
        """Bounded: a print under way gets its time, a hung driver does not."""
        for work in self._work:
            work.cancel()
        future = asyncio.run_coroutine_threadsafe(self._stop(), self._loop)
        try:
            future.result(timeout=20)
        except TimeoutError:
            log.warning("session_did_not_stop")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)
        if not self._thread.is_alive():
            self._loop.close()

    async def _stop(self) -> None:
        await self.engine.stop()
        d = self._terminal.devices
        for device in d.every.values():
            await device.close()
        await d.gateway.close()
        await self._terminal.credentials.close()
        if self._terminal.enquiries is not None:
            await self._terminal.enquiries.end()
        if self._terminal.appointments is not None:
            await self._terminal.appointments.end()
        if self._terminal.till is not None:
            await self._terminal.till.end()
