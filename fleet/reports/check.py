"""Does every total add up? Rows against totals, columns against columns, tables against each other
and against the database's own count. The rules are data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fleet.reports.facts import Measure
from fleet.reports.tables import SUMMED, Cell, Finding, Table

CASES = ("part", "item", "level", "terminal")  # tables that count the same cases
NEAR = 1e-6  # hours are no whole numbers

# In every row: the first is the sum of the others.
WHOLES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "cases": (
        ("accepted", ("in_hand", "approved", "refused")),
        (
            "received",
            ("accepted", "not_accepted", "withdrawn", "waiting", "correction"),
        ),
        ("closed", ("on_time", "late", "undated")),
    ),
    "reason": (("both", ("refused", "not_accepted")),),
    "availability": (("open_hours", ("able_hours", "unable_hours", "unknown_hours")),),
}
# The total of one table's column is that of another's.
SAME: tuple[tuple[str, str, str, str], ...] = (
    ("reason", "refused", "part", "refused"),
    ("reason", "not_accepted", "part", "not_accepted"),
    ("rating", "count", "part", "rated"),
)

Compared = tuple[str, float, float]  # where, as the report tells it, as it was found


def check(
    tables: tuple[Table, ...], control: Mapping[Measure, int]
) -> tuple[int, tuple[Finding, ...]]:
    """How many pairs of numbers were compared, and those that differ. `control`: totals that the
    database counted by itself."""
    pairs = list(_pairs({table.key: table for table in tables}, control))
    wrong = [Finding(*pair) for pair in pairs if abs(pair[1] - pair[2]) > NEAR]
    return len(pairs), tuple(wrong)


def _pairs(tables: Mapping[str, Table], control: Mapping[Measure, int]) -> Iterator[Compared]:
    for table in tables.values():
        yield from _columns(table)
        yield from _rows(table)
    for key in CASES[1:]:
        yield from _equal(tables[CASES[0]], tables[key])
    for one, mine, other, theirs in SAME:
        told, found = tables[one], tables[other]
        where = f"{one}.{mine} / {other}.{theirs}"
        yield where, told.cell(told.total, mine), found.cell(found.total, theirs)
    first = tables[CASES[0]]
    for measure, count in control.items():
        yield f"{first.key}.{measure.value} / database", first.cell(first.total, measure), count


def _columns(table: Table) -> Iterator[Compared]:
    """Each column's total against its rows."""
    if not table.total:
        return
    for at, column in enumerate(table.columns):
        if column.kind in SUMMED:
            told = table.total[at]
            yield f"{table.key}.{column.key}", _number(told), table.sum(at)


def _rows(table: Table) -> Iterator[Compared]:
    rules = WHOLES.get("cases" if table.key in CASES else table.key, ())
    for row in (*table.rows, *([table.total] if table.total else [])):
        for whole, parts in rules:
            told = table.cell(row, whole)
            yield f"{table.key}[{row[0]}].{whole}", told, sum(table.cell(row, p) for p in parts)


def _equal(one: Table, other: Table) -> Iterator[Compared]:
    for column in one.columns:
        if column.kind in SUMMED:
            where = f"{one.key}.{column.key} / {other.key}.{column.key}"
            told = one.cell(one.total, column.key)
            yield where, told, other.cell(other.total, column.key)


def _number(cell: Cell) -> float:
    return cell if isinstance(cell, int | float) else 0
