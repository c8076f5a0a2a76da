"""From counts to the rows of tables: the same columns, whatever the rows are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fleet.reports.facts import Measure, Row
from fleet.reports.tables import Cell as Value
from fleet.reports.tables import Column, Kind
from fleet.reports.words import Words

ACCEPTED = (Measure.IN_HAND, Measure.APPROVED, Measure.REFUSED)
# The columns of every table of cases, in order; `accepted` and the share follow from the others.
COUNTED = (
    "received", "accepted", "in_hand", "approved", "refused", "not_accepted", "withdrawn",
    "waiting", "correction", "closed", "on_time", "late", "undated",
)  # fmt: skip


def columns(words: Words) -> tuple[Column, ...]:
    counts = [Column(name, words(name)) for name in COUNTED]
    share = Column("on_time_share", words("on_time_share"), Kind.SHARE)
    return (*counts, share, Column("rated", words("rated")))


def grouped(rows: Mapping[Any, Row], key: Callable[[Any], str]) -> dict[str, Row]:
    """Added up by what `key` makes of each row's own."""
    found: defaultdict[str, Row] = defaultdict(Counter)
    for own, row in rows.items():
        found[key(own)].update(row)
    return dict(found)


def values(row: Row) -> tuple[Value, ...]:
    """As `columns`."""
    known = {measure.value: row[measure] for measure in Measure}
    known["accepted"] = sum(row[measure] for measure in ACCEPTED)
    dated = row[Measure.ON_TIME] + row[Measure.LATE]
    share = row[Measure.ON_TIME] / dated if dated else None
    return (*(known[name] for name in COUNTED), share, row[Measure.RATED])


def total(rows: Iterable[Row]) -> Row:
    found: Row = Counter()
    for row in rows:
        found.update(row)
    return found
