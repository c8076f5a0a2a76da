"""Cases in the database: events added, states and cards recomputed, all in one transaction.

A kill before the commit leaves nothing of it, one after it leaves everything: events, cards and
lapses have keys of their own, so that doing it again adds nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from fleet.archive.pages import AWAITED_LATER
from fleet.handling import events as e
from fleet.handling.clock import due
from fleet.handling.fold import fold, verdict
from fleet.handling.signals import lapses, signals
from fleet.handling.states import CaseState, Refusal
from fleet.store.database import insert
from fleet.store.handling_tables import (
    handling_cases,
    handling_events,
    handling_signals,
    handling_supplements,
)
from fleet.store.tables import cases
from kiosk.services.calendar import Calendar

CHUNK = 400  # values in one statement
HOLD_SECONDS = 7 * 86400.0  # how long what came in time may wait for its pages
LOOK_SECONDS = 3600.0  # between two looks at a case that is held
FIRST = ("case_no", "task_code", "terminal")  # of a case's row, that stay as they were written


@dataclass(frozen=True, slots=True)
class Page:
    """One case as it was read or written. `state`: a `Refusal` while it is not opened."""

    state: CaseState | Refusal
    events: Mapping[str, e.Event]


def add(
    connection: Connection, calendar: Calendar, now: float, coming: Mapping[str, list[e.Event]]
) -> dict[str, Page]:
    """Append events to their cases (case_no -> events that are `events.valid`), and settle these.

    What became of each: `fold.verdict` with the page's state.
    """
    rows = [_row(name, event, now) for name, events in coming.items() for event in events]
    _lock(connection, coming)
    _insert(connection, handling_events, rows)
    return settle(connection, calendar, now, coming)


def settle(
    connection: Connection, calendar: Calendar, now: float, case_nos: Iterable[str]
) -> dict[str, Page]:
    """Let the clock catch up with these cases: lapses, cards, rows of `handling_cases`."""
    names = sorted(case_nos)
    _lock(connection, names)
    pages, held = read(connection, calendar, names), _held(connection, names, now)
    lapsed: list[dict[str, Any]] = []
    states: list[CaseState] = []
    for case_no, page in pages.items():
        if isinstance(page.state, CaseState):
            until = held.get(case_no, now)
            state, pages[case_no] = _lapse(page, page.state, calendar, until, lapsed)
            states.append(state)
    _insert(connection, handling_events, lapsed)
    _write(connection, calendar, now, states, held)
    return pages


def read(connection: Connection, calendar: Calendar, case_nos: Iterable[str]) -> dict[str, Page]:
    """The states of cases as their events tell them."""
    names = list(case_nos)
    found: dict[str, dict[str, e.Event]] = {name: {} for name in names}
    table = handling_events.c
    for at in range(0, len(names), CHUNK):
        query = select(table.case_no, table.id, table.data)
        query = query.where(table.case_no.in_(names[at : at + CHUNK]))
        for row in connection.execute(query):
            found[row.case_no][row.id] = e.decode(row.data)
    return {name: Page(fold(known.values(), calendar), known) for name, known in found.items()}


def _held(connection: Connection, case_nos: list[str], now: float) -> dict[str, float]:
    """Since when something was handed in of which a page is still on its way: until that is here
    no last day passes after that moment."""
    table = handling_supplements.c
    query = select(table.case_no, table.at).where(
        table.handed_over.is_(False), table.outcome == AWAITED_LATER, table.at > now - HOLD_SECONDS
    )
    rows = connection.execute(query).all()
    wanted, found = set(case_nos), dict[str, float]()
    for row in rows:
        if row.case_no in wanted:
            found[row.case_no] = min(row.at, found.get(row.case_no, now))
    return found


def _row(case_no: str, event: e.Event, now: float) -> dict[str, Any]:
    return {
        "case_no": case_no,
        "id": e.event_id(event),
        "kind": type(event).__struct_config__.tag,
        "at": event.at,
        "received_at": now,
        "data": e.encode(event).decode(),
    }


def _lapse(
    page: Page, state: CaseState, calendar: Calendar, now: float, rows: list[dict[str, Any]]
) -> tuple[CaseState, Page]:
    """Deadlines that have passed by `now`, the earliest first: one may end the case."""
    known = dict(page.events)
    while True:
        passed = next((one for one in lapses(state) if one.at <= now), None)
        if passed is None or e.event_id(passed) in known:
            return state, Page(state, known)
        known[e.event_id(passed)] = passed
        rows.append(_row(state.plan.case_no, passed, now))
        folded = fold(known.values(), calendar)
        assert isinstance(folded, CaseState)  # it was one before
        state = folded


def _write(
    connection: Connection,
    calendar: Calendar,
    now: float,
    states: list[CaseState],
    held: Collection[str],
) -> None:
    """How these cases stand, and what they have been given by now."""
    rows, given = [], []
    for state in states:
        moments = signals(state, calendar)
        ahead = [one.at for one in (*moments, *lapses(state)) if one.at > now]
        ahead += [now + LOOK_SECONDS] if state.plan.case_no in held else []
        rows.append(_case_row(state, calendar, now, min(ahead, default=None)))
        given += [
            {
                "case_no": state.plan.case_no,
                "kind": one.kind.value,
                "subject": one.subject,
                "at": one.at,
                "given_at": now,
            }
            for one in moments
            if one.at <= now
        ]
    if rows:
        statement = insert(connection, handling_cases)
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in FIRST}
        upsert = statement.on_conflict_do_update(index_elements=("case_no",), set_=fresh)
        connection.execute(upsert, rows)
    _insert(connection, handling_signals, given)
    _tell_gateway(connection, states)


def _case_row(
    state: CaseState, calendar: Calendar, now: float, next_at: float | None
) -> dict[str, Any]:
    run = state.runs[-1] if state.runs else None
    reckoned = due(run, state.plan.promise, calendar, now) if run else None
    return {
        "case_no": state.plan.case_no,
        "task_code": state.plan.task_code,
        "terminal": "",
        "phase": state.phase.value,
        "person": state.person,
        "reason": state.reason,
        "due_date": reckoned.day.isoformat() if reckoned else "",
        "provisional": bool(reckoned and reckoned.guessed),
        "withheld": state.withheld,
        "opened_at": state.opened_at,
        "ended_at": state.ended_at,
        "next_at": next_at,
    }


def _tell_gateway(connection: Connection, states: list[CaseState]) -> None:
    """A case that the platform left pending has ended: terminals are told the same everywhere."""
    ended = [
        {
            "number": state.plan.case_no,
            "word": "refused" if state.rejected else "approved",
            "why": state.reason,
            "ended": state.ended_at,
        }
        for state in states
        if state.ended_at is not None
    ]
    if ended:
        connection.execute(_END, ended)


_END = (
    update(cases)
    .where(cases.c.case_no == bindparam("number"), cases.c.state == "pending")
    .values(state=bindparam("word"), reason=bindparam("why"), decided_at=bindparam("ended"))
)


def _lock(connection: Connection, case_nos: Iterable[str]) -> None:
    """Nobody else adds to these cases before this commit (PostgreSQL; SQLite has one writer)."""
    if connection.dialect.name != "postgresql":
        return
    names = sorted(case_nos)
    for at in range(0, len(names), CHUNK):
        query = select(cases.c.case_no).where(cases.c.case_no.in_(names[at : at + CHUNK]))
        connection.execute(query.order_by(cases.c.case_no).with_for_update()).all()


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)


__all__ = ["Page", "add", "read", "settle", "verdict"]
