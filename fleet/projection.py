"""Fresh records into the tables: as they are, and as the rows that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from fleet.acts import act
from fleet.moments import moment
from fleet.records import COLUMNS, values
from fleet.rollouts.tidings import tiding
from fleet.store.bulk import fill, pour
from fleet.store.database import insert
from fleet.store.rollout_tables import tidings
from fleet.store.tables import acts, counters, moments, records
from fleet.supplies import counting
from kiosk import wire

Fresh = Sequence[tuple[str, wire.Record]]  # with the terminal
Row = dict[str, Any]

ACTS = tuple(column.name for column in acts.columns if column.name != "position")
TIDINGS = tuple(column.name for column in tidings.columns if column.name != "position")
MOMENTS = tuple(column.name for column in moments.columns if column.name != "position")


def enter(connection: Connection, now: float, fresh: Fresh) -> None:
    """Records that nobody has entered before, in the order of their arrival."""
    if not fresh:
        return
    pour(connection, records, COLUMNS, [values(terminal, one, now) for terminal, one in fresh])
    fill(connection, moments, MOMENTS, list(map(itemgetter(*MOMENTS), _rows(moment, fresh, now))))
    told = _rows(tiding, fresh, now)
    fill(connection, tidings, TIDINGS, list(map(itemgetter(*TIDINGS), told)))
    found = _rows(act, fresh, now)
    fill(connection, acts, ACTS, list(map(itemgetter(*ACTS), found)))
    counting.enter(connection, now, fresh)
    _count(connection, found)


def _rows(
    make: Callable[[str, wire.Record, float], Row | None], fresh: Fresh, now: float
) -> list[Row]:
    made = (make(terminal, record, now) for terminal, record in fresh)
    return [row for row in made if row is not None]


def _count(connection: Connection, found: list[Row]) -> None:
    """So that nobody has to count them later. In one order, last of all: other workers wait."""
    names = Counter(f"act.{row['kind']}.{row['outcome']}" for row in found)
    if names:
        statement = insert(connection, counters)
        more = {"value": counters.c.value + statement.excluded.value}
        statement = statement.on_conflict_do_update(index_elements=("name",), set_=more)
        rows = [{"name": name, "value": names[name]} for name in sorted(names)]
        connection.execute(statement, rows)
