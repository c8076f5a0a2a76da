"""How many cases a terminal may look up by their number alone, so that nobody walks through them.

Each terminal has a budget that fills up again with time. Asking again for the same case within
`AGAIN_SECONDS` costs nothing: a page that is looked at twice, a case that is waited for.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import structlog
from fastapi import HTTPException, Request
from prometheus_client import Counter
from sqlalchemy import Connection, select

from fleet.keys import DEMONSTRATION
from fleet.store.booking_tables import lookups
from fleet.store.database import Store, put
from fleet.store.tables import cases

AGAIN_SECONDS = 900.0
OWN_SECONDS = 3600.0  # so long a case is the visit's own business
REMEMBERED = 20_000  # numbers that were asked for lately, of all terminals together
HEADERS = {"Cache-Control": "no-store"}

log = structlog.get_logger("fleet.lookups")


@dataclass(frozen=True, slots=True)
class Budget:
    """`burst`: of one terminal at once; one more after each `refill_seconds`."""

    burst: int = 20
    refill_seconds: float = 30.0


class Lookups:
    """`clock`: epoch seconds; `refused`: counts those who asked too often."""

    def __init__(
        self,
        store: Store,
        budget: Budget,
        refused: Counter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._budget = budget
        self._refused = refused
        self._clock = clock
        self._lock = Lock()
        self._asked: OrderedDict[tuple[str, str], float] = OrderedDict()

    def check(self, request: Request, case_no: str) -> None:
        """Raises HTTP 429 with the seconds to wait."""
        terminal: str = request.state.terminal
        wait = self.wait(terminal, case_no)
        if wait:
            raise HTTPException(429, "too often", {**HEADERS, "Retry-After": str(wait)})

    def check_state(self, request: Request, case_no: str) -> None:
        """As `check`; a terminal that waits for the case that it has just brought is not counted,
        and one that is not here tells nobody anything."""
        query = select(cases.c.terminal, cases.c.received_at).where(cases.c.case_no == case_no)
        with self._store.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return
        own = request.state.terminal in (row.terminal, DEMONSTRATION)
        if not own or self._clock() - row.received_at > OWN_SECONDS:
            self.check(request, case_no)

    def wait(self, terminal: str, case_no: str) -> int:
        """0: it may be looked up; else seconds."""
        now = self._clock()
        if self._lately(terminal, case_no, now):
            return 0
        with self._store.write() as connection:
            left = self._left(connection, terminal, now)
            if left >= 1:
                values = {"left": left - 1, "at": now}
                put(connection, lookups, {"terminal": terminal, **values}, ("terminal",), values)
        if left >= 1:
            self._remember(terminal, case_no, now)
            return 0
        self._refused.inc()
        log.warning("lookups_refused", terminal=terminal)
        return max(1, math.ceil((1 - left) * self._budget.refill_seconds))

    def _left(self, connection: Connection, terminal: str, now: float) -> float:
        burst = float(self._budget.burst)
        fresh = {"terminal": terminal, "left": burst, "at": now}
        put(connection, lookups, fresh, ("terminal",))
        query = select(lookups).where(lookups.c.terminal == terminal).with_for_update()
        known = connection.execute(query).one()
        filled: float = known.left + max(0.0, now - known.at) / self._budget.refill_seconds
        return min(filled, burst)

    def _lately(self, terminal: str, case_no: str, now: float) -> bool:
        with self._lock:
            at = self._asked.get((terminal, case_no))
            return at is not None and 0 <= now - at < AGAIN_SECONDS

    def _remember(self, terminal: str, case_no: str, now: float) -> None:
        with self._lock:
            self._asked[terminal, case_no] = now
            self._asked.move_to_end((terminal, case_no))
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
