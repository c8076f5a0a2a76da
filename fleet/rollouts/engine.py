"""A rollout's course: one look at a time, each in one transaction, so that a stop loses nothing.

A group begins when the one before is good: every terminal that can be reached has it and came up
well, citizens fare no worse, and long enough was watched. What goes wrong stops everything and
takes it back. Terminals that come back late find their pointer at the broker, and join.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Row, select, update

from fleet.incidents import AlarmKind, alarm
from fleet.rollouts import gate, pointers
from fleet.rollouts.book import note, rows_of, set_terminal
from fleet.rollouts.shapes import At, Plan, State
from fleet.rollouts.where import Known, chosen, known
from fleet.store.database import put
from fleet.store.rollout_tables import rollout_terminals, rollouts
from kiosk.wire import Piece, PieceKind

log = structlog.get_logger("fleet.rollouts")

FLEET = "fleet"  # the actor of what nobody asked for
ACTIVE = (State.RUNNING, State.PAUSED, State.APPROVAL, State.DONE)
MOVING = (At.TOLD, At.FETCHED, At.READY, At.SWITCHED)
TAKEN = (At.SWITCHED, At.CONFIRMED)
MOST_TOLD = 200  # in one look: writers do not wait long, and terminals do not fetch all at once
REACHED_SECONDS = 900.0  # who was heard within so many is waited for


class Look:
    """One look at one rollout."""

    def __init__(self, connection: Connection, row: Row[Any], now: float) -> None:
        self._connection, self._row, self._now = connection, row, now
        self._plan = msgspec.json.decode(row.plan, type=Plan)
        self._kind = PieceKind(row.kind)
        self._every = known(connection)
        self._by_name: Mapping[str, Known] = {one.terminal: one for one in self._every}
        self._rows = rows_of(connection, row.id)

    def take(self) -> None:
        state = State(self._row.state)
        if state is State.ROLLING_BACK:
            self._look_back()
        elif state in ACTIVE:
            self._tell_members(self._row.stage)
            self._fail_silent()
            if why := self._wrong():
                self.roll_back(why, FLEET)
            elif state is State.RUNNING:
                self._go_on()

    # ---- Forward -----------------------------------------------------------------------------

    def _tell_members(self, stage: int) -> None:
        """Of every group so far, those who have come since among them."""
        members: dict[str, tuple[Known, int]] = {}
        for number, group in enumerate(self._plan.groups[: stage + 1]):
            for one in chosen(self._every, group.where):
                members.setdefault(one.terminal, (one, number))
        for row in self._rows:
            members.pop(row.terminal, None)
        for one, number in list(members.values())[:MOST_TOLD]:
            self._tell(one, number)
        self._more = len(members) > MOST_TOLD
        self._rows = rows_of(self._connection, self._row.id)

    def _tell(self, one: Known, stage: int) -> None:
        before = pointers.pieces_of(self._connection, one.terminal).get(self._kind)
        has = one.versions[self._kind]
        if before is None and self._kind is not PieceKind.CATALOGUE:
            before = Piece(has) if has or self._kind is PieceKind.SETTINGS else None
        piece, window = self._plan.piece, self._plan.window
        row = {
            "rollout": self._row.id, "terminal": one.terminal, "stage": stage,
            "state": At.TOLD.value, "before": msgspec.json.encode(before).decode(),
            "told_at": self._now, "changed_at": self._now,
        }  # fmt: skip
        put(self._connection, rollout_terminals, row, ("rollout", "terminal"))
        wish = pointers.Wish(one.terminal, self._kind, piece, window)
        pointers.wish(self._connection, wish, self._now)

    def _fail_silent(self) -> None:
        """Nothing was heard of it since it switched, though it was there before."""
        limit = self._plan.terms.silent
        for row in self._rows:
            heard = self._by_name[row.terminal].heard_at if row.terminal in self._by_name else 0
            since = row.switched_at or self._now
            if row.state == At.SWITCHED and self._now - max(since, heard) > limit:
                set_terminal(self._connection, row, At.FAILED, self._now, "silent")
        self._rows = rows_of(self._connection, self._row.id)

    def _wrong(self) -> str:
        """Why everything has to stop; ''."""
        known_ones = [row for row in self._rows if row.state in (*TAKEN, At.FAILED)]
        failed = [row for row in known_ones if row.state == At.FAILED]
        told = max(1, len([row for row in self._rows if self._waited_for(row)]))
        if failed and len(failed) / told > self._plan.terms.failures:
            return f"{len(failed)} of {told} terminals failed: {failed[0].why}"
        return self._worse()

    def _worse(self) -> str:
        taken = (row for row in self._rows if row.state in TAKEN and row.switched_at)
        switched = ((row.terminal, row.switched_at) for row in taken)
        terms = self._plan.terms
        before, self._after = gate.compared(self._connection, switched, terms, self._now)
        return gate.worse(before, self._after, terms)

    def _go_on(self) -> None:
        terms, last = self._plan.terms, len(self._plan.groups) - 1
        stage = [row for row in self._rows if row.stage == self._row.stage]
        open_ones = [row for row in stage if row.state in MOVING and self._waited_for(row)]
        good = any(row.state == At.CONFIRMED for row in stage)
        if open_ones or not good or self._more:
            return
        watched = self._now - max(row.switched_at or 0.0 for row in stage)
        if watched < terms.observe:
            return
        if self._after.visits < terms.visits:
            if watched > terms.patience:
                self._set(State.APPROVAL, "too few visits to judge by")
        elif self._row.stage == last:
            self._set(State.DONE, "")
        elif self._plan.groups[self._row.stage + 1].approve:
            self._set(State.APPROVAL, "the next group waits for approval")
        else:
            self.begin(self._row.stage + 1, FLEET)

    def begin(self, stage: int, actor: str) -> None:
        """The next group; after the last one it is done."""
        if stage == len(self._plan.groups):
            self._set(State.DONE, "", actor)
            return
        name = self._plan.groups[stage].name
        self._change(state=State.RUNNING.value, stage=stage, stage_at=self._now, why="")
        note(self._connection, ("rollout", self._row.id), self._now, actor, f"begins: {name}")
        self._tell_members(stage)

    def _waited_for(self, row: Row[Any]) -> bool:
        """It is there, or was just now; who is away for longer joins when it comes back."""
        one = self._by_name.get(row.terminal)
        near = max(one.heard_at if one else 0.0, row.switched_at or 0.0)
        here = one is not None and one.online
        return here or self._now - near < REACHED_SECONDS or row.state == At.FAILED

    # ---- Back --------------------------------------------------------------------------------

    def roll_back(self, why: str, actor: str) -> None:
        """Everybody gets what was there before; where nobody knows what that was, it only stops.
        People are called when none of them asked for it."""
        if actor == FLEET:
            alarm(self._connection, self._now, AlarmKind.ROLLOUT_STOPPED, "", seq=self._row.id)
        returning = 0
        for row in self._rows:
            before = msgspec.json.decode(row.before, type=Piece | None)
            if before is not None:
                wish = pointers.Wish(row.terminal, self._kind, before)
                pointers.wish(self._connection, wish, self._now)
                set_terminal(self._connection, row, At.RETURNING, self._now, row.why)
                returning += 1
        self._set(State.ROLLING_BACK if returning else State.STOPPED, why, actor)

    def _look_back(self) -> None:
        """Done when everybody who can be reached is back; the others come back when they come."""
        open_ones = [row for row in self._rows if row.state == At.RETURNING]
        for row in open_ones:
            before = msgspec.json.decode(row.before, type=Piece | None)
            one = self._by_name.get(row.terminal)
            if one and before and one.versions[self._kind] == before.version:
                set_terminal(self._connection, row, At.RETURNED, self._now, row.why)
        self._rows = rows_of(self._connection, self._row.id)
        if not any(row.state == At.RETURNING and self._waited_for(row) for row in self._rows):
            self._set(State.ROLLED_BACK, self._row.why)

    def _set(self, state: State, why: str, actor: str = FLEET) -> None:
        self._change(state=state.value, why=why)
        what = f"{state}: {why}" if why else str(state)
        note(self._connection, ("rollout", self._row.id), self._now, actor, what)
        log.info("rollout", number=self._row.id, state=str(state))

    def _change(self, **values: object) -> None:
        where = rollouts.c.id == self._row.id
        connection = self._connection
        connection.execute(update(rollouts).where(where).values(**values, changed_at=self._now))
        self._row = connection.execute(select(rollouts).where(where)).one()

    _after = gate.Fare()
    _more = False  # there are members whom nobody has told yet
