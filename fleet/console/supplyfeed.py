"""The forecasts for open pages: no page waits long for them, and nobody reads them twice."""

from __future__ import annotations

import asyncio

from fastapi.concurrency import run_in_threadpool

from fleet.supplies.book import Outlook, Supplies

PATIENCE = 0.5  # seconds that a page waits; the next look, a second later, has it


class SupplyFeed:
    def __init__(self, supplies: Supplies) -> None:
        self._supplies = supplies
        self._reading: asyncio.Task[Outlook] | None = None
        self._outlook: Outlook | None = None

    async def outlook(self) -> Outlook | None:
        """The newest known; None while the first one is read. Raises SQLAlchemy's errors."""
        if self._reading is None:
            self._reading = asyncio.create_task(run_in_threadpool(self._supplies.outlook))
        reading = self._reading
        await asyncio.wait({reading}, timeout=PATIENCE)
        if reading.done():
            self._reading = None if self._reading is reading else self._reading
            self._outlook = reading.result()
        return self._outlook
