"""Alarms for all open pages: one reading for all of them, off the event loop."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms.desk import AlarmDesk
from fleet.alarms.office import AlarmOffice
from fleet.alarms.view import AlarmView, GroupRow

SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Alarms:
    """`unsent`: messages that nobody has taken yet."""

    open: tuple[GroupRow, ...]
    over: tuple[GroupRow, ...]
    unsent: int

    def of(self, terminal: str) -> tuple[GroupRow, ...]:
        """Open ones that are about it."""
        return tuple(
            one for one in self.open if any(member.terminal == terminal for member in one.members)
        )


class AlarmFeed:
    """`desk` and `view`: for one alarm's own page."""

    def __init__(self, office: AlarmOffice) -> None:
        self.view: AlarmView = office.view
        self.desk: AlarmDesk = office.desk
        self._lock = asyncio.Lock()
        self._read_at = -SECONDS
        self._alarms: Alarms | None = None

    async def alarms(self) -> Alarms | None:
        """At most a second old; the last known while the store cannot be read."""
        async with self._lock:
            if time.monotonic() - self._read_at >= SECONDS:
                with suppress(SQLAlchemyError):  # the page's frame says so
                    self._alarms = await asyncio.to_thread(self._read)
                self._read_at = time.monotonic()
            return self._alarms

    def forget(self) -> None:
        """Somebody acted: the next reading is a fresh one."""
        self._read_at = -SECONDS

    def _read(self) -> Alarms:
        return Alarms(self.view.open_alarms(), self.view.over(), self.view.unsent())
