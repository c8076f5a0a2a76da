"""What has happened since the last look, for one webhook: of cases by their events, of terminals by
the history of their service. The place up to which was read is kept with what was put out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select

from fleet.handling.places import place, set_place
from fleet.rows import Serving
from fleet.store.handling_tables import handling_cases as handled
from fleet.store.handling_tables import handling_events as events
from fleet.store.report_tables import serving_history as history
from fleet.store.tables import cases
from fleet.webhooks.cloud import OF_CASES, OF_TERMINALS, CloudEvent, Type, moment

ROUND = 200  # events of cases in one transaction
AGAIN, AGAIN_SECONDS = 500, 3600.0  # read once more: two writers can commit out of turn


def seen(connection: Connection) -> tuple[object, ...]:
    """Changes when there is something new. Counted as well: see `AGAIN`."""
    newest = connection.scalar(select(func.max(events.c.position))) or 0
    late = select(func.count()).select_from(events).where(events.c.position > newest - AGAIN)
    since = connection.scalar(select(func.max(history.c.since)))
    return newest, connection.scalar(late), since


def of_cases(connection: Connection, reader: str, source: str, now: float) -> list[CloudEvent]:
    """The next ones; the place moves with them. A reader that is new begins with what comes."""
    name = f"{reader}/cases"
    told = place(connection, name)
    if not told:
        newest = connection.scalar(select(func.max(events.c.position))) or 0
        set_place(connection, name, str(newest))
        return []
    rows = _events(connection, int(told), now)
    if rows:
        set_place(connection, name, str(max(int(told), rows[-1].position)))
    news = [row for row in rows if row.kind in OF_CASES]
    ended = {row.case_no: row for row in news if row.ended_at is not None}
    return [
        *(_told(row, source) for row in news),
        *(_closed(row, source) for row in ended.values()),
    ]


def _events(connection: Connection, known: int, now: float) -> list[Row[Any]]:
    own = events.c
    fresh = or_(
        own.position > known,
        and_(own.position > known - AGAIN, own.received_at > now - AGAIN_SECONDS),
    )
    query = select(
        own.position, own.case_no, own.id, own.kind, own.at, cases.c.terminal, cases.c.task_code,
        handled.c.phase, handled.c.due_date, handled.c.ended_at,
    )  # fmt: skip
    query = query.join(cases, cases.c.case_no == own.case_no)
    query = query.join(handled, handled.c.case_no == own.case_no)
    query = query.where(own.position > known - AGAIN, fresh)
    return list(connection.execute(query.order_by(own.position).limit(AGAIN + ROUND)))


def _told(row: Row[Any], source: str) -> CloudEvent:
    kind = OF_CASES[row.kind]
    step = {"change": row.kind} if kind is Type.STEP_CHANGED else {}
    number, data = row.case_no, _data(row) | step
    return CloudEvent(f"{number}/{row.id}", kind, source, number, moment(row.at), data)


def _closed(row: Row[Any], source: str) -> CloudEvent:
    number, at = row.case_no, moment(row.ended_at)
    return CloudEvent(f"{number}/closed", Type.CLOSED, source, number, at, _data(row))


def _data(row: Row[Any]) -> dict[str, str]:
    names = ("case_no", "task_code", "terminal", "phase", "due_date")
    return {name: getattr(row, name) for name in names}


def of_terminals(connection: Connection, reader: str, source: str) -> list[CloudEvent]:
    """Of each terminal that does otherwise than it was last told: how it is now. So a fleet that
    was away for a while, and knew nothing of any terminal, tells of none that is as before."""
    name = f"{reader}/terminals"
    told, newest = place(connection, name), connection.scalar(select(func.max(history.c.since)))
    if newest is None or (told and float(told) >= newest):
        return []
    set_place(connection, name, repr(float(newest)))
    rows = _changes(connection, float(told)) if told else []
    return [
        CloudEvent(
            f"{row.terminal}/{row.since:.3f}", OF_TERMINALS[Serving(row.serving)], source,
            row.terminal, moment(row.since), {"terminal": row.terminal, "serving": row.serving},
        )
        for row in rows
        if row.serving != row.before
    ]  # fmt: skip


def _changes(connection: Connection, known: float) -> list[Row[Any]]:
    """The newest word of each terminal that has one since, and the one `before`."""
    later, earlier = history.alias("later"), history.alias("earlier")
    before = select(earlier.c.serving).where(
        earlier.c.terminal == history.c.terminal, earlier.c.since <= known
    )
    before = before.order_by(earlier.c.since.desc()).limit(1)
    newer = exists().where(later.c.terminal == history.c.terminal, later.c.since > history.c.since)
    query = select(history, before.scalar_subquery().label("before"))
    query = query.where(history.c.since > known, ~newer)
    return list(connection.execute(query.order_by(history.c.since, history.c.terminal)))
