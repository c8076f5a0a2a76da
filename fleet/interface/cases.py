"""Cases for other systems: how each stands, in order of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Select, func, select

from fleet.interface.shapes import CaseSummary
from fleet.store.handling_tables import handling_cases as handled
from fleet.store.tables import cases
from kiosk.services.calendar import day_end, day_start


@dataclass(frozen=True, slots=True)
class Wanted:
    """'' and None: any. `first`, `last`: days of receipt in China."""

    state: str = ""
    task_code: str = ""
    terminal: str = ""
    first: date | None = None
    last: date | None = None


def page(connection: Connection, wanted: Wanted, after: str, limit: int) -> list[CaseSummary]:
    """`after`: number of the last case of the page before."""
    query = _query().where(cases.c.case_no > after)
    for name in ("state", "task_code", "terminal"):
        if value := getattr(wanted, name):
            query = query.where(cases.c[name] == value)
    if wanted.first is not None:
        query = query.where(cases.c.received_at >= day_start(wanted.first))
    if wanted.last is not None:
        query = query.where(cases.c.received_at < day_end(wanted.last))
    rows = connection.execute(query.order_by(cases.c.case_no).limit(limit))
    return [CaseSummary.model_validate(row) for row in rows]


def one(connection: Connection, case_no: str) -> CaseSummary | None:
    row = connection.execute(_query().where(cases.c.case_no == case_no)).first()
    return None if row is None else CaseSummary.model_validate(row)


def _query() -> Select[tuple[object, ...]]:
    known, book = cases.c, handled.c
    query = select(
        known.case_no, known.terminal, known.task_code, known.task_version, known.kind,
        known.state, known.reason, known.due_date, known.certificate_no, known.received_at,
        known.decided_at, func.coalesce(handled.c.phase, "").label("phase"), book.ended_at,
    )  # fmt: skip
    return query.join(handled, book.case_no == known.case_no, isouter=True)
