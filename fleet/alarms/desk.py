"""What people do with alarms. Each act is one transaction, kept with who did it and when."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, select, update

from fleet.alarms import book
from fleet.alarms.round import Round, Telling
from fleet.alarms.rules import Book
from fleet.alarms.states import NEXT, Act, Refusal, State
from fleet.store.alarm_tables import alarm_groups as groups
from fleet.store.alarm_tables import alarm_watches as watches
from fleet.store.database import Store

MOST_TEXT = 500
HOURS = (1, 4, 24, 168)  # of a silence

Done = Refusal | None


class AlarmDesk:
    """Blocks. `turn`: of the alarm as the page showed it, so that an old page changes nothing;
    `person`: who acts, '' is nobody and is not let in."""

    def __init__(
        self, store: Store, rules: Book, telling: Telling, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._rules = rules.by_name()
        self._most_level = max((one.level for one in telling.channels), default=0)
        self._round = Round(store, rules, telling)
        self._clock = clock

    def take(self, alarm: int, turn: int, person: str) -> Done:
        """Nobody is called any more. Somebody else's has to be released first."""

        def change(connection: Connection, row: Row[Any]) -> Done:
            if row.owner and row.owner != person:
                return Refusal.TAKEN
            return self._set(connection, row, Act.TAKE, person, owner=person)

        return self._act(alarm, turn, person, Act.TAKE, change)

    def release(self, alarm: int, turn: int, person: str) -> Done:
        """Whoever comes next; the time until somebody is called begins anew."""

        def change(connection: Connection, row: Row[Any]) -> Done:
            if row.owner != person:
                return Refusal.NOT_YOURS
            rule = self._rules.get(row.rule)
            rest = rule.escalation(row.level) if rule else None
            again = None if rest is None else self._clock() + rest
            return self._set(connection, row, Act.RELEASE, person, owner="", escalate_at=again)

        return self._act(alarm, turn, person, Act.RELEASE, change)

    def note(self, alarm: int, person: str, text: str) -> Done:
        """Words for those who come after; no turn: it takes nothing from anybody."""
        words = " ".join(text.split())
        if not words or not person:
            return Refusal.EMPTY
        if len(words) > MOST_TEXT:
            return Refusal.TOO_LONG

        def change(connection: Connection, row: Row[Any]) -> Done:
            book.note(connection, row.id, self._clock(), Act.NOTE, person=person, text=words)
            return None

        return self._act(alarm, None, person, Act.NOTE, change)

    def silence(self, alarm: int, turn: int, person: str, hours: int) -> Done:
        """No messages for so many hours; 0 ends a silence."""
        if hours and hours not in HOURS:
            return Refusal.TOO_LONG
        act = Act.SILENCE if hours else Act.SPEAK

        def change(connection: Connection, row: Row[Any]) -> Done:
            until = self._clock() + hours * 3600 if hours else None
            said = str(hours) if hours else ""
            return self._set(connection, row, act, person, said, silent_until=until)

        return self._act(alarm, turn, person, act, change)

    def escalate(self, alarm: int, turn: int, person: str) -> Done:
        """The next people are told now."""

        def change(connection: Connection, row: Row[Any]) -> Done:
            if row.level >= self._most_level:
                return Refusal.HIGHEST
            loud = {"silent_until": None, "turn": row.turn + 1}
            connection.execute(update(groups).filter_by(id=row.id).values(loud))
            fresh = connection.execute(select(groups).filter_by(id=row.id)).one()
            self._round.raise_level(connection, fresh, self._clock(), person)
            return None

        return self._act(alarm, turn, person, Act.ESCALATE, change)

    def resolve(self, alarm: int, turn: int, person: str, text: str) -> Done:
        """Of what only a person can judge: seen to. What is seen later begins another."""
        words = " ".join(text.split())

        def change(connection: Connection, row: Row[Any]) -> Done:
            rule = self._rules.get(row.rule)
            if rule is not None and not rule.by_hand:
                return Refusal.STILL_SO
            if not words or len(words) > MOST_TEXT:
                return Refusal.TOO_LONG if words else Refusal.EMPTY
            now = self._clock()
            settled = update(watches).where(watches.c.alarm == row.id)
            connection.execute(settled.values(alarm=None, settled_at=now, detail=""))
            book.end(connection, row.id, now, person, words)
            self._round.tell(connection, row.id, "resolved", now)
            return None

        return self._act(alarm, turn, person, Act.RESOLVE, change)

    def _act(
        self, alarm: int, turn: int | None, person: str, act: Act,
        change: Callable[[Connection, Row[Any]], Done],
    ) -> Done:  # fmt: skip
        if not person:
            return Refusal.NOT_YOURS
        with self._store.write() as connection:
            query = select(groups).filter_by(id=alarm).with_for_update()
            row = connection.execute(query).first()
            if row is None:
                return Refusal.UNKNOWN
            if (State(row.state), act) not in NEXT:
                return Refusal.OVER
            if turn is not None and turn != row.turn:
                return Refusal.STALE
            refused = change(connection, row)
        if refused is None:
            self._store.changes.notify()
        return refused

    def _set(
        self, connection: Connection, row: Row[Any], act: Act, person: str, text: str = "",
        **values: Any,
    ) -> Done:  # fmt: skip
        state = NEXT[State(row.state), act].value
        change = update(groups).filter_by(id=row.id)
        connection.execute(change.values(state=state, turn=row.turn + 1, **values))
        book.note(connection, row.id, self._clock(), act, person=person, text=text)
        return None
