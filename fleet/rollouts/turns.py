"""What people do with a rollout that there is: pause, resume, approve, stop. See `book`."""

from __future__ import annotations

from sqlalchemy import Connection, update

from fleet.errors import RolloutError
from fleet.rollouts.book import find, note
from fleet.rollouts.engine import ACTIVE, Look
from fleet.rollouts.shapes import State
from fleet.store.rollout_tables import rollouts


def pause(connection: Connection, number: int, actor: str, now: float) -> None:
    _turn(connection, number, (State.RUNNING, State.PAUSED), actor, now)


def resume(connection: Connection, number: int, actor: str, now: float) -> None:
    _turn(connection, number, (State.PAUSED, State.RUNNING), actor, now)


def approve(connection: Connection, number: int, actor: str, now: float) -> None:
    """The next group begins. Not by who proposed it."""
    row = find(connection, number)
    if row.state != State.APPROVAL:
        raise RolloutError(f"rollout {number} waits for nobody: it is {row.state}", "moved_on")
    if row.asked_by == actor:
        raise RolloutError("somebody else has to approve it", "same_person")
    note(connection, ("rollout", number), now, actor, "approves")
    Look(connection, row, now).begin(row.stage + 1, actor)


def stop(connection: Connection, number: int, actor: str, now: float, why: str) -> None:
    """Everybody gets back what was there before."""
    row = find(connection, number)
    if row.state not in ACTIVE:
        raise RolloutError(f"rollout {number} is {row.state}", "moved_on")
    Look(connection, row, now).roll_back(why or "stopped", actor)


def _turn(
    connection: Connection, number: int, turn: tuple[State, State], actor: str, now: float
) -> None:
    """From one state to another."""
    row, (here, there) = find(connection, number), turn
    if row.state != here:
        raise RolloutError(f"rollout {number} is {row.state}", "moved_on")
    change = update(rollouts).where(rollouts.c.id == number)
    connection.execute(change.values(state=there.value, changed_at=now))
    note(connection, ("rollout", number), now, actor, str(there))
