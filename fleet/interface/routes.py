"""The addresses of the interface. All but those of `steering` only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from fleet.alarms.states import State
from fleet.handling.answering import AnswerDesk
from fleet.interface import acts, cases, steering, work
from fleet.interface.answers import LISTED, TAGGED, OnePage, Page, tagged
from fleet.interface.problems import described
from fleet.interface.shapes import AlarmGroup, CaseSummary, CommandShape, ReportShape
from fleet.live import Live
from fleet.reports import files
from fleet.reports.build import Reporter
from fleet.reports.files import Format
from fleet.reports.period import Grain, Period, PeriodError
from fleet.reports.words import Language
from fleet.rollouts.desk import RolloutDesk
from fleet.rows import Serving, TerminalRow
from fleet.shapes import AlarmShape, TerminalShape, TransactionShape
from fleet.store.database import Store

TERMINAL = r"^[A-Za-z0-9-]{1,32}$"
WORD = r"^[A-Za-z0-9._-]{1,64}$"
CHUNK = 200  # terminals read at a time
LONGEST_DAYS = 366  # of a report over HTTP: longer ones are for the command line

TerminalId = Annotated[str, Path(pattern=TERMINAL)]
OfTerminal = Annotated[str | None, Query(pattern=TERMINAL)]
Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{0,64}$")]
CaseNo = Annotated[str, Path(pattern=WORD)]
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="`position` seen last")]
Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
Since = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes read from, and act on; all of it blocks, and so runs on worker threads.
    `work`: who answers for cases, where there are any."""

    store: Store
    live: Live
    reporter: Reporter
    rollouts: RolloutDesk
    work: AnswerDesk | None = None


def period(first: Day, last: Day, by: Grain = Grain.MONTH) -> Period:
    try:
        wanted = Period(first, last, by)
    except PeriodError as error:
        raise HTTPException(422, str(error)) from None
    if len(wanted.days) > LONGEST_DAYS:
        raise HTTPException(422, "no more than a year at once")
    return wanted


OfPeriod = Annotated[Period, Depends(period)]


def router(desk: Desk) -> APIRouter:
    errors = described(401, 403, 422)
    routes = APIRouter(prefix="/api/v1", tags=["fleet"], responses=errors)
    _terminals(routes, desk.live)
    _happenings(routes, desk.live)
    _watched(routes, desk.store)
    steering.add(routes, desk.rollouts)
    _cases(routes, desk.store)
    if desk.work is not None:
        work.add(routes, desk.work)
    _reports(routes, desk.reporter)
    return routes


def _terminals(routes: APIRouter, live: Live) -> None:
    @routes.get("/terminals", responses=LISTED)
    def terminals(
        *,
        wanted: OnePage,
        site: Annotated[str, Query(max_length=200)] = "",
        serving: Serving | None = None,
        connection: Literal["online", "offline"] | None = None,
        stale: bool | None = None,
    ) -> list[TerminalShape]:
        """In order of their ids. `site`: exactly so."""

        def fits(row: TerminalRow) -> bool:
            return (
                site in {"", row.site}
                and serving in {None, row.serving}
                and (connection is None or row.online is (connection == "online"))
                and stale in {None, row.stale}
            )

        rows = list(islice(filter(fits, _every(live, wanted)), wanted.more))
        shown = wanted.shown(rows, lambda row: row.id)
        return [TerminalShape.of(row) for row in shown]

    @routes.get("/terminals/{terminal_id}", responses=described(404))
    def terminal(terminal_id: TerminalId, response: Response) -> TerminalShape:
        row = live.terminal(terminal_id)
        if row is None:
            raise HTTPException(404, "no such terminal")
        response.headers["Cache-Control"] = "no-store"
        return TerminalShape.of(row)


def _every(live: Live, wanted: Page) -> Iterator[TerminalRow]:
    """All terminals after the cursor, read as far as they are asked for."""
    after = wanted.cursor
    while rows := live.page(after, min(wanted.more, CHUNK)):
        yield from rows
        after = rows[-1].id


def _happenings(routes: APIRouter, live: Live) -> None:
    @routes.get("/transactions", responses=LISTED)
    def transactions(
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        before: Before = None,
        terminal: OfTerminal = None,
    ) -> list[TransactionShape]:
        """Cases, prints, ratings and payments, newest first; `before` is the cursor."""
        rows = live.transactions(limit + 1, before, terminal)
        shown = rows[:limit]
        if len(rows) > limit:
            following = request.url.include_query_params(before=shown[-1].position, limit=limit)
            response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return [TransactionShape.of(row) for row in shown]

    @routes.get("/alarms")
    def alarms(
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        kind: Word = "",
        terminal: OfTerminal = None,
    ) -> list[AlarmShape]:
        """What must not happen and did, the latest seen first."""
        rows = [
            row
            for row in live.alarms(limit if not (kind or terminal) else 5000)
            if kind in {"", row.kind} and terminal in {None, row.terminal}
        ]
        return [AlarmShape.of(row) for row in rows[:limit]]


def _watched(routes: APIRouter, store: Store) -> None:
    @routes.get("/alarms/groups", responses=LISTED)
    def groups(
        *,
        wanted: OnePage,
        state: State | None = None,
        severity: Word = "",
    ) -> list[AlarmGroup]:
        """What the rules found wrong, by site and cause, newest first, with who sees to it."""
        with store.read() as connection:
            rows = acts.groups(connection, state, severity, acts.number(wanted.cursor), wanted.more)
        return wanted.shown(rows, lambda row: row.id)

    @routes.get("/commands", responses=LISTED)
    def commands(
        *,
        wanted: OnePage,
        terminal: OfTerminal = None,
        operation: Word = "",
        state: Word = "",
    ) -> list[CommandShape]:
        """What terminals were asked to do, one for each terminal, newest first."""
        filters = {"terminal": terminal or "", "operation": operation, "state": state}
        with store.read() as connection:
            rows = acts.commands(connection, filters, wanted.cursor, wanted.more)
        return wanted.shown(rows, acts.cursor)


def _cases(routes: APIRouter, store: Store) -> None:
    @routes.get("/cases", responses=LISTED)
    def listed(
        *,
        wanted: OnePage,
        state: Literal["received", "pending", "approved", "refused"] | None = None,
        task_code: Word = "",
        terminal: OfTerminal = None,
        received_from: Since = None,
        received_to: Since = None,
    ) -> list[CaseSummary]:
        """In order of their numbers."""
        asked = cases.Wanted(state or "", task_code, terminal or "", received_from, received_to)
        with store.read() as connection:
            rows = cases.page(connection, asked, wanted.cursor, wanted.more)
        return wanted.shown(rows, lambda row: row.case_no)

    @routes.get(
        "/cases/{case_no}",
        responses={**TAGGED, **described(404)},
        response_model=CaseSummary,
    )
    def case(case_no: CaseNo, request: Request) -> Response:
        with store.read() as connection:
            found = cases.one(connection, case_no)
        if found is None:
            raise HTTPException(404, "no such case")
        return tagged(request, found)


def _reports(routes: APIRouter, reporter: Reporter) -> None:
    @routes.get("/reports", responses=TAGGED, response_model=ReportShape)
    def report(request: Request, wanted: OfPeriod, language: Language = "zh") -> Response:
        """Cases, ratings and availability of a period; days are China's."""
        made = ReportShape.of(reporter.report(wanted, language))
        return tagged(request, made, apart=frozenset({"made_at"}))

    content: dict[str, dict[str, object]] = {files.KINDS[form].media_type: {} for form in Format}

    @routes.get("/reports/{form}", responses={200: {"content": content}}, response_class=Response)
    def file(form: Format, wanted: OfPeriod, language: Language = "zh") -> Response:
        """The same as a file: CSV (one for each table, in a ZIP), XLSX, or PDF."""
        made = reporter.report(wanted, language)
        headers = {"Content-Disposition": f'attachment; filename="{files.name(made, form)}"'}
        body = files.encode(made, form)
        return Response(body, media_type=files.KINDS[form].media_type, headers=headers)
