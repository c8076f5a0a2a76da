"""Do citizens fare worse since the switch? Visits and papers after it, beside those before."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from fleet.rollouts.shapes import Terms
from fleet.store.tables import acts, moments

COMPLETED = ("finished", "ticket")
LEAST_UNCONFIRMED = 2  # one lost slip proves nothing
BEFORE_SECONDS = 7 * 86400.0
SLICE = 500  # terminals in one question


@dataclass(frozen=True, slots=True)
class Fare:
    """How citizens fared: visits that ended, those completed, those cut off by a crash; papers, and
    those of which nobody knows whether they came out."""

    visits: int = 0
    completed: int = 0
    crashed: int = 0
    papers: int = 0
    unconfirmed: int = 0

    def __add__(self, other: Fare) -> Fare:
        return Fare(
            self.visits + other.visits, self.completed + other.completed,
            self.crashed + other.crashed, self.papers + other.papers,
            self.unconfirmed + other.unconfirmed,
        )  # fmt: skip


def fare(connection: Connection, terminals: Collection[str], begin: float, end: float) -> Fare:
    """Between two times, by the fleet's clock."""
    found, names = Fare(), sorted(terminals)
    for first in range(0, len(names), SLICE):
        some = names[first : first + SLICE]
        visits = _counts(connection, (moments, "session"), some, begin, end)
        papers = _counts(connection, (acts, "print"), some, begin, end)
        found += Fare(
            sum(visits.values()), sum(visits.get(one, 0) for one in COMPLETED),
            visits.get("crashed", 0), sum(papers.values()), papers.get("unconfirmed", 0),
        )  # fmt: skip
    return found


def compared(
    connection: Connection, switched: Iterable[tuple[str, float]], terms: Terms, now: float
) -> tuple[Fare, Fare]:
    """Before and after. `switched`: terminals, and when each of them had what is new."""
    before, after = Fare(), Fare()
    step = max(1.0, terms.observe / 20)  # those who switched together are one group
    groups: dict[float, list[str]] = {}
    for name, at in switched:
        groups.setdefault(math.ceil(at / step) * step, []).append(name)
    for when, names in groups.items():
        before += fare(connection, names, when - BEFORE_SECONDS, when)
        after += fare(connection, names, when, now)
    return before, after


def worse(before: Fare, after: Fare, terms: Terms) -> str:
    """What is worse than it may be, in a word; ''."""
    judged = after.visits >= max(1, terms.visits)
    unconfirmed = _share(after.unconfirmed, after.papers) - _share(
        before.unconfirmed, before.papers
    )
    if after.unconfirmed >= LEAST_UNCONFIRMED and unconfirmed > terms.unconfirmed:
        return "unconfirmed_papers"
    if judged and _share(after.crashed, after.visits) > terms.crashes:
        return "crashes"
    known = before.visits >= max(1, terms.visits)
    fall = _share(before.completed, before.visits) - _share(after.completed, after.visits)
    if judged and known and fall > terms.drop:
        return "fewer_completed_visits"
    return ""


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _counts(
    connection: Connection, what: tuple[Table, str], terminals: list[str], begin: float, end: float
) -> dict[str, int]:
    """Of `acts` or `moments`, of one kind: outcome -> how many."""
    columns, kind = what[0].c, what[1]
    query = (
        select(columns.outcome, func.count())
        .where(
            columns.terminal.in_(terminals), columns.kind == kind,
            columns.received_at > begin, columns.received_at <= end,
        )
        .group_by(columns.outcome)
    )  # fmt: skip
    return {str(outcome): int(count) for outcome, count in connection.execute(query)}
