"""Alarms as frozen rows, for the console and the API. No row holds a citizen's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from fleet.alarms.rules import Book, Rule, Severity, Words
from fleet.alarms.states import State
from fleet.store.alarm_tables import alarm_groups as groups
from fleet.store.alarm_tables import alarm_members as members
from fleet.store.alarm_tables import alarm_notes as notes
from fleet.store.alarm_tables import alarm_outbox as outbox
from fleet.store.alarm_tables import alarm_watches as watches
from fleet.store.database import Store

MOST_OVER = 200  # resolved ones that are shown
UNNAMED = Words("规则已删除：{place}", "Rule no longer there: {place}")


@dataclass(frozen=True, slots=True)
class Member:
    """`gone_at` None: it is still so. `detail`: the codes of `fleet.alarms.conditions`."""

    terminal: str
    since: float
    gone_at: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """`person` '' : the rules did it. `act`: one of `states.Act`."""

    at: float
    person: str
    act: str
    text: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """`state`: one of `outbox.Standing`; `fault`: a code of the last try that failed."""

    channel: str
    event: str
    state: str
    tries: int
    unsure: bool
    made_at: float
    done_at: float | None
    fault: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One alarm. `turn`: what an act on it must say. `title` may name {place} and {terminals}.
    `by_hand`: only a person ends it. `when`: what its rule asks. `members`: those of now; in its
    story also those that are gone."""

    id: int
    rule: str
    place: str
    severity: Severity
    state: State
    owner: str
    started_at: float
    opened_at: float
    resolved_at: float | None
    silent_until: float | None
    level: int
    escalate_at: float | None
    terminals: int
    most: int
    turn: int
    title: Words
    action: Words
    by_hand: bool
    when: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All of one alarm: its notes and what was sent, the newest first."""

    alarm: GroupRow
    notes: tuple[NoteRow, ...]
    deliveries: tuple[DeliveryRow, ...]


class AlarmView:
    """Blocking reads, safe from any thread."""

    def __init__(self, store: Store, rules: Book) -> None:
        self._store = store
        self._rules = rules.by_name()

    def open_alarms(self) -> tuple[GroupRow, ...]:
        """The gravest first, then the oldest; each terminal of them by name."""
        with self._store.read() as connection:
            found = connection.execute(select(groups).where(groups.c.open_key.is_not(None))).all()
            inside = _current(connection)
        rows = [self._row(row, tuple(inside.get(row.id, ()))) for row in found]
        return tuple(sorted(rows, key=lambda row: (-row.severity.rank, row.started_at, row.id)))

    def open_count(self) -> int:
        with self._store.read() as connection:
            query = select(func.count()).select_from(groups)
            return connection.scalar(query.where(groups.c.open_key.is_not(None))) or 0

    def over(self, limit: int = MOST_OVER) -> tuple[GroupRow, ...]:
        """Resolved ones, the latest first, without their terminals."""
        query = select(groups).where(groups.c.state == State.RESOLVED.value)
        query = query.order_by(groups.c.opened_at.desc(), groups.c.id.desc()).limit(limit)
        with self._store.read() as connection:
            return tuple(self._row(row, ()) for row in connection.execute(query))

    def story(self, alarm: int) -> Story | None:
        with self._store.read() as connection:
            row = connection.execute(select(groups).filter_by(id=alarm)).first()
            if row is None:
                return None
            those = _members(connection, row)
            told = connection.execute(
                select(notes).filter_by(alarm=alarm).order_by(notes.c.id.desc())
            ).all()
            sent = connection.execute(
                select(outbox).filter_by(alarm=alarm).order_by(outbox.c.id.desc())
            ).all()
        return Story(
            self._row(row, those),
            tuple(NoteRow(one.at, one.person, one.act, one.text) for one in told),
            tuple(_delivery(one) for one in sent),
        )

    def unsent(self) -> int:
        """Messages that nobody has taken yet."""
        query = (
            select(func.count())
            .select_from(outbox)
            .where(outbox.c.state != "sent", outbox.c.alarm > 0)
        )
        with self._store.read() as connection:
            return int(connection.scalar(query) or 0)

    def _row(self, row: Row[Any], those: tuple[Member, ...]) -> GroupRow:
        rule: Rule | None = self._rules.get(row.rule)
        return GroupRow(
            row.id, row.rule, row.place, Severity(row.severity), State(row.state), row.owner,
            row.started_at, row.opened_at, row.resolved_at, row.silent_until, row.level,
            row.escalate_at, row.terminals, row.most, row.turn,
            rule.title if rule else UNNAMED, rule.action if rule else Words("–", "–"),
            rule.by_hand if rule else True, rule.when.value if rule else "", those,
        )  # fmt: skip


def _current(connection: Connection) -> dict[int, list[Member]]:
    query = select(watches).where(watches.c.alarm.is_not(None)).order_by(watches.c.terminal)
    found: dict[int, list[Member]] = {}
    for row in connection.execute(query):
        found.setdefault(row.alarm, []).append(Member(row.terminal, row.since, None, row.detail))
    return found


def _members(connection: Connection, alarm: Row[Any]) -> tuple[Member, ...]:
    """Those of now with what is known now, then those that are gone."""
    now = _current(connection).get(alarm.id, [])
    query = select(members).filter_by(alarm=alarm.id).order_by(members.c.terminal)
    known = {one.terminal for one in now}
    rows: Sequence[Row[Any]] = connection.execute(query).all()
    gone = [Member(one.terminal, one.since, one.gone_at, one.detail) for one in rows
            if one.terminal not in known]  # fmt: skip
    return (*now, *gone)


def _delivery(row: Row[Any]) -> DeliveryRow:
    return DeliveryRow(
        row.channel, row.event, row.state, row.tries, row.unsure, row.made_at, row.done_at,
        row.fault,
    )  # fmt: skip
