"""The forecasts of all terminals, from one moment of the store. Blocking."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, select

from fleet.live import Live
from fleet.reports.period import china_day
from fleet.rows import DeviceRow, TerminalRow
from fleet.store.console_tables import supply_days, supply_levels, supply_use
from fleet.store.database import Store
from fleet.supplies.forecast import (
    FILLS,
    ONE,
    WINDOW_DAYS,
    Fill,
    Forecast,
    Rate,
    Reading,
    Sizes,
    Spent,
    Use,
    forecast,
    learn,
    rate,
)
from kiosk.services import calendar
from kiosk.services.calendar import DAY_SECONDS, Calendar, day_start

READING_DAYS = 180  # older fills are of another roll
LEAST_SECONDS, REST = 5.0, 20  # between two readings of everything: so many times as one takes
MOST_PEERS = 200

Device = tuple[str, str]  # terminal, device
Supply = tuple[str, str, str]  # terminal, device, source
Kind = tuple[str, str, str]  # driver, device, source


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """`visits`: of a day, that need it."""

    terminal: str
    site: str
    device: str
    source: str
    told: Forecast
    visits: Rate | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of every terminal, as of `today`."""

    today: date
    rows: Mapping[str, tuple[SupplyRow, ...]] = field(default_factory=dict)
    is_workday: Callable[[date], bool] = calendar.default().is_workday


class Supplies:
    """`outlook()` is cheap to call from every open page."""

    def __init__(
        self,
        store: Store,
        live: Live,
        clock: Callable[[], float] = time.time,
        days: Calendar | None = None,
    ) -> None:
        self._store, self._live, self._clock = store, live, clock
        self._calendar = days or calendar.default()
        self._lock = threading.Lock()
        self._outlook: Outlook | None = None
        self._good_until = 0.0

    def outlook(self) -> Outlook:
        """Raises SQLAlchemy's errors."""
        with self._lock:
            begun = time.monotonic()
            if self._outlook is None or begun > self._good_until:
                self._outlook = self.read()
                ended = time.monotonic()
                self._good_until = ended + max(LEAST_SECONDS, REST * (ended - begun))
            return self._outlook

    def read(self) -> Outlook:
        rows, now = self._live.terminals(), self._clock()
        today = china_day(now)
        with self._store.read() as connection:
            uses = _uses(connection, self._calendar, today)
            readings = _readings(connection, now - READING_DAYS * DAY_SECONDS)
        fills = {
            (row.id, device.device, source): _fill(row, device, source, uses, readings)
            for row in rows
            for device in row.devices
            for source in device.supplies
        }
        peers = _peers(rows, fills)

        def told(row: TerminalRow, device: DeviceRow, source: str) -> SupplyRow:
            use = uses.get((row.id, device.device), Use())
            others = peers.get((device.driver, device.device, source), Sizes())
            fill = fills[row.id, device.device, source]
            found = forecast(fill, use, others, today, self._calendar.is_workday)
            return SupplyRow(row.id, row.site, device.device, source, found, use.visits)

        every = {
            row.id: tuple(
                told(row, device, source) for device in row.devices for source in device.supplies
            )
            for row in rows
        }
        return Outlook(today, every, self._calendar.is_workday)


def _fill(
    row: TerminalRow,
    device: DeviceRow,
    source: str,
    uses: Mapping[Device, Use],
    readings: Mapping[Supply, list[Reading]],
) -> Fill:
    """With its last live word, which may be ahead of the journal's."""
    level = device.supplies[source]
    told = readings.get((row.id, device.device, source), [])
    used = uses.get((row.id, device.device), Use()).total
    found = learn([*told, Reading(level, used)])
    known = level == found.level
    return found if known else Fill(level, None, found.sizes)


def _peers(rows: Iterable[TerminalRow], fills: Mapping[Supply, Fill]) -> dict[Kind, Sizes]:
    to_low, to_out = defaultdict[Kind, list[int]](list), defaultdict[Kind, list[int]](list)
    for row in rows:
        for device in row.devices:
            for source in device.supplies:
                sizes = fills[row.id, device.device, source].sizes
                kind = (device.driver, device.device, source)
                to_low[kind] += sizes.to_low[-FILLS:]
                to_out[kind] += sizes.to_out[-FILLS:]
    return {
        kind: Sizes(tuple(to_low[kind][-MOST_PEERS:]), tuple(to_out[kind][-MOST_PEERS:]))
        for kind in to_low
    }


def _readings(connection: Connection, since: float) -> dict[Supply, list[Reading]]:
    table = supply_levels.c
    query = select(table.terminal, table.device, table.source, table.level, table.used)
    query = query.where(table.at >= since).order_by(table.at, table.seq)
    found = defaultdict[Supply, list[Reading]](list)
    for terminal, device, source, level, used in connection.execute(query):
        found[terminal, device, source].append(Reading(level, used))
    return found


def _uses(connection: Connection, days: Calendar, today: date) -> dict[Device, Use]:
    window = [today - index * ONE for index in range(1, WINDOW_DAYS + 1)]
    work = {day for day in window if days.is_workday(day)}
    spent = {(row.terminal, row.device): row for row in _spent(connection, work, window, today)}
    return {
        (row.terminal, row.device): _use(row.used, spent.get((row.terminal, row.device)), work,
                                         window)
        for row in connection.execute(select(supply_use))
    }  # fmt: skip


def _spent(connection: Connection, work: set[date], window: list[date], today: date) -> Any:
    """Sums of the window by kind of day, the first day in it, and today's use."""
    table = supply_days.c
    kind = table.day.in_([day_start(day) for day in work])
    now = table.day == day_start(today)

    def total(column: Any, wanted: Any) -> Any:
        return func.sum(case((wanted, column), else_=0))

    query = select(
        table.terminal, table.device, func.min(table.day).label("first"),
        total(table.used, now).label("today"),
        total(table.used, kind).label("work"), total(table.used, ~kind & ~now).label("off"),
        total(table.visits, kind).label("work_visits"),
        total(table.visits, ~kind & ~now).label("off_visits"),
    )  # fmt: skip
    query = query.where(table.day >= day_start(window[-1]), table.day <= day_start(today))
    return connection.execute(query.group_by(table.terminal, table.device))


def _use(total: int, row: Any, work: set[date], window: list[date]) -> Use:
    """A terminal counts from its first day of use in the window."""
    if row is None:
        return Use(total, 0, Rate(0.0, 0.0), Rate(0.0, 0.0))
    seen = [day for day in window if day_start(day) >= row.first]
    working = sum(day in work for day in seen)
    off = len(seen) - working
    return Use(
        total,
        int(row.today),
        rate(Spent(int(row.work), working), Spent(int(row.off), off)),
        rate(Spent(int(row.work_visits), working), Spent(int(row.off_visits), off)),
    )
