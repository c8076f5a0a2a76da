"""Rollouts and their terminals as the database keeps them, and what terminals say, taken in.

`actor`: the name of the person who does it, from whoever has checked who that is.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from fleet.errors import RolloutError
from fleet.rollouts import tidings
from fleet.rollouts.shapes import At, Plan, State
from fleet.store.rollout_tables import rollout_notes, rollout_terminals, rollouts
from kiosk.wire import PieceKind, Step

WINDOW = re.compile(r"(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?")
UNDER_WAY = (State.RUNNING, State.PAUSED, State.APPROVAL, State.ROLLING_BACK)
_STEPS = {
    Step.FETCHED: At.FETCHED, Step.READY: At.READY, Step.SWITCHED: At.SWITCHED,
    Step.CONFIRMED: At.CONFIRMED, Step.REFUSED: At.FAILED, Step.FELL_BACK: At.FAILED,
}  # fmt: skip
_CLOSED = (At.RETURNING, At.RETURNED)


def propose(connection: Connection, kind: PieceKind, plan: Plan, actor: str, now: float) -> int:
    """Its number; it has begun with its first group, or waits for approval of it. Raises
    `RolloutError`."""
    _check(connection, kind, plan)
    waits = plan.groups[0].approve
    state = State.APPROVAL if waits else State.RUNNING
    row = {
        "kind": kind.value, "version": plan.piece.version,
        "plan": msgspec.json.encode(plan).decode(), "state": state.value,
        "stage": -1 if waits else 0, "stage_at": now, "asked_by": actor, "made_at": now,
        "changed_at": now,
    }  # fmt: skip
    number = connection.execute(insert(rollouts).values(row)).inserted_primary_key
    assert number is not None
    note(connection, ("rollout", int(number[0])), now, actor, f"proposes {kind} {row['version']}")
    return int(number[0])


def _check(connection: Connection, kind: PieceKind, plan: Plan) -> None:
    wrong = (
        (not plan.groups, "a rollout has groups", "invalid"),
        (not WINDOW.fullmatch(plan.window), "a window is 01:30-04:30", "window"),
        (not plan.piece.target, "what is rolled out is on the list of updates", "no_piece"),
        (not all(0 < one.where.share <= 1 for one in plan.groups), "a share is above 0, to 1",
         "share"),
    )  # fmt: skip
    for is_so, why, code in wrong:
        if is_so:
            raise RolloutError(why, code)
    other = select(rollouts.c.id).where(
        rollouts.c.kind == kind.value, rollouts.c.state.in_(UNDER_WAY)
    )
    if number := connection.scalar(other):
        raise RolloutError(f"rollout {number} of {kind} is under way: end it first", "under_way")
    later = update(rollouts).where(rollouts.c.kind == kind.value, rollouts.c.state == State.DONE)
    connection.execute(later.values(state=State.STOPPED.value, why="followed by another"))


def find(connection: Connection, number: int) -> Row[Any]:
    """Raises `RolloutError`."""
    row = connection.execute(select(rollouts).where(rollouts.c.id == number)).first()
    if row is None:
        raise RolloutError(f"there is no rollout {number}", "unknown")
    return row


def note(connection: Connection, about: tuple[str, int], at: float, actor: str, what: str) -> None:
    """`about`: rollout or order, and its number."""
    row = {"about": about[0], "number": about[1], "at": at, "actor": actor[:64], "what": what}
    connection.execute(insert(rollout_notes).values(row))


def rows_of(connection: Connection, number: int) -> list[Row[Any]]:
    query = select(rollout_terminals).where(rollout_terminals.c.rollout == number)
    return list(connection.execute(query.order_by(rollout_terminals.c.terminal)))


def set_terminal(
    connection: Connection, row: Row[Any], state: At, now: float, why: str = ""
) -> None:
    table = rollout_terminals.c
    values: dict[str, Any] = {"state": state.value, "why": why, "changed_at": now}
    if state in {At.SWITCHED, At.CONFIRMED} and row.switched_at is None:
        values["switched_at"] = now
    change = update(rollout_terminals).where(
        table.rollout == row.rollout, table.terminal == row.terminal
    )
    connection.execute(change.values(values))


def take_in(connection: Connection) -> int:
    """What terminals said of wished pieces since the last time; how many sayings."""
    return tidings.take_in(connection, "desired", Step, _apply)


def _apply(connection: Connection, said: Row[Any]) -> None:
    """To the newest rollout of that kind which has this terminal."""
    table = rollout_terminals.c
    query = (
        select(rollout_terminals, rollouts.c.version)
        .join(rollouts, rollouts.c.id == table.rollout)
        .where(table.terminal == said.terminal, rollouts.c.kind == said.ref)
        .order_by(table.rollout.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None or row.version != said.version or row.state in _CLOSED:
        return
    set_terminal(connection, row, _STEPS[Step(said.outcome)], said.received_at, said.why)
