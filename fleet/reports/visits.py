"""How many people came, when, and how many of them came to the last page of their visit.

A visit is a session that ended at a terminal, counted at the moment at which the fleet heard of it,
as everything in reports. Nobody is in it but a number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import BigInteger, Connection, cast, func, literal_column, select

from fleet.reports.period import OFFSET, Period, numbered
from fleet.reports.tables import Cell, Column, Kind, Table
from fleet.reports.words import Words
from fleet.store.tables import moments

SESSION, FINISHED = "session", "finished"
HOUR, DAY_HOURS = 3600.0, 24

Counts = Counter[str]  # how a visit ended -> how many
Row = tuple[Cell, ...]


def tables(connection: Connection, period: Period, words: Words) -> tuple[Table, ...]:
    found = _hours(connection, period)
    by_part = _grouped(found, lambda hour: period.part(numbered(hour // DAY_HOURS)))
    by_hour = _grouped(found, lambda hour: f"{hour % DAY_HOURS:02d}:00")
    hours = [f"{hour:02d}:00" for hour in range(DAY_HOURS)]
    title = words(f"table.visits.{period.grain}")
    return (
        Table("visits", title, *_cells(words, "part", by_part, period.parts)),
        Table("hour", words("table.hour"), *_cells(words, "hour", by_hour, hours)),
    )


def _hours(connection: Connection, period: Period) -> dict[int, Counts]:
    """By hour, counted from 1970 in China."""
    at = moments.c.received_at
    hour = cast(func.floor((at + OFFSET) / HOUR), BigInteger)
    query = select(hour, moments.c.outcome, func.count())
    query = query.where(moments.c.kind == SESSION, at >= period.start, at < period.end)
    query = query.group_by(literal_column("1"), literal_column("2"))
    found = defaultdict[int, Counts](Counter)
    for number, outcome, times in connection.execute(query):
        found[int(number)][outcome] += times
    return found


def _grouped(found: Mapping[int, Counts], key: Callable[[int], str]) -> dict[str, Counts]:
    grouped = defaultdict[str, Counts](Counter)
    for hour, counts in found.items():
        grouped[key(hour)].update(counts)
    return grouped


def _cells(
    words: Words, head: str, rows: Mapping[str, Counts], names: Iterable[str]
) -> tuple[tuple[Column, ...], tuple[Row, ...], Row, str]:
    """Columns, rows, total and note."""
    everything = sum(rows.values(), Counter[str]())
    heads = (
        Column(head, words(head), Kind.TEXT),
        *(Column(one, words(one)) for one in ("visits", "completed", "given_up")),
        Column("completed_share", words("completed_share"), Kind.SHARE),
    )
    told = tuple((name, *_counted(rows.get(name, Counter()))) for name in names)
    return heads, told, (words("total"), *_counted(everything)), words("note.visits")


def _counted(counts: Counts) -> Row:
    whole, finished = counts.total(), counts[FINISHED]
    return whole, finished, whole - finished, finished / whole if whole else None
