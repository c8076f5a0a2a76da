"""A report from what the store holds: every table, and the check of all its sums."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fleet.reports import availability, control, facts, visits
from fleet.reports.availability import Availability
from fleet.reports.check import check
from fleet.reports.cube import columns, grouped, total, values
from fleet.reports.facts import WITH_REASON, Facts, Row
from fleet.reports.hours import Timetable
from fleet.reports.period import Period
from fleet.reports.tables import Cell as Value
from fleet.reports.tables import Column, Kind, Report, Table
from fleet.reports.words import Language, Words
from fleet.store.database import Store
from kiosk.services import calendar, feedback
from kiosk.services.calendar import CHINA
from kiosk.services.item import Item
from kiosk.services.kinds import UseLevel

HOUR = 3600.0
UNKNOWN = "unknown"
LEVELS = (*tuple(level.value for level in UseLevel), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Reporter:
    """`items`: the catalogue, by task_code; `timetable`: opening hours; `clock`: epoch seconds."""

    store: Store
    items: Mapping[str, Item]
    timetable: Timetable = field(default_factory=Timetable)
    clock: Callable[[], float] = time.time

    def report(self, period: Period, language: Language = "zh") -> Report:
        """Everything from one moment of the store; blocking."""
        now = self.clock()
        with self.store.read() as connection:
            control.one_view(connection)
            found = facts.read(connection, period)
            counted = control.totals(connection, period)
            days = calendar.default()
            served = availability.read(connection, period, self.timetable, days, now)
        sheet = _Sheet(Words(language), self.items)
        tables = (*sheet.cases(found, period), *sheet.rest(found), sheet.availability(served))
        checked, findings = check(tables, counted)
        made = datetime.fromtimestamp(now, CHINA)
        title = sheet.words("title")
        return Report(title, language, period, made, tables, checked, findings)

    def visits(self, period: Period, language: Language = "zh") -> tuple[Table, ...]:
        """Visits by part of the period and by hour of the day; blocking."""
        with self.store.read() as connection:
            return visits.tables(connection, period, Words(language))


@dataclass(frozen=True, slots=True)
class _Sheet:
    words: Words
    items: Mapping[str, Item]

    def cases(self, found: Facts, period: Period) -> tuple[Table, ...]:
        """The same cases by part of the period, by item, by level and by terminal."""
        views: dict[str, tuple[Mapping[Any, Row], Callable[[Any], str]]] = {
            "part": (found.days, period.part),
            "item": (found.items, str),
            "level": (found.items, self._level),
            "terminal": (found.terminals, str),
        }
        return tuple(
            self._cases(name, grouped(rows, key), period) for name, (rows, key) in views.items()
        )

    def _cases(self, name: str, rows: dict[str, Row], period: Period) -> Table:
        heads: dict[str, tuple[str, ...]] = {"item": ("task_code", "item")}
        head = heads.get(name, (name,))
        order = {"part": period.parts, "level": [one for one in LEVELS if one in rows]}
        names = order.get(name) or sorted(rows)
        title = f"table.part.{period.grain}" if name == "part" else f"table.{name}"
        label = {"item": self._item, "level": self._use}
        named = label.get(name, _alone)
        empty: tuple[str, ...] = ("",) * (len(head) - 1)
        return Table(
            name,
            self.words(title),
            (*(Column(one, self.words(one), Kind.TEXT) for one in head), *columns(self.words)),
            tuple((*named(code), *values(rows.get(code, Row()))) for code in names),
            (self.words("total"), *empty, *values(total(rows.values()))),
            self.words("note.cases") if name == "part" else "",
        )

    def rest(self, found: Facts) -> tuple[Table, ...]:
        return self._reasons(found), self._ratings(found), self._tags(found)

    def _reasons(self, found: Facts) -> Table:
        names = sorted({reason for reason, _ in found.reasons})
        rows = [[found.reasons[name, one] for one in WITH_REASON] for name in names]
        sums = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(WITH_REASON)
        heads = [Column(one, self.words(one)) for one in (*WITH_REASON, "both")]
        return Table(
            "reason",
            self.words("table.reason"),
            (Column("reason", self.words("reason"), Kind.TEXT), *heads),
            tuple(
                (self.words.of("why", name), *row, sum(row))
                for name, row in zip(names, rows, strict=True)
            ),
            (self.words("total"), *sums, sum(sums)),
        )

    def _ratings(self, found: Facts) -> Table:
        everything = found.levels.total()
        rows = [
            (f"{level} {self._stars(level)}", found.levels[level], _share(found, level))
            for level in range(5, 0, -1)
        ]
        heads = (
            Column("stars", self.words("stars"), Kind.TEXT),
            Column("count", self.words("count")),
            Column("share", self.words("share"), Kind.SHARE),
        )
        last = (self.words("total"), everything, 1.0 if everything else None)
        return Table("rating", self.words("table.rating"), heads, tuple(rows), last)

    def _tags(self, found: Facts) -> Table:
        heads = (
            Column("stars", self.words("stars"), Kind.TEXT),
            Column("tag", self.words("tag"), Kind.TEXT),
            Column("count", self.words("count")),
        )
        rows = sorted(found.tags.items(), key=lambda one: (-one[0][0], -one[1], one[0][1]))
        told = tuple(
            (f"{level} {self._stars(level)}", self._tag(level, tag), count)
            for (level, tag), count in rows
        )
        last = (self.words("total"), "", found.tags.total())
        return Table("tag", self.words("table.tag"), heads, told, last)

    def availability(self, served: list[Availability]) -> Table:
        names = ("open_hours", "able_hours", "unable_hours", "unknown_hours")
        heads = (
            Column("terminal", self.words("terminal"), Kind.TEXT),
            *(Column(name, self.words(name), Kind.HOURS) for name in names),
            Column("availability", self.words("availability"), Kind.SHARE),
        )
        everything = Availability(
            self.words("total"), sum(one.able for one in served),
            sum(one.unable for one in served), sum(one.unknown for one in served),
        )  # fmt: skip
        return Table(
            "availability",
            self.words("table.availability"),
            heads,
            tuple(map(_hours, served)),
            _hours(everything),
            self.words("note.availability"),
        )

    def _level(self, task_code: str) -> str:
        item = self.items.get(task_code)
        return item.use_level.value if item else UNKNOWN

    def _use(self, level: str) -> tuple[str, ...]:
        return (self.words.of("use", level),)

    def _item(self, code: str) -> tuple[str, ...]:
        item = self.items.get(code)
        name = self.words.pick(item.task_name.zh, item.task_name.en) if item else ""
        return code, name or self.words("unknown_item")

    def _stars(self, level: int) -> str:
        known = next((one for one in feedback.read_levels(_TAGS) if one.level == level), None)
        return self.words.pick(known.name.zh, known.name.en) if known else ""

    def _tag(self, level: int, code: str) -> str:
        known = next((one for one in feedback.tags_of(level) if one.code == code), None)
        return self.words.pick(known.zh, known.en) if known else code


def _alone(code: str) -> tuple[str, ...]:
    return (code,)


def _hours(one: Availability) -> tuple[Value, ...]:
    seconds = (one.open, one.able, one.unable, one.unknown)
    return (one.terminal, *(value / HOUR for value in seconds), one.share)


def _share(found: Facts, level: int) -> float | None:
    everything = found.levels.total()
    return found.levels[level] / everything if everything else None


_TAGS = feedback.TAGS.read_text(encoding="utf-8")
