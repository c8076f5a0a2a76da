"""Scanned pages out of the journal: one after the other, each until the fleet holds it.

It runs beside the agent's loop, on a thread and a journal of its own: a page may be on its way for
minutes, and records must not wait for it.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import structlog

from kiosk.errors import JournalError
from kiosk.gateway.pages import Sent
from kiosk.journal import Journal
from kiosk.wire import SealedPage

log = structlog.get_logger("courier")

LOOK_SECONDS = 0.25
PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)  # after one failure, two, ...: of the line
REFUSED_SECONDS = 600.0  # before a page that the fleet does not take is offered again
STATUS = "pages"


class Pages(Protocol):
    async def put(self, page: SealedPage) -> Sent: ...

    async def close(self) -> None: ...


class Courier:
    """`clock`: monotonic seconds."""

    def __init__(
        self,
        path: Path,
        terminal: str,
        pages: Callable[[], Pages],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path, self._terminal, self._make, self._clock = path, terminal, pages, clock
        self._failures = 0
        self._refused: dict[str, float] = {}  # digest -> when it is offered again
        self._told: dict[str, object] = {}

    def start(self, stop: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self.run, args=(stop,), name="courier", daemon=True)
        thread.start()
        return thread

    def run(self, stop: threading.Event) -> None:
        """Returns after `stop` was set; a page on its way is cut off, and sent again later."""
        try:
            asyncio.run(self._serve(stop))
        except JournalError as error:
            log.error("journal_failed", error=type(error).__name__)

    async def _serve(self, stop: threading.Event) -> None:
        journal, pages = Journal.open(self._path, self._terminal), self._make()
        work = asyncio.create_task(self._work(journal, pages))
        try:
            await asyncio.to_thread(stop.wait)
        finally:
            work.cancel()
            await pages.close()
            journal.close()

    async def _work(self, journal: Journal, pages: Pages) -> None:
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                pause = await self.once(journal, pages)
            except JournalError as error:
                log.error("journal_failed", error=type(error).__name__)
                pause = PAUSES[-1]

    async def once(self, journal: Journal, pages: Pages) -> float:
        """Offer one page; how many seconds to wait before the next."""
        page = self._next(journal)
        if page is None:
            self._note(journal, "")
            return LOOK_SECONDS
        sent = await pages.put(page)
        if sent is Sent.TAKEN:
            journal.pages.taken(page.digest)
            self._failures = 0
            self._note(journal, "")
            return 0.0
        self._note(journal, str(sent))
        log.warning("page_not_taken", why=str(sent), times=self._failures + 1)
        if sent in (Sent.UNREACHABLE, Sent.NO_ROOM):
            pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
            self._failures += 1
            return pause * random.uniform(0.8, 1.2)
        self._refused[page.digest] = self._clock() + REFUSED_SECONDS
        return 0.0

    def _next(self, journal: Journal) -> SealedPage | None:
        """The oldest; one that was refused makes room for the others first."""
        now = self._clock()
        waiting = journal.pages.digests()
        self._refused = {one: when for one, when in self._refused.items() if one in waiting}
        for digest in waiting:
            if self._refused.get(digest, now) <= now:
                return journal.pages.read(digest)
        return None

    def _note(self, journal: Journal, fault: str) -> None:
        """How many wait, for the fleet to see with this terminal's health; and why."""
        told: dict[str, object] = {
            "waiting": journal.pages.waiting,
            "fault": fault or ("refused" if self._refused else ""),
        }
        if told != self._told:
            journal.put_status(STATUS, told)
            self._told = told
