"""Which papers of a certificate may be out in the world, as the terminals' journals tell it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, select

from fleet.acts import data_of
from fleet.store.alarm_tables import kept_papers
from fleet.store.handling_tables import handling_collections as collections
from fleet.store.tables import acts, records

NOTHING_CAME = "queued"  # the rung of a job that never reached the paper


def out(connection: Connection, case_no: str) -> set[str]:
    """Print jobs of this case's certificate that put out a paper, or may have.

    What was handed to a terminal counts until its journal says that nothing came.
    """
    told = _kept(connection, case_no) | dict(_told(connection, case_no))
    handed = connection.scalars(select(collections.c.job).where(collections.c.case_no == case_no))
    came = {job for job, paper in told.items() if paper}
    return came | {job for job in handed if told.get(job, True)}


def _kept(connection: Connection, case_no: str) -> dict[str, bool]:
    """Of records that have been removed after their time."""
    query = select(kept_papers.c.job, kept_papers.c.came).filter_by(case_no=case_no)
    return {row.job: row.came for row in connection.execute(query)}


def _told(connection: Connection, case_no: str) -> Iterator[tuple[str, bool]]:
    same = and_(*(acts.c[name] == records.c[name] for name in ("terminal", "journal", "seq")))
    query = select(records.c.data).join(acts, same).order_by(acts.c.position)
    query = query.where(
        acts.c.case_no == case_no, acts.c.kind == "print", acts.c.paper == "certificate"
    )
    for raw in connection.scalars(query):
        data = data_of(raw)
        yield str(data.get("job", "")), came(data)


def came(data: dict[str, Any]) -> bool:
    """A paper came out, or may have, as the record of a print tells it."""
    return data.get("rung") != NOTHING_CAME and data.get("sheets") != 0
