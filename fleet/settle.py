"""One transaction of the ingest: messages of many terminals, filed together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from fleet.incidents import AlarmKind, Reason, alarm, bury, thin
from fleet.intake import TERMINAL, Letter, note, read
from fleet.ledger import Ledger
from fleet.patience import Patience
from fleet.register import Register
from fleet.store.database import Store
from kiosk import wire

Acks = list[tuple[str, wire.Ack]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as the broker brought it. `done` acknowledges it to the broker, if it waits."""

    topic: str
    payload: bytes
    retained: bool = False
    done: Callable[[], None] | None = None


@dataclass(slots=True)
class Outcome:
    """`acks`: (terminal, ack), to be sent now that they are true."""

    acks: Acks = field(default_factory=list)
    fresh: int = 0
    repeated: int = 0
    gaps: int = 0
    buried: int = 0
    outdated: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """`patience`: seconds by which messages of one terminal may overtake each other, because
    several workers take them. `clock`: epoch seconds."""

    store: Store
    tenant: str
    clock: Callable[[], float] = time.time
    patience: float = 0
    gaps: Patience = field(default_factory=lambda: Patience(0))

    def settle(self, batch: Sequence[Arrival], hopeless: bool = False) -> Outcome:
        """Commit the batch; whatever it raises, nothing of it is in the database. `hopeless`: only
        keep the messages as they came."""
        now, outcome = self.clock(), Outcome()
        found = [(one, Reason.STORE if hopeless else self._read(one)) for one in batch]
        names = {one.message.terminal for _, one in found if not isinstance(one, Reason)}
        with self.store.write() as connection:
            register = Register(connection, now, names, self.patience)
            ledger = Ledger(connection, now, self.gaps)
            for arrival, letter in found:
                if isinstance(letter, Reason):
                    _bury(connection, now, arrival, letter)
                    outcome.buried += 1
                else:
                    outcome.outdated += not _take(register, ledger, letter, now)
            register.close()
            outcome.acks = ledger.close()
        outcome.gaps, outcome.fresh = ledger.new_gaps, ledger.fresh
        outcome.repeated, outcome.buried = ledger.repeated, outcome.buried + ledger.buried
        return outcome

    def remind(self) -> Acks:
        """Acknowledgements of gaps that were too young to be told, and are there still."""
        if not (due := self.gaps.due()):
            return []
        with self.store.read() as connection:
            return Ledger(connection, self.clock(), self.gaps).seen(due)

    def _read(self, arrival: Arrival) -> Letter | Reason:
        return read(self.tenant, arrival.topic, arrival.payload, arrival.retained)


def _bury(connection: Connection, now: float, arrival: Arrival, reason: Reason) -> None:
    terminal = arrival.topic.split("/")[-2] if "/" in arrival.topic else ""
    known = terminal if TERMINAL.fullmatch(terminal) else ""
    bury(connection, now, arrival.topic, arrival.payload, reason)
    newer = reason is Reason.VERSION
    alarm(connection, now, AlarmKind.VERSION if newer else AlarmKind.UNDECODABLE, known)
    thin(connection)


def _take(register: Register, ledger: Ledger, letter: Letter, now: float) -> bool:
    """False when the message is out of date."""
    message = letter.message
    current = note(register, letter, now)
    if isinstance(message, wire.Events):
        ledger.file(letter.topic, message)
    elif isinstance(message, wire.Birth) and not letter.retained:
        ledger.chain(message.terminal, message.journal)
    return current
