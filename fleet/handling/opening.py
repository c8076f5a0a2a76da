"""What the fleet itself learns of cases: new ones, and the platform's first answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, bindparam, select, update

from fleet.handling import book
from fleet.handling import events as e
from fleet.handling.context import Context
from fleet.handling.plan import Plan, bare_plan, fault, plan_of
from fleet.platform.contract import Standing
from fleet.records import NOT_JSON
from fleet.store.database import put
from fleet.store.handling_tables import handling_cases, handling_people
from fleet.store.tables import cases
from kiosk import wire
from kiosk.services.calendar import china_day

ROUND = 100
AGAIN_SECONDS = 60.0  # looked at once more: two ingest workers can commit out of turn
OWNERS = frozenset({"second", "guardian"})  # parties whose case it is too; a helper's never


def new_cases(connection: Connection, since: float) -> Sequence[Any]:
    """Cases received after `since` that have not been opened, the oldest first."""
    known = handling_cases.c.case_no
    query = select(
        cases.c.case_no, cases.c.terminal, cases.c.task_code, cases.c.task_version,
        cases.c.sealed, cases.c.received_at,
    )  # fmt: skip
    query = query.join(handling_cases, cases.c.case_no == known, isouter=True)
    # Both values are named so that the index of `handed_over` and `received_at` is used.
    both = cases.c.handed_over.in_([False, True])
    query = query.where(both, known.is_(None), cases.c.received_at >= since - AGAIN_SECONDS)
    return connection.execute(query.order_by(cases.c.received_at).limit(ROUND)).all()


def open_cases(connection: Connection, context: Context, now: float, rows: Sequence[Any]) -> None:
    coming: dict[str, list[e.Event]] = {
        row.case_no: [_opened(connection, context, row)] for row in rows
    }
    book.add(connection, context.calendar, now, coming)
    places = [{"number": row.case_no, "place": row.terminal} for row in rows]
    mine = update(handling_cases).where(handling_cases.c.case_no == bindparam("number"))
    connection.execute(mine.values(terminal=bindparam("place")), places)


def _opened(connection: Connection, context: Context, row: Any) -> e.Opened:
    case = _payload(context, row)
    plan = bare_plan(row.case_no, row.task_code, row.task_version, context.duty)
    if case is not None:
        _remember(connection, context, case)
        plan = _plan(context, case, row.received_at) or plan
    return e.Opened(at=row.received_at, plan=plan)


def _plan(context: Context, case: wire.CasePayload, at: float) -> Plan | None:
    item = context.items.get(case.task_code)
    if item is None:
        return None
    plan = plan_of(item, case, context.duty, china_day(at), context.calendar)
    sound = fault(plan) is None and e.valid(e.Opened(at=at, plan=plan))
    return plan if sound else None


def _payload(context: Context, row: Any) -> wire.CasePayload | None:
    """None for one that cannot be opened, or that says to be another case."""
    try:
        case = wire.unseal(context.key, row.sealed)
    except (InvalidTag, ValueError, *NOT_JSON):
        return None
    return case if case.case_no == row.case_no else None


def _remember(connection: Connection, context: Context, case: wire.CasePayload) -> None:
    """Whose case it is, as keyed hashes."""
    people = [("applicant", case.applicant.number)]
    people += [(party.role, party.number) for party in case.parties if party.role in OWNERS]
    for role, number in people:
        if number.strip():
            key = {"person": context.marks.person(number), "case_no": case.case_no}
            put(connection, handling_people, {**key, "role": role}, tuple(key))


def new_decisions(connection: Connection) -> Sequence[Any]:
    query = select(
        cases.c.case_no, cases.c.task_code, cases.c.state, cases.c.reason, cases.c.decided_at
    )
    query = query.join(handling_cases, handling_cases.c.case_no == cases.c.case_no)
    query = query.where(handling_cases.c.decided.is_(False), cases.c.handed_over.is_(True))
    return connection.execute(query.limit(ROUND)).all()


def take_decisions(
    connection: Connection, context: Context, now: float, rows: Sequence[Any], reporting: bool
) -> None:
    """The platform's first answers as events.

    `reporting`: the platform tells of its steps itself, so that a pending case goes on by these.
    """
    coming: dict[str, list[e.Event]] = {}
    for row in rows:
        standing = Standing(row.state)
        if standing is not Standing.PENDING or not reporting:
            coming[row.case_no] = [_decided(context, row, standing, now)]
    book.add(connection, context.calendar, now, coming)
    taken = handling_cases.c.case_no.in_([row.case_no for row in rows])
    connection.execute(update(handling_cases).where(taken).values(decided=True))


def _decided(context: Context, row: Any, standing: Standing, now: float) -> e.Decided:
    item = context.items.get(row.task_code)
    person = context.duty.of(item.dept_code if item else "")
    at = row.decided_at if row.decided_at is not None else now
    return e.Decided(at=at, standing=standing, person=person, reason=row.reason[:64])
