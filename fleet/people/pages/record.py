"""The record of acts: look at it, filter it, check its chain, take a copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, Row, Select, select

from fleet.people import export, web
from fleet.people.audit import Verdict
from fleet.people.auditwords import ACTS, OUTCOMES
from fleet.people.office import People
from fleet.people.web import OwnForm
from fleet.people.words import Told
from fleet.store.people_tables import audit, people_accounts

ROWS = 50
Typed = Annotated[str, Query(max_length=80)]
Before = Annotated[int, Query(ge=0, le=2**62)]


@dataclass(frozen=True, slots=True)
class Asked:
    """'' takes all."""

    who: str = ""
    act: str = ""
    outcome: str = ""

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def rule(self, statement: Select[Any]) -> Select[Any]:
        for name, value in asdict(self).items():
            if value:
                statement = statement.where(audit.c[name] == value)
        return statement


def newest(connection: Connection, asked: Asked, before: int) -> list[Row[Any]]:
    """One more than a page, if there are so many."""
    statement = asked.rule(select(audit)).order_by(audit.c.position.desc()).limit(ROWS + 1)
    if before:
        statement = statement.where(audit.c.position < before)
    return list(connection.execute(statement))


def router(people: People) -> APIRouter:
    routes = APIRouter(prefix="/audit", include_in_schema=False)

    def show(
        request: Request, asked: Asked, before: int = 0, verdict: Verdict | None = None
    ) -> Response:
        with people.store.read() as connection:
            rows = newest(connection, asked, before)
            names = sorted(row.name for row in connection.execute(select(people_accounts.c.name)))
        told = tell(web.told(request), verdict) if verdict else ""
        return web.page(
            request, "audit", rows=rows[:ROWS], asked=asked, query=asked.query, names=names,
            older=rows[ROWS - 1].position if len(rows) > ROWS else 0, newest=before,
            acts=list(ACTS), outcomes=list(OUTCOMES), verdict=told,
            broken=verdict is not None and verdict.finding is not None,
        )  # fmt: skip

    @routes.get("")
    def look(
        request: Request, who: Typed = "", act: Typed = "", outcome: Typed = "", before: Before = 0
    ) -> Response:
        return show(request, Asked(who, act, outcome), before)

    @routes.post("/check")
    def check(request: Request, _form: OwnForm) -> Response:
        verdict = people.audit.check()
        outcome = verdict.finding.tamper.value if verdict.finding else "done"
        people.audit.note(request.state.who, "audit.check", "", outcome, rows=verdict.rows)
        return show(request, Asked(), verdict=verdict)

    @routes.post("/export")
    def take(
        request: Request, _form: OwnForm, who: Typed = "", act: Typed = "", outcome: Typed = ""
    ) -> Response:
        asked = Asked(who, act, outcome)
        people.audit.note(request.state.who, "audit.export", "", **asdict_filter(asked))

        def lines() -> Iterator[str]:
            with people.store.read() as connection:
                statement = asked.rule(select(audit)).order_by(audit.c.position)
                rows = connection.execution_options(stream_results=True).execute(statement)
                yield from export.csv_lines(row._asdict() for row in rows)

        kept = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=kept)

    return routes


def asdict_filter(asked: Asked) -> dict[str, str]:
    """What an export was limited to, for the record of it."""
    return {f"only_{name}": value for name, value in asdict(asked).items() if value}


def tell(told: Told, verdict: Verdict) -> str:
    if verdict.finding is None:
        return told("audit.holds", rows=verdict.rows)
    return told(f"audit.{verdict.finding.tamper.value}", position=verdict.finding.position)
