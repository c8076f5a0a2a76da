"""How a case stands, for those whose it is. Cards are the office's own matter and not told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, select

from fleet.booking.places import moved
from fleet.handling import book
from fleet.handling.clock import days_left, due
from fleet.handling.context import Context
from fleet.handling.judging import coming
from fleet.handling.states import CaseState, Notice, Pending, Phase, StepPhase
from fleet.store.archive_tables import bundles
from fleet.store.handling_tables import (
    handling_cases,
    handling_people,
    handling_ratings,
    handling_words,
)
from fleet.store.tables import certificates
from kiosk.services.calendar import CHINA, Calendar, Reckoned
from kiosk.services.item import Stage

MOST_CASES = 20  # of one person, the newest


@dataclass(frozen=True, slots=True)
class StepView:
    code: str
    stage: Stage
    phase: StepPhase
    dept_code: str
    person: str
    started: str
    ended: str


@dataclass(frozen=True, slots=True)
class Missing:
    """`due_date`: the last day. `promised`: its giver said so at the application. `coming`: it was
    handed in, and its pages are on their way."""

    material: str
    due_date: str
    promised: bool
    lapsed: bool = False
    coming: bool = False


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Times: ISO 8601 in China's time, "" for not yet. `days_left`: working days, None when no
    clock runs; `standing`: it stands still. `provisional`: the holidays of a year are not known.
    `words`: the office's own, in both languages, only for those whose case it is; `own`: they
    applied for it themselves."""

    case_no: str
    task_code: str
    phase: Phase
    person: str
    opened: str
    accepted: str
    ended: str
    due_date: str
    days_left: int | None
    standing: bool
    provisional: bool
    withheld: bool
    reason: str
    steps: tuple[StepView, ...]
    missing: tuple[Missing, ...]
    words: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    certificate: bool = False
    rated: bool = False
    own: bool = False


def by_number(connection: Connection, context: Context, case_no: str) -> ProgressView | None:
    """None: no such case has been opened yet."""
    state = book.read(connection, context.calendar, [case_no])[case_no].state
    if not isinstance(state, CaseState):
        return None
    return _with_rest(connection, context, view(state, context.calendar, context.clock()))


def by_bundle(connection: Connection, context: Context, bundle: str) -> list[ProgressView]:
    """The cases that were filed together under this number, in their order; as by number."""
    query = select(bundles.c.case_no).where(bundles.c.bundle == bundle)
    found = (by_number(connection, context, one) for one in sorted(connection.scalars(query).all()))
    return [one for one in found if one is not None]


def by_person(connection: Connection, context: Context, number: str) -> list[ProgressView]:
    """The cases of whoever has this ID number, the newest first, with the office's words."""
    mark = context.marks.person(number)
    mine = select(handling_people.c.case_no, handling_people.c.role)
    mine = mine.where(handling_people.c.person == mark)
    mine = mine.join(handling_cases, handling_cases.c.case_no == handling_people.c.case_no)
    mine = mine.order_by(handling_cases.c.opened_at.desc()).limit(MOST_CASES)
    roles = {row.case_no: row.role for row in connection.execute(mine).all()}
    pages = book.read(connection, context.calendar, roles)
    states = [page.state for page in pages.values() if isinstance(page.state, CaseState)]
    states.sort(key=lambda state: (-state.opened_at, state.plan.case_no))
    now = context.clock()
    return [
        replace(
            _with_rest(connection, context, view(state, context.calendar, now)),
            words=_words(connection, context, state),
            own=roles[state.plan.case_no] == "applicant",
        )
        for state in states
    ]


def view(state: CaseState, calendar: Calendar, now: float) -> ProgressView:
    """Pure. `now`: epoch seconds."""
    reckoned, left = _due(state, calendar, now)
    run = state.runs[-1] if state.runs else None
    depts = {step.code: step.dept_code for step in state.plan.steps}
    return ProgressView(
        case_no=state.plan.case_no,
        task_code=state.plan.task_code,
        phase=state.phase,
        person=state.person,
        opened=iso(state.opened_at),
        accepted=iso(state.accepted_at),
        ended=iso(state.ended_at),
        due_date=reckoned.day.isoformat() if reckoned else "",
        days_left=left,
        standing=left is not None and run is not None and any(e is None for _, e in run.pauses),
        provisional=bool(reckoned and reckoned.guessed),
        withheld=state.withheld,
        reason=state.reason,
        steps=tuple(
            StepView(
                step.code, step.stage, step.phase, depts[step.code], step.person,
                iso(step.started_at), iso(step.ended_at),
            )
            for step in state.steps
        ),
        missing=(*_asked(state.notices), *_promised(state.promised)),
    )  # fmt: skip


def _with_rest(connection: Connection, context: Context, seen: ProgressView) -> ProgressView:
    """What other tables say of the case."""
    sealed = select(certificates.c.case_no).filter_by(case_no=seen.case_no)
    rated = select(handling_ratings.c.case_no).filter_by(case_no=seen.case_no)
    given = bool(seen.ended) and not seen.withheld and not moved(connection, seen.case_no)
    there = given and connection.scalar(sealed) is not None
    known = replace(seen, certificate=there, rated=connection.scalar(rated) is not None)
    if not seen.missing:
        return known
    came = coming(connection, context.key, seen.case_no)
    return replace(
        known, missing=tuple(replace(one, coming=one.material in came) for one in seen.missing)
    )


def iso(moment: float | None) -> str:
    if moment is None:
        return ""
    return datetime.fromtimestamp(moment, UTC).astimezone(CHINA).isoformat(timespec="seconds")


def _due(state: CaseState, calendar: Calendar, now: float) -> tuple[Reckoned | None, int | None]:
    """The last working day of the promise, and how many are left of a case that is in hand."""
    if not state.runs:
        return None, None
    run, promise = state.runs[-1], state.plan.promise
    if state.ended_at is not None:
        return due(run, promise, calendar, state.ended_at), None
    return due(run, promise, calendar, now), days_left(run, promise, calendar, now)


def _asked(notices: tuple[Notice, ...]) -> list[Missing]:
    return [
        Missing(code, notice.due.day.isoformat(), promised=False)
        for notice in notices
        if notice.open
        for code in notice.missing
        if code not in notice.given
    ]


def _promised(promised: tuple[Pending, ...]) -> list[Missing]:
    return [
        Missing(one.material, one.due, promised=True, lapsed=one.lapsed_at is not None)
        for one in promised
        if one.came_at is None
    ]


def _words(
    connection: Connection, context: Context, state: CaseState
) -> tuple[tuple[str, str], ...]:
    case_no = state.plan.case_no
    query = select(handling_words.c.sealed).where(handling_words.c.case_no == case_no)
    opened = (
        context.vault.open(f"words/{case_no}", sealed)
        for sealed in connection.scalars(query.order_by(handling_words.c.id))
    )
    return tuple(msgspec.json.decode(text, type=tuple[str, str]) for text in opened if text)
