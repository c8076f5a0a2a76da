"""Alarms in the database, within a transaction of whoever calls."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, update

from fleet.alarms.rules import Rule
from fleet.alarms.states import Act, State
from fleet.alarms.watch import Watch
from fleet.store.alarm_tables import alarm_groups as groups
from fleet.store.alarm_tables import alarm_members as members
from fleet.store.alarm_tables import alarm_notes as notes
from fleet.store.alarm_tables import alarm_watches as watches
from fleet.store.database import insert

SLICE = 500  # names in one statement
WATCH = ("rule", "terminal", "place", "since", "well_since", "alarm", "settled_at", "detail")


def read_watches(connection: Connection) -> dict[tuple[str, str], Watch]:
    found = connection.execute(select(*(watches.c[name] for name in WATCH)))
    return {(row.rule, row.terminal): Watch(**row._asdict()) for row in found}


def keep(connection: Connection, kept: Collection[Watch]) -> None:
    _put_all(connection, watches, [asdict(watch) for watch in kept], ("rule", "terminal"))


def forget(connection: Connection, gone: Collection[Watch]) -> None:
    by_rule: dict[str, list[str]] = {}
    for watch in gone:
        by_rule.setdefault(watch.rule, []).append(watch.terminal)
    for rule, terminals in by_rule.items():
        for some in _slices(terminals):
            mine = and_(watches.c.rule == rule, watches.c.terminal.in_(some))
            connection.execute(delete(watches).where(mine))


def open_alarms(connection: Connection) -> dict[tuple[str, str], Row[Any]]:
    """By (rule, place)."""
    found = connection.execute(select(groups).where(groups.c.open_key.is_not(None)))
    return {(row.rule, row.place): row for row in found}


def begin(
    connection: Connection, rule: Rule, place: str, now: float, *, since: float, count: int
) -> int:
    """Returns the new alarm's id."""
    first = rule.escalation(0)
    values = {
        "rule": rule.name, "place": place, "open_key": f"{rule.name}|{place}",
        "severity": rule.severity.value, "state": State.OPEN.value, "started_at": since,
        "opened_at": now, "escalate_at": None if first is None else now + first,
        "terminals": count, "most": count,
    }  # fmt: skip
    made = connection.execute(groups.insert().values(values)).inserted_primary_key
    assert made is not None
    note(connection, int(made[0]), now, Act.OPENED)
    return int(made[0])


def join(connection: Connection, alarm: int, joining: Collection[Watch]) -> None:
    rows = [
        {
            "alarm": alarm, "terminal": one.terminal, "since": one.since, "gone_at": None,
            "detail": one.detail,
        }
        for one in joining
    ]  # fmt: skip
    _put_all(connection, members, rows, ("alarm", "terminal"))


def leave(connection: Connection, alarm: int, terminals: Collection[str], now: float) -> None:
    for some in _slices(list(terminals)):
        mine = and_(members.c.alarm == alarm, members.c.terminal.in_(some))
        connection.execute(update(members).where(mine).values(gone_at=now))


def count(connection: Connection, alarm: Row[Any], terminals: int) -> None:
    """How many there are now, and how many at the worst."""
    if terminals != alarm.terminals:
        values = {"terminals": terminals, "most": max(alarm.most, terminals)}
        connection.execute(update(groups).filter_by(id=alarm.id).values(values))


def end(connection: Connection, alarm: int, now: float, person: str = "", text: str = "") -> None:
    """Resolved; its watches are the caller's."""
    values = {
        "state": State.RESOLVED.value, "open_key": None, "resolved_at": now,
        "escalate_at": None, "terminals": 0, "turn": groups.c.turn + 1,
    }  # fmt: skip
    connection.execute(update(groups).filter_by(id=alarm).values(values))
    gone = update(members).where(members.c.alarm == alarm, members.c.gone_at.is_(None))
    connection.execute(gone.values(gone_at=now))
    note(connection, alarm, now, Act.RESOLVED, person=person, text=text)


def note(
    connection: Connection, alarm: int, at: float, act: Act, *, person: str = "", text: str = ""
) -> None:
    row = {"alarm": alarm, "at": at, "person": person, "act": act.value, "text": text}
    connection.execute(notes.insert().values(row))


def _slices(names: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(names), SLICE):
        yield names[first : first + SLICE]


def _put_all(
    connection: Connection, table: Table, rows: list[dict[str, Any]], key: tuple[str, ...]
) -> None:
    """Many rows at once: a whole county can fall silent."""
    if not rows:
        return
    statement = insert(connection, table)
    new = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)
