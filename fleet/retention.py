"""How long rows are kept: the thread that removes at night what `fleet.keeps` says.

Rows go in slices, each a transaction of its own, so that nobody waits and a stop in the middle
leaves nothing half done. What an open case, an open gap, or money that nobody has decided on still
needs stays, whatever its age. Journal records are `fleet.pruning`'s: their chains have to hold.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, Connection, and_, delete, select
from sqlalchemy import tuple_ as several
from sqlalchemy.exc import SQLAlchemyError

from fleet import pruning
from fleet.keeps import TABLE, Keep
from fleet.store.alarm_tables import retention_runs
from fleet.store.database import Store, put

DAY_SECONDS = 86_400.0
SLICE = 500
PAUSE_SECONDS = 0.05  # after each slice: others write, too
LOOK_SECONDS = 60.0

log = structlog.get_logger("fleet.retention")

Days = Mapping[str, float]
Pause = Callable[[float], bool]  # waits; True: stop now


@dataclass(frozen=True, slots=True)
class Gone:
    """Of one night: how many rows have gone, and how many are old but needed."""

    rows: int = 0
    kept: int = 0


class Nightly:
    """`days`: kind -> how long; 0: for good. `hour`: by this machine's clock, from 0 to 23.

    `others`: kinds that somebody else removes, as a function of the moment before which they go
    that returns how many there were: what is chained otherwise.
    """

    def __init__(
        self, store: Store, days: Days, hour: int, clock: Callable[[], float] = time.time,
        others: Mapping[str, Callable[[float], int]] | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._others = dict(others or {})
        self._days = days
        self._hour = hour
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ends after the slice in hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.look()
            except SQLAlchemyError as error:
                log.error("retention_failed", error=type(error).__name__)

    def look(self) -> dict[str, Gone]:
        """What of this day is still to be done, if its hour has come."""
        now = self._clock()
        local = datetime.fromtimestamp(now).astimezone()
        if local.hour < self._hour:
            return {}
        day = local.date().isoformat()
        with self._store.read() as connection:
            query = select(retention_runs.c.kind).where(retention_runs.c.day == day)
            done = set(connection.scalars(query))
        found: dict[str, Gone] = {}
        for kind, days in self._days.items():
            if kind in done or not days or self._stopping.is_set():
                continue
            found[kind] = gone = self._thin(kind, now - days * DAY_SECONDS)
            if not self._stopping.is_set():
                self._note(kind, day, now, gone)
        return found

    def _thin(self, kind: str, cutoff: float) -> Gone:
        if kind == "records":
            return Gone(*pruning.prune_all(self._store, cutoff, self._stopping.wait))
        if kind in self._others:
            return Gone(self._others[kind](cutoff))
        keep = next(keep for keep in TABLE if keep.kind == kind)
        return thin(self._store, keep, cutoff, self._stopping.wait)

    def _note(self, kind: str, day: str, now: float, gone: Gone) -> None:
        row = {"kind": kind, "day": day, "at": now, "gone": gone.rows, "kept": gone.kept}
        with self._store.write() as connection:
            put(connection, retention_runs, row, ("kind",), row)
        if gone.rows:
            log.info("rows_gone", kind=kind, rows=gone.rows, kept=gone.kept)


def thin(store: Store, keep: Keep, cutoff: float, pause: Pause) -> Gone:
    """Looks for old rows beside everybody else, and holds the others up for the removal alone."""
    keys = tuple(keep.table.primary_key)
    old = keep.age < cutoff if keep.only is None else and_(keep.age < cutoff, keep.only)
    goes = old if keep.unless is None else and_(old, ~keep.unless)
    rows = 0
    while True:
        with store.read() as connection:
            found = connection.execute(select(*keys).where(goes).limit(SLICE)).all()
        if found:
            with store.write() as connection:
                rows += _remove(connection, keep, [tuple(row) for row in found], goes)
        if len(found) < SLICE or pause(PAUSE_SECONDS):
            break
    return Gone(rows, _count(store, keep, old))


def _remove(
    connection: Connection,
    keep: Keep,
    found: list[tuple[object, ...]],
    goes: ColumnElement[bool],
) -> int:
    """Those that still may go, with their parts."""
    keys = tuple(keep.table.primary_key)
    mine = several(*keys).in_(found) if len(keys) > 1 else keys[0].in_([row[0] for row in found])
    sure = [tuple(row) for row in connection.execute(select(*keys).where(mine, goes))]
    for part in keep.parts:
        its = part.of.in_([row[0] for row in sure])
        connection.execute(delete(part.of.table).where(its, part.only))
    those = several(*keys).in_(sure) if len(keys) > 1 else keys[0].in_([row[0] for row in sure])
    connection.execute(delete(keep.table).where(those))
    return len(sure)


def _count(store: Store, keep: Keep, old: ColumnElement[bool]) -> int:
    query = select(keep.table.primary_key.columns[0]).where(old)
    with store.read() as connection:
        return len(connection.execute(query.limit(SLICE)).all())
