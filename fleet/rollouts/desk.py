"""What people do with orders and rollouts, by console, API and command line alike.

Each act is one transaction, in which the record of acts is written too; what is refused is on
record as well. Whoever sits at the fleet's own machine may do all of it, as everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from fleet.errors import RolloutError, UpdatesError
from fleet.people.audit import Audit
from fleet.people.roles import Permission, Way, Who
from fleet.rollouts import book, orders, turns
from fleet.rollouts.orders import Wanted
from fleet.rollouts.shapes import Group, Plan, Terms
from fleet.rollouts.view import RolloutView, mark
from fleet.store.database import Store
from fleet.updates.repository import Repository
from kiosk.wire import Piece, PieceKind

Do = Callable[[Connection], Any]


class Act(StrEnum):
    """As it stands in the record of acts."""

    ORDER = "order.give"
    ORDER_APPROVE = "order.approve"
    ORDER_REFUSE = "order.refuse"
    ORDER_WITHDRAW = "order.withdraw"
    PROPOSE = "rollout.propose"
    APPROVE = "rollout.approve"
    PAUSE = "rollout.pause"
    RESUME = "rollout.resume"
    STOP = "rollout.stop"


NEEDS = {
    **dict.fromkeys((Act.ORDER, Act.ORDER_WITHDRAW), Permission.COMMANDS),
    **dict.fromkeys((Act.PROPOSE, Act.PAUSE, Act.RESUME, Act.STOP), Permission.ROLLOUTS),
    **dict.fromkeys((Act.ORDER_APPROVE, Act.ORDER_REFUSE, Act.APPROVE), Permission.APPROVE),
}
LONGEST_REASON = 200  # characters


def may(who: Who, act: Act) -> bool:
    return who.way is Way.COMMAND or who.may(NEEDS[act])


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be rolled out."""

    kind: PieceKind
    piece: Piece


@dataclass(frozen=True, slots=True)
class Proposal:
    kind: PieceKind
    version: str
    groups: Sequence[Group]
    terms: Terms = Terms()
    window: str = ""


class RolloutDesk:
    """Blocks. Acts raise `RolloutError`. `audit` None: there is no record of acts, inside another
    program; `repository` None: nothing can be rolled out.

    `seen`: the mark of a rollout, or the terminals of a preview, as somebody was shown them; if
    that has changed, nothing is done.
    """

    def __init__(
        self, store: Store, audit: Audit | None = None, repository: Repository | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.view = RolloutView(store)
        self.clock = clock
        self._store, self._audit, self._repository = store, audit, repository

    # ---- Commands ----------------------------------------------------------------------------

    def order(self, who: Who, wanted: Wanted, seen: Collection[str] | None = None) -> int:
        """Its number."""

        def do(connection: Connection) -> int:
            return orders.order(connection, wanted, who.name, self.clock(), seen)

        told = {"operation": wanted.operation.value, "reason": wanted.reason}
        return int(self._act(who, Act.ORDER, "", do, **told))

    def answer(self, who: Who, number: int, *, approved: bool) -> None:
        act = Act.ORDER_APPROVE if approved else Act.ORDER_REFUSE

        def do(connection: Connection) -> None:
            orders.answer(connection, number, who.name, self.clock(), approved=approved)

        self._act(who, act, str(number), do)

    def withdraw(self, who: Who, number: int) -> None:
        def do(connection: Connection) -> None:
            orders.withdraw(connection, number, who.name, self.clock())

        self._act(who, Act.ORDER_WITHDRAW, str(number), do)

    # ---- Rollouts ----------------------------------------------------------------------------

    def offered(self) -> list[Offered]:
        """By kind and version; nothing where there is no repository yet."""
        try:
            targets = self._repository.targets().targets if self._repository else {}
        except UpdatesError:
            return []
        found = []
        for name, target in targets.items():
            custom = target.unrecognized_fields.get("custom", {})
            if custom.get("kind") in list(PieceKind) and custom.get("version"):
                piece = Piece(custom["version"], name, target.hashes["sha256"], target.length)
                found.append(Offered(PieceKind(custom["kind"]), piece))
        return sorted(found, key=lambda one: (one.kind, one.piece.version), reverse=True)

    def propose(self, who: Who, wanted: Proposal) -> int:
        """Its number."""

        def do(connection: Connection) -> int:
            plan = Plan(self._piece(wanted), list(wanted.groups), wanted.terms, wanted.window)
            return book.propose(connection, wanted.kind, plan, who.name, self.clock())

        told = {"kind": wanted.kind.value, "version": wanted.version}
        return int(self._act(who, Act.PROPOSE, "", do, **told))

    def approve(self, who: Who, number: int, seen: str | None = None) -> None:
        self._turn(who, Act.APPROVE, number, seen, turns.approve)

    def pause(self, who: Who, number: int, seen: str | None = None) -> None:
        self._turn(who, Act.PAUSE, number, seen, turns.pause)

    def resume(self, who: Who, number: int, seen: str | None = None) -> None:
        self._turn(who, Act.RESUME, number, seen, turns.resume)

    def stop(self, who: Who, number: int, seen: str | None = None, why: str = "") -> None:
        """Everybody gets back what was there before."""
        reason = why.strip()[:LONGEST_REASON]

        def stop(connection: Connection, number: int, actor: str, now: float) -> None:
            turns.stop(connection, number, actor, now, reason)

        self._turn(who, Act.STOP, number, seen, stop, reason=reason)

    def _turn(
        self, who: Who, act: Act, number: int, seen: str | None,
        do: Callable[[Connection, int, str, float], None], **told: str,
    ) -> None:  # fmt: skip
        def turn(connection: Connection) -> None:
            if seen is not None and mark(book.find(connection, number)) != seen:
                raise RolloutError(f"rollout {number} has moved on since", "moved_on")
            do(connection, number, who.name, self.clock())

        self._act(who, act, str(number), turn, **told)

    def _piece(self, wanted: Proposal) -> Piece:
        for one in self.offered():
            if (one.kind, one.piece.version) == (wanted.kind, wanted.version):
                return one.piece
        raise RolloutError(
            f"there is no {wanted.kind} {wanted.version} on the list: fleet updates add", "no_piece"
        )

    # ---- All of them -------------------------------------------------------------------------

    def _act(self, who: Who, act: Act, target: str, do: Do, **told: str) -> Any:
        """What `do` gives. Committed together with its row in the record, or neither."""
        detail = {name: text for name, text in told.items() if text}
        try:
            if not may(who, act):
                raise RolloutError("your role does not allow this", "role")
            with self._store.write() as connection:
                made = do(connection)
                if self._audit is not None:
                    self._audit.append(connection, who, act, target or str(made), **detail)
        except RolloutError as error:
            if self._audit is not None:
                self._audit.note(who, act, target, error.code, **detail)
            raise
        if self._audit is not None:
            self._audit.mark()
        self._store.changes.notify()
        return made
