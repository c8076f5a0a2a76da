"""One round of the rules over everything that is known, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, literal_column, select, update

from fleet.alarms import book
from fleet.alarms.conditions import Facts, version
from fleet.alarms.notices import Link, notice
from fleet.alarms.outbox import post
from fleet.alarms.plan import Group, Plan, Seen, plan
from fleet.alarms.rules import MINUTE, Book, Channel, Rule, Severity, When
from fleet.alarms.states import Act, State
from fleet.rollouts.drift import drift
from fleet.rows import AlarmRow, TerminalRow
from fleet.store.alarm_tables import alarm_groups as groups
from fleet.store.alarm_tables import alarm_members as members
from fleet.store.alarm_tables import alarm_outbox as outbox
from fleet.store.alarm_tables import alarm_watches as watches
from fleet.store.database import Store
from fleet.store.tables import acts
from fleet.store.tables import alarms as incidents

DAY = 86_400.0
# Said as it is in the index, which neither database would use for a bound value.
UNCONFIRMED = acts.c.outcome == literal_column("'unconfirmed'")


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, and where the console is."""

    channels: tuple[Channel, ...] = ()
    link: Link = Link()


class Round:
    """`terminals`: as `Live.terminals` gives them, in the same moment."""

    def __init__(self, store: Store, rules: Book, telling: Telling) -> None:
        self._store = store
        self._rules = rules
        self._by_name = rules.by_name()
        self._telling = telling
        self._drift_at = -MINUTE
        self._wanted: dict[str, float] = {}

    def once(self, now: float, terminals: Sequence[TerminalRow], deaf: bool = False) -> bool:
        """True when something changed. A person who acts meanwhile comes first: then the whole
        round is left to the next one. `deaf`: see `Facts`."""
        with self._store.read() as connection:
            facts = replace(self._facts(connection, now, terminals), deaf=deaf)
            alarms = book.open_alarms(connection)
            known = book.read_watches(connection)
        made = plan(self._rules, Seen(now, tuple(terminals), facts, known, alarms))
        late = [row for row in alarms.values() if self._is_late(row, now)]
        if not made and not late:
            return False
        with self._store.write() as connection:
            current = book.open_alarms(connection)
            if _turns(current) != _turns(alarms):
                return True
            self._apply(connection, made, current, now)
            for row in late:
                self._escalate(connection, row.id, now)
        self._store.changes.notify()
        return True

    def _facts(self, connection: Connection, now: float, rows: Sequence[TerminalRow]) -> Facts:
        query = select(acts.c.terminal, func.count()).where(
            UNCONFIRMED, acts.c.received_at > now - DAY, acts.c.kind == "print"
        )
        unsure = {name: int(times) for name, times in connection.execute(
            query.group_by(acts.c.terminal))}  # fmt: skip
        longest = max((rule.within for rule in self._rules.rule if rule.kinds), default=0.0)
        seen = select(incidents).where(incidents.c.last_at > now - longest)
        found: dict[str, list[AlarmRow]] = {}
        for row in connection.execute(seen.order_by(incidents.c.last_at.desc())):
            found.setdefault(row.terminal, []).append(AlarmRow(**row._asdict()))
        usual = {when: _usual(rows, when) for when in (When.SOFTWARE, When.CATALOGUE)}
        seldom = self._drifting(connection, now)
        return Facts(unsure, {name: tuple(those) for name, those in found.items()}, usual, seldom)

    def _drifting(self, connection: Connection, now: float) -> dict[str, float]:
        """Once a minute: of the longest wanted of each terminal, for how many hours."""
        asked = any(rule.when is When.DRIFT for rule in self._rules.rule)
        if asked and not 0 <= now - self._drift_at < MINUTE:
            self._drift_at, self._wanted = now, {}
            for one in drift(connection):
                since = min(one.since, self._wanted.get(one.terminal, one.since))
                self._wanted[one.terminal] = since
        return {name: (now - since) / 3600 for name, since in self._wanted.items()}

    def _apply(
        self, connection: Connection, made: Plan, alarms: dict[tuple[str, str], Row[Any]],
        now: float,
    ) -> None:  # fmt: skip
        book.forget(connection, made.gone)
        book.keep(connection, made.kept)
        for group in made.groups:
            if group.alarm is None:
                self._begin(connection, group, now)
            else:
                self._change(connection, group, alarms[group.rule.name, group.place], now)
        for orphan in made.orphans:
            book.end(connection, orphan, now, text="rule_gone")

    def _begin(self, connection: Connection, group: Group, now: float) -> None:
        since = min(watch.since for watch in group.joins)
        alarm = book.begin(
            connection, group.rule, group.place, now, since=since, count=group.members
        )
        members = [replace(watch, alarm=alarm) for watch in group.joins]
        book.keep(connection, members)
        book.join(connection, alarm, members)
        self.tell(connection, alarm, "opened", now)

    def _change(self, connection: Connection, group: Group, alarm: Row[Any], now: float) -> None:
        book.join(connection, alarm.id, group.joins)
        book.leave(connection, alarm.id, group.leaves, now)
        book.count(connection, alarm, group.members)
        if group.ends:
            book.end(connection, alarm.id, now)
            self.tell(connection, alarm.id, "resolved", now)

    def _is_late(self, row: Row[Any], now: float) -> bool:
        quiet = row.silent_until is not None and row.silent_until > now
        late = row.escalate_at is not None and row.escalate_at <= now
        return late and not quiet and row.state == State.OPEN

    def _escalate(self, connection: Connection, alarm: int, now: float) -> None:
        row = connection.execute(select(groups).filter_by(id=alarm)).one()
        if row.state == State.OPEN:
            self.raise_level(connection, row, now)

    def raise_level(self, connection: Connection, row: Row[Any], now: float, by: str = "") -> None:
        """The next people are told; once for each level."""
        level = row.level + 1
        rule = self._by_name.get(row.rule)
        rest = rule.escalation(level) if rule else None
        values = {"level": level, "escalate_at": None if rest is None else row.opened_at + rest}
        connection.execute(update(groups).filter_by(id=row.id).values(values))
        book.note(connection, row.id, now, Act.ESCALATED, person=by, text=str(level))
        self.tell(connection, row.id, "escalated", now)

    def tell(self, connection: Connection, alarm: int, event: str, now: float) -> None:
        """Whoever is to be told of it; of its end, those who were told before."""
        row = connection.execute(select(groups).filter_by(id=alarm)).one()
        rule = self._by_name.get(row.rule)
        if rule is None or (row.silent_until is not None and row.silent_until > now):
            return
        told = set(connection.scalars(select(outbox.c.channel).filter_by(alarm=alarm)))
        names = _names(connection, alarm, event)
        for channel in self._telling.channels:
            wants = channel.name in told if event == "resolved" else _wants(channel, rule, row)
            if event == "opened" and channel.level > 0:
                wants = False
            if wants:
                delivery = f"{alarm}-{event}-{row.level}-{channel.name}"
                body = notice(
                    event, row, rule, names, delivery=delivery, at=now, link=self._telling.link
                )
                post(connection, channel.name, delivery, body, now, event=event, alarm=alarm)


def _usual(rows: Sequence[TerminalRow], when: When) -> str:
    """The version that most have; '' while nobody has said one."""
    told = Counter(version(row, when) for row in rows if not row.stale)
    del told[""]
    return told.most_common(1)[0][0] if told else ""


def _wants(channel: Channel, rule: Rule, row: Row[Any]) -> bool:
    return Severity(row.severity).rank >= channel.least.rank and row.level >= channel.level


def _names(connection: Connection, alarm: int, event: str) -> list[str]:
    """Its terminals; of one that is over, all that it was about."""
    table = members if event == "resolved" else watches
    query = select(table.c.terminal).where(table.c.alarm == alarm)
    return list(connection.scalars(query.order_by(table.c.terminal)))


def _turns(alarms: dict[tuple[str, str], Row[Any]]) -> dict[int, int]:
    return {row.id: row.turn for row in alarms.values()}
