"""The shape of a report: tables of plain values, which screens and files only draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fleet.reports.period import Period

Cell = str | int | float | None


class Kind(StrEnum):
    """What a column holds, and so how it is written. Counts and hours have a sum, others none."""

    TEXT = "text"
    COUNT = "count"
    HOURS = "hours"
    SHARE = "share"  # 0 to 1; None: of nothing


SUMMED = (Kind.COUNT, Kind.HOURS)


@dataclass(frozen=True, slots=True)
class Column:
    """`key`: its name in files for programs; `label`: for people."""

    key: str
    label: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names it, `total` is its last row, cell by cell as `columns`; () where sums would say
    nothing."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""

    def column(self, key: str) -> int:
        return next(at for at, column in enumerate(self.columns) if column.key == key)

    def sum(self, at: int) -> int | float:
        return added(row[at] for row in self.rows)

    def cell(self, row: Sequence[Cell], key: str) -> int | float:
        value = row[self.column(key)]
        return value if isinstance(value, int | float) else 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Two numbers that must be equal and are not."""

    where: str
    told: float
    found: float


@dataclass(frozen=True, slots=True)
class Report:
    """`checked`: how many sums were compared; `findings`: those that do not add up."""

    title: str
    language: str
    period: Period
    made_at: datetime
    tables: tuple[Table, ...]
    checked: int = 0
    findings: tuple[Finding, ...] = ()

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)


def added(cells: Iterable[Cell]) -> int | float:
    """The sum of what is a number."""
    return sum(cell for cell in cells if isinstance(cell, int | float))
