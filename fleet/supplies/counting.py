"""What fresh journal records say of supplies: papers put out, and how full a device is.

Each level is kept with what had been used by then, so that a fill's size is a difference of two
numbers, however late the records came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from fleet.acts import data_of, word
from fleet.reports.period import OFFSET
from fleet.store.bulk import fill
from fleet.store.console_tables import supply_days, supply_levels, supply_use
from fleet.store.database import insert
from kiosk import wire
from kiosk.services.calendar import DAY_SECONDS

Fresh = Sequence[tuple[str, wire.Record]]  # with the terminal
Key = tuple[str, str]  # terminal, device

PRINTED, TOLD = "kiosk.print.outcome", "kiosk.device.event"
SLIPS, SHEETS = "receipt", "document"  # devices
PUT_OUT = frozenset({"printed", "presented", "taken", "retracted", "unconfirmed"})
DEVICES = {"certificate": SHEETS}  # of a paper; of every other one: slips
OF_A_VISIT = frozenset({"receipt", "certificate", "ticket"})  # a visit has one of each at most
MOST_SHEETS = 500  # of one job: more is a counter gone wrong
MOST_SUPPLIES = 8
LEVELS = (
    "terminal", "journal", "seq", "source", "device", "driver", "level", "used", "at",
)  # fmt: skip


@dataclass(slots=True)
class _Batch:
    """Papers of one transaction, by device, and by device and day."""

    used: Counter[Key] = field(default_factory=Counter)
    days: Counter[Any] = field(default_factory=Counter)
    visits: Counter[Any] = field(default_factory=Counter)

    def take(self, terminal: str, record: wire.Record, now: float) -> None:
        data = data_of(record.data)
        if word(data, "rung") not in PUT_OUT:
            return
        paper = word(data, "paper")
        device = DEVICES.get(paper, SLIPS)
        said = data.get("sheets")
        sheets = said if type(said) is int and 1 <= said <= MOST_SHEETS else 1
        key = (terminal, device, day_of(record.time, now))
        self.used[terminal, device] += sheets
        self.days[key] += sheets
        self.visits[key] += paper in OF_A_VISIT


def enter(connection: Connection, now: float, fresh: Fresh) -> None:
    """Of records that nobody has entered before. Nobody else writes of these terminals meanwhile:
    the register holds them."""
    batch = _Batch()
    told: list[tuple[int, str, wire.Record]] = []
    for terminal, record in fresh:
        if record.type == PRINTED:
            batch.take(terminal, record, now)
        elif record.type == TOLD:
            device = word(data_of(record.data), "device")
            told.append((batch.used[terminal, device], terminal, record))
    if told:
        _levels(connection, now, told)
    _add(connection, supply_use, ("terminal", "device"), {k: (n,) for k, n in batch.used.items()})
    rows = {key: (number, batch.visits[key]) for key, number in batch.days.items()}
    _add(connection, supply_days, ("terminal", "device", "day"), rows)


def day_of(time: str, now: float) -> float:
    """First moment of its day in China; a clock that is ahead, or says nothing, counts as now."""
    try:
        said = datetime.fromisoformat(time)
        at = said.timestamp() if said.tzinfo is not None else now
    except (ValueError, OverflowError):
        at = now
    at = at if at <= now + DAY_SECONDS else now
    return (at + OFFSET) // DAY_SECONDS * DAY_SECONDS - OFFSET


def _levels(connection: Connection, now: float, told: list[tuple[int, str, wire.Record]]) -> None:
    """`told`: with what the device had used in this batch by then."""
    names = sorted({terminal for _, terminal, _ in told})
    query = select(supply_use).where(supply_use.c.terminal.in_(names))
    before = {(row.terminal, row.device): row.used for row in connection.execute(query)}
    rows = []
    for so_far, terminal, record in told:
        data = data_of(record.data)
        device, supplies = word(data, "device"), data.get("supplies")
        total = before.get((terminal, device), 0) + so_far
        supplies = supplies if isinstance(supplies, dict) else {}
        for source in list(supplies)[:MOST_SUPPLIES]:
            known = (word({"source": source}, "source"), device, word(data, "driver"))
            level = word(supplies, source)
            rows.append((terminal, record.journal, record.seq, *known, level, total, now))
    fill(connection, supply_levels, LEVELS, rows)


def _add(
    connection: Connection, table: Table, key: tuple[str, ...], found: Mapping[Any, tuple[int, ...]]
) -> None:
    """To what is there already, in one order."""
    if not found:
        return
    counts = [column.name for column in table.columns if column.name not in key]
    statement = insert(connection, table)
    more = {name: table.c[name] + statement.excluded[name] for name in counts}
    statement = statement.on_conflict_do_update(index_elements=key, set_=more)
    connection.execute(statement, list(_rows((*key, *counts), found)))


def _rows(names: Iterable[str], found: Mapping[Any, tuple[int, ...]]) -> Iterable[dict[str, Any]]:
    for key in sorted(found):
        yield dict(zip(names, (*key, *found[key]), strict=True))
