"""One reading of the store for all open pages, made off the event loop, and only when needed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from fleet.console.visits import Tally
from fleet.gallery import Gallery
from fleet.live import AlarmRow, Live, Need, TerminalRow, TransactionRow

WINDOW = 300  # newest acts that every page shows without asking for older ones
PAGE = 1000  # acts in one reading while catching up
KEPT = 3000  # acts handed to pages after a burst
ALARMS = 200
LEAST_SECONDS = 0.5  # between two readings, however fast commits come
REST = 4  # and at least so many times as long as a reading takes
MOST_SECONDS = 5.0  # silence grows without any commit


@dataclass(frozen=True, slots=True)
class Since:
    """`observed` False: it was so when this program began to look."""

    at: float
    observed: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the console shows, as of `read_at` (epoch seconds)."""

    read_at: float
    terminals: tuple[TerminalRow, ...]
    acts: tuple[TransactionRow, ...]
    alarms: tuple[AlarmRow, ...]
    tally: Tally
    since: Mapping[tuple[str, Need], Since]

    def heard(self, terminal: TerminalRow, now: float) -> float | None:
        """Seconds since the last word, grown by the age of this row."""
        heard = terminal.heard_seconds_ago
        return None if heard is None else heard + max(0.0, now - terminal.read_at)


class Feed:
    """`picture()` is cheap to call from every open page each second."""

    def __init__(self, live: Live, clock: Callable[[], float] = time.time) -> None:
        self.live = live
        self.clock = clock
        self.failing = False  # the last reading did not succeed
        self._gallery = Gallery(live)
        self._lock = asyncio.Lock()
        self._picture: Picture | None = None
        self._committed = True
        self._tried_at = -MOST_SECONDS
        self._rest = 0.0
        self._tally = Tally(0.0)
        self._last = 0
        self._since: dict[tuple[str, Need], Since] = {}
        live.changes.subscribe(self._note)

    def _note(self) -> None:
        """Runs on the committing thread: one assignment, nothing more."""
        self._committed = True

    async def picture(self) -> Picture | None:
        """The newest picture; None while the store has never been read."""
        async with self._lock:
            age = time.monotonic() - self._tried_at
            if age > self._rest and (self._committed or age > MOST_SECONDS):
                await self._renew()
            return self._picture

    async def _renew(self) -> None:
        begun = time.monotonic()
        self._committed = False
        try:
            self._picture = await asyncio.to_thread(self._read)
            self.failing = False
        except SQLAlchemyError:
            self.failing = True
        self._tried_at = time.monotonic()
        self._rest = max(LEAST_SECONDS, REST * (self._tried_at - begun))

    def _read(self) -> Picture:
        now = self.clock()
        terminals = self._gallery.look()
        acts = self._catch_up(now)
        self._follow(terminals, now)
        alarms = tuple(self.live.alarms(ALARMS))
        tally = replace(self._tally, last_at=dict(self._tally.last_at))
        return Picture(now, terminals, acts, alarms, tally, dict(self._since))

    def _catch_up(self, now: float) -> tuple[TransactionRow, ...]:
        """Newest acts; the tally gets each act that it does not have, back to midnight."""
        midnight = _midnight(now)
        if midnight != self._tally.midnight:
            self._tally = Tally(midnight, last_at=self._tally.last_at)
            self._last = 0
        acts = self.live.transactions(WINDOW)
        while acts and acts[-1].position > self._last and acts[-1].received_at >= midnight:
            older = self.live.transactions(PAGE, before=acts[-1].position)
            if not older:
                break
            acts += older
        self._tally.add(act for act in acts if act.position > self._last)
        self._last = acts[0].position if acts else 0
        return tuple(acts[:KEPT])

    def _follow(self, terminals: tuple[TerminalRow, ...], now: float) -> None:
        """Remember when each need was first seen, and forget those that are gone."""
        observed = self._picture is not None
        current = {(row.id, need) for row in terminals for need in row.needs}
        for gone in self._since.keys() - current:
            del self._since[gone]
        for key in current - self._since.keys():
            self._since[key] = Since(now, observed)


def _midnight(now: float) -> float:
    local = datetime.fromtimestamp(now).astimezone()
    return local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
