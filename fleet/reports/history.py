"""Keeps the history of which terminals could serve: one row whenever that changes.

While no fleet runs nobody knows: the next start closes what was open with *unknown*, from the last
moment at which somebody watched.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import Connection, and_, func, select
from sqlalchemy.exc import SQLAlchemyError

from fleet.live import Live
from fleet.rows import Serving
from fleet.store.database import Store, insert, put
from fleet.store.report_tables import serving_history as history
from fleet.store.tables import counters
from fleet.woken import Woken

WATCHED = "serving.watched_at"  # a counter: when somebody looked last
PAUSE_SECONDS = 20.0  # between two looks while things change; so exact is the history
LOOK_SECONDS = 30.0  # between two looks while nothing changes: silence is no commit
AWAY_SECONDS = 180.0  # without a look for longer, nobody watched

log = structlog.get_logger("fleet.history")


class Historian(Woken):
    """One thread. `clock`: epoch seconds; `looked` is told the time of each look."""

    def __init__(
        self,
        store: Store,
        live: Live,
        clock: Callable[[], float] = time.time,
        looked: Callable[[float], object] | None = None,
    ) -> None:
        super().__init__(store, "history")
        self._store = store
        self._live = live
        self._clock = clock
        self._looked = looked
        self._known: dict[str, str] | None = None

    def look(self) -> None:
        """One look at every terminal, and what has changed into the store."""
        now = self._clock()
        rows = self._live.terminals()
        with self._store.write() as connection:
            if self._known is None or self._gap(connection, now):
                self._known = _reopened(connection, now)
            found = {row.id: row.serving.value for row in rows}
            _keep(connection, now, self._known, found)
            put(
                connection, counters, {"name": WATCHED, "value": int(now)}, ("name",),
                {"value": int(now)},
            )  # fmt: skip
        self._known |= found
        if self._looked is not None:
            self._looked(now)

    def _gap(self, connection: Connection, now: float) -> bool:
        """Has nobody looked for long, as on a machine that slept?"""
        watched = watched_at(connection)
        return watched is not None and not watched <= now + 1 <= watched + AWAY_SECONDS

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.look()
            except SQLAlchemyError as error:
                self._known = None
                log.error("history_not_kept", error=type(error).__name__)
            self._stopping.wait(PAUSE_SECONDS)
            self._wake.wait(LOOK_SECONDS - PAUSE_SECONDS)


def watched_at(connection: Connection) -> int | None:
    """When somebody looked last; None: never."""
    return connection.scalar(select(counters.c.value).where(counters.c.name == WATCHED))


def latest(connection: Connection) -> dict[str, str]:
    """Terminal -> the word of its newest row."""
    newest = select(history.c.terminal, func.max(history.c.since).label("since"))
    newest_of = newest.group_by(history.c.terminal).subquery()
    query = select(history.c.terminal, history.c.serving)
    same = and_(history.c.terminal == newest_of.c.terminal, history.c.since == newest_of.c.since)
    return {row.terminal: row.serving for row in connection.execute(query.join(newest_of, same))}


def _reopened(connection: Connection, now: float) -> dict[str, str]:
    """After a time without a look: what was known is no longer known since the last one."""
    known, watched = latest(connection), watched_at(connection)
    if watched is None or watched <= now <= watched + AWAY_SECONDS:
        return known
    since = min(float(watched) + 1, now - 0.001)
    _keep(connection, since, known, dict.fromkeys(known, Serving.UNKNOWN.value))
    return dict.fromkeys(known, Serving.UNKNOWN.value)


def _keep(connection: Connection, at: float, known: dict[str, str], found: dict[str, str]) -> None:
    rows: list[dict[str, Any]] = [
        {"terminal": terminal, "since": at, "serving": word}
        for terminal, word in found.items()
        if known.get(terminal) != word
    ]
    if rows:
        connection.execute(insert(connection, history).on_conflict_do_nothing(), rows)
