"""What people do with work orders, by console, interface and command line alike.

Each act is one transaction, in which the record of acts is written too; what is refused is on
record as well. What a citizen said is opened here alone, for one person at a time, and that is on
record. Words are kept sealed, and the record has none of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from fleet.errors import WorkError
from fleet.handling import desk
from fleet.handling.complaintbook import PURPOSE
from fleet.handling.complaints import Complaint
from fleet.handling.desk import Turn
from fleet.handling.orders import Act, OrderFault, OrderState
from fleet.handling.sealing import Vault
from fleet.handling.workview import WorkView
from fleet.people.audit import Audit
from fleet.people.roles import Permission, Way, Who
from fleet.records import NOT_JSON
from fleet.store.database import Store
from kiosk import wire

T = TypeVar("T")
LONGEST_WORDS = 2000  # characters
READ = "work.read"  # in the record of acts


class WorkAct(StrEnum):
    """What a person does; `work.<act>` in the record of acts."""

    ACCEPT = "accept"  # takes it on
    TRANSFER = "transfer"  # gives it to somebody else
    ANSWER = "answer"
    REOPEN = "reopen"
    CLOSE = "close"


STEPS = {
    WorkAct.ACCEPT: Act.ASSIGN,
    WorkAct.TRANSFER: Act.ASSIGN,
    WorkAct.ANSWER: Act.ANSWER,
    WorkAct.REOPEN: Act.REOPEN,
    WorkAct.CLOSE: Act.CLOSE,
}
WHY = {
    OrderFault.UNKNOWN: "there is no such work order",
    OrderFault.MOVED_ON: "somebody else has done something with it since",
    OrderFault.NOT_NOW: "this cannot be done as it stands now",
    OrderFault.NO_PERSON: "say to whom, in at most 64 characters",
    OrderFault.NO_WORDS: "an answer has to say something",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """`seen`: how many turns somebody was shown; None for whoever looks at nothing. `to`: whom it
    is given to. `words`: the answer, or what the next one should know."""

    act: WorkAct
    seen: int | None = None
    to: str = ""
    words: str = ""

    def __repr__(self) -> str:
        return f"Wish({self.act})"


@dataclass(frozen=True, slots=True)
class Said:
    """What is kept sealed of an order: the citizen's words, and those of each turn."""

    about: str = ""
    text: str = ""
    phone: str = ""
    turns: tuple[tuple[int, str], ...] = ()

    def __repr__(self) -> str:
        return "Said(...)"


def may(who: Who) -> bool:
    return who.way is Way.COMMAND or who.may(Permission.CASES)


class AnswerDesk:
    """Blocks. Acts raise `WorkError`. `key`: the fleet's, to which complaints are sealed; `audit`
    None: there is no record of acts, inside another program."""

    def __init__(
        self, store: Store, key: X25519PrivateKey, audit: Audit | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.view = WorkView(store, clock)
        self._store, self._key, self._vault = store, key, Vault(key)
        self._audit, self._clock = audit, clock

    def act(self, who: Who, number: str, wish: Wish) -> OrderState:
        """The state that it is in then."""

        def do(connection: Connection) -> OrderState:
            told = wish.words.strip()
            if len(told) > LONGEST_WORDS:
                raise WorkError(f"at most {LONGEST_WORDS} characters", "words_long")
            sealed = self._vault.seal(_about(number), told) if told else ""
            person = wish.to.strip() if wish.act is WorkAct.TRANSFER else who.name
            turn = Turn(STEPS[wish.act], person, sealed, who.name, wish.seen)
            reached = desk.act(connection, self._clock(), number, turn)
            if isinstance(reached, OrderFault):
                raise WorkError(WHY[reached], reached.value)
            return reached

        return self._on_record(who, f"work.{wish.act}", number, do)

    def read(self, who: Who, number: str) -> Said:
        """The words, for somebody who may answer; that they were read is on record."""

        def do(connection: Connection) -> Said:
            order = desk.find(connection, number)
            if order is None:
                raise WorkError(WHY[OrderFault.UNKNOWN], OrderFault.UNKNOWN)
            opened = (
                (turn, self._vault.open(_about(number), sealed))
                for turn, sealed in self.view.sealed(connection, number)
            )
            complaint = self._complaint(order.sealed)
            turns = tuple((turn, text) for turn, text in opened if text is not None)
            return Said(complaint.about, complaint.text, complaint.phone, turns)

        return self._on_record(who, READ, number, do)

    def _complaint(self, sealed: str) -> Complaint:
        """An empty one for an order that no citizen has put into words."""
        nothing = Complaint("00000000")
        if not sealed:
            return nothing
        try:
            opened = wire.unseal_identity(self._key, PURPOSE, sealed)
            return msgspec.json.decode(opened.secret, type=Complaint)
        except (InvalidTag, ValueError, *NOT_JSON):
            return nothing

    def _on_record(self, who: Who, act: str, number: str, do: Callable[[Connection], T]) -> T:
        """What `do` gives. Committed together with its row in the record, or neither."""
        try:
            if not may(who):
                raise WorkError("your role does not allow this", "role")
            with self._store.write() as connection:
                made = do(connection)
                if self._audit is not None:
                    self._audit.append(connection, who, act, number)
        except WorkError as error:
            if self._audit is not None:
                self._audit.note(who, act, number, error.code)
            raise
        if self._audit is not None:
            self._audit.mark()
        self._store.changes.notify()
        return made


def _about(number: str) -> str:
    """What the words of an order's turns are sealed for."""
    return f"order/{number}"
