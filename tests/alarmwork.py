"""Rules, terminals and a clock for the tests of alarms: no broker, no threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Table, select

from fleet.alarms.desk import AlarmDesk
from fleet.alarms.notices import Link
from fleet.alarms.round import Round, Telling
from fleet.alarms.rules import Book, Channel, load
from fleet.alarms.view import AlarmView
from fleet.rows import DeviceRow, Serving, TerminalRow
from fleet.store.alarm_tables import alarm_outbox
from fleet.store.database import Store

SHIPPED = Path(__file__).parents[1] / "config" / "alarms.toml"
DUTY = Channel("duty", "mail", to=("duty@example.invalid",))  # type: ignore[arg-type]
CHIEF = Channel(
    "chief", "webhook", level=1, url="http://127.0.0.1:9/", key_file="no"  # type: ignore[arg-type]
)  # fmt: skip


def row(name: str, site: str = "东乡便民站", **values: Any) -> TerminalRow:
    """A terminal at which all is well, but for `values`."""
    well: dict[str, Any] = {
        "online": True, "session": 1, "boot": 1, "heard_seconds_ago": 5.0, "stale": False,
        "serving": Serving.YES, "reasons": (), "screen": "idle", "devices": (),
        "services": {"A": ""}, "software": "1.0", "settings": "s", "catalogue": "c", "outbox": 0,
        "cpu_percent": 1.0, "memory_mb": 100.0, "disk_free_mb": 9000.0, "uptime_s": 60.0,
        "journal": "j", "through": 1, "missing": (), "chain_broken": False,
    }  # fmt: skip
    return TerminalRow(id=name, site=site, **{**well, **values})


def silent(name: str, site: str = "东乡便民站", **values: Any) -> TerminalRow:
    gone = {"stale": True, "heard_seconds_ago": 200.0, "serving": Serving.UNKNOWN,
            "reasons": ("stale",)}  # fmt: skip
    return row(name, site, **{**gone, **values})


def paper(level: str) -> tuple[DeviceRow, ...]:
    return (DeviceRow("receipt", "online", {"paper": level}, "", "", "escpos"),)


def rules(*names: str, **changes: Any) -> Book:
    """Those of the file that sites get; `changes`: to every one of them."""
    shipped = load(SHIPPED)
    picked = [one for one in shipped.rule if not names or one.name in names]
    return Book(tuple(msgspec.structs.replace(one, **changes) for one in picked))


@dataclass
class Watch:
    """A store with the rules over it, and a clock that is set by hand."""

    store: Store
    book: Book = field(default_factory=rules)
    channels: tuple[Channel, ...] = (DUTY, CHIEF)
    now: float = 1_000_000.0

    def __post_init__(self) -> None:
        self.telling = Telling(self.channels, Link("https://fleet.example.invalid"))
        self.rounds = Round(self.store, self.book, self.telling)
        self.view = AlarmView(self.store, self.book)
        self.desk = AlarmDesk(self.store, self.book, self.telling, lambda: self.now)

    def look(self, *terminals: TerminalRow, after: float = 0.0) -> None:
        self.now += after
        self.rounds.once(self.now, terminals)

    def keep_looking(self, terminals: Sequence[TerminalRow], seconds: float) -> None:
        """Every ten seconds; of a long time thirty looks."""
        times = min(30, int(seconds // 10))
        for _ in range(times):
            self.look(*terminals, after=seconds / times)

    @property
    def open(self) -> list[tuple[str, str, int]]:
        """(rule, place, how many terminals) of what is open."""
        return [(one.rule, one.place, one.terminals) for one in self.view.open_alarms()]

    def sent(self) -> list[tuple[str, str]]:
        """(channel, event) of everything in the outbox, in order."""
        return [(one["channel"], one["event"]) for one in self.rows(alarm_outbox)]

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.store.read() as connection:
            found = connection.execute(select(table).order_by(*table.primary_key)).all()
        return [one._asdict() for one in found]
