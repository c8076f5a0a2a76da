"""Many stations at once, in one thread: each lives when something is due, and says so."""

from __future__ import annotations

import heapq
import random
import selectors
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from fleet.simulate.line import KEEPALIVE, Line, Where
from fleet.simulate.station import Station

RETRY = (1.0, 30.0)  # seconds before a broken connection is tried again
ARRIVING = 500  # stations that come in one second
_MOST_WAIT = 0.2
_MOST_WORK = 0.02


@dataclass(frozen=True, slots=True)
class Count:
    """All stations together. `waiting`: records that the fleet has not acknowledged."""

    stations: int
    connected: int
    sent: int
    acked: int
    waiting: int
    slowest: float


class Crowd:
    """`start`: the stations' clock at the beginning; it runs `speed` times as fast as ours."""

    def __init__(
        self, stations: Sequence[Station], where: Where, start: datetime, speed: float = 1.0
    ) -> None:
        self._selector = selectors.DefaultSelector()
        self.lines = [Line(one, where, self._selector, self._live) for one in stations]
        self._start, self._speed = start, speed
        self._begun = time.monotonic()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._coming: deque[Line] = deque()
        self._number = 0
        self._dice = random.Random(0)  # when to try again is nobody's bytes
        for place, line in enumerate(self.lines):
            self._at(self._begun + place / ARRIVING, self._arrives(line))

    def run(
        self, seconds: float, told: Callable[[Count], None] | None = None, every: float = 10.0
    ) -> Count:
        """Let them live for so long; `told` hears of it now and then."""
        end = time.monotonic() + seconds
        following = time.monotonic() + every
        while (now := time.monotonic()) < end:
            if told is not None and now >= following:
                told(self.count())
                following = now + every
            self._turn(min(end, following))
        return self.count()

    def settle(self, seconds: float) -> Count:
        """Nothing new happens; wait until the fleet holds everything, for so long at most."""
        end = time.monotonic() + seconds
        while self.count().waiting and time.monotonic() < end:
            self._serve(0.0 if self._coming else _MOST_WAIT)
            if self._coming:
                self._open(self._coming.popleft())
            for line in self.lines:
                line.keep_alive()
                line.drain()
        return self.count()

    def count(self) -> Count:
        lines = self.lines
        return Count(
            stations=len(lines),
            connected=sum(line.connected for line in lines),
            sent=sum(line.sent for line in lines),
            acked=sum(line.acked for line in lines),
            waiting=sum(len(line.station.unacked) for line in lines),
            slowest=max((line.slowest for line in lines), default=0.0),
        )

    def close(self) -> None:
        for line in self.lines:
            line.close()
        self._selector.close()

    # ---- Turns -------------------------------------------------------------------------------

    def _turn(self, end: float) -> None:
        wait = min(end, self._due[0][0]) - time.monotonic() if self._due else _MOST_WAIT
        wait = 0.0 if self._coming else wait
        self._serve(min(max(wait, 0.0), _MOST_WAIT))
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
            if time.monotonic() - now > _MOST_WORK:
                return  # those who are connected must be heard while others still come
        if self._coming:
            self._open(self._coming.popleft())

    def _serve(self, seconds: float) -> None:
        for key, events in self._selector.select(seconds):
            key.data.serve(events)

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._due, (moment, self._number, act))

    def _now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._begun) * self._speed)

    # ---- One station -------------------------------------------------------------------------

    def _arrives(self, line: Line) -> Callable[[], None]:
        def act() -> None:
            self._connect(line)
            self._live(line)
            self._says(line)()
            self._holds(line)()

        return act

    def _live(self, line: Line) -> None:
        """Up to now; say what came of it; and go on when something is due."""
        line.station.live(self._now())
        if not line.station.online:
            line.close()
        line.say_news()
        line.drain()
        line.turn += 1
        wait = (line.station.due - self._now()).total_seconds() / self._speed
        self._at(time.monotonic() + max(wait, 0.0), partial(self._go_on, line, line.turn))

    def _go_on(self, line: Line, turn: int) -> None:
        if line.turn == turn:  # otherwise it has lived since, and goes on from there
            self._live(line)

    def _says(self, line: Line) -> Callable[[], None]:
        least, most = line.station.profile.faults.health_seconds

        def act() -> None:
            line.station.live(self._now())
            line.say("health", line.station.health())
            self._at(time.monotonic() + self._dice.uniform(least, most), act)

        return act

    def _holds(self, line: Line) -> Callable[[], None]:
        """Keeps the connection alive, or tries it again."""

        def act() -> None:
            line.keep_alive()
            line.drain()
            if line.station.online and not line.connected:
                self._connect(line)
                self._at(time.monotonic() + self._dice.uniform(*RETRY), act)
            else:
                self._at(time.monotonic() + KEEPALIVE / 6, act)

        return act

    def _connect(self, line: Line) -> None:
        """In its turn: a handshake takes long, and nobody is heard meanwhile."""
        if line.station.online and not line.waits:
            line.waits = True
            self._coming.append(line)

    def _open(self, line: Line) -> None:
        line.waits = False
        if not line.station.online:
            return
        try:
            line.open()
        except OSError:
            line.close()
