"""Messages into the database, many in one transaction; acknowledged after its commit.

A message is acknowledged to the broker (PUBACK) after the commit too, so that a database that
stands still holds the flow back instead of filling memory.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fleet.incidents import AlarmKind, Reason, alarm, bury, thin
from fleet.intake import LEAVES, TERMINAL, Letter, note, read
from fleet.ledger import Ledger
from fleet.metrics import Metrics
from fleet.store.database import Store
from kiosk import wire

BATCH = 500  # messages in one transaction
DROP_ABOVE = 20_000  # waiting messages from which health (QoS 0) is left out
PAUSE_SECONDS = 0.5

AWAY = (OperationalError, InterfaceError, PoolTimeout)  # the database, not the message

Send = Callable[[str, wire.Ack], None]
log = structlog.get_logger("fleet.ingest")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as the broker brought it. `done` acknowledges it to the broker, if it waits."""

    topic: str
    payload: bytes
    retained: bool = False
    done: Callable[[], None] | None = None


@dataclass(slots=True)
class _Outcome:
    acks: list[tuple[str, wire.Ack]] = field(default_factory=list)
    fresh: int = 0
    repeated: int = 0
    gaps: int = 0
    buried: int = 0
    outdated: int = 0


class Ingest:
    """One thread; `put` from any. `clock`: epoch seconds."""

    def __init__(
        self,
        store: Store,
        tenant: str,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._tenant = tenant
        self._metrics = metrics
        self._clock = clock
        self._send: Send = _nowhere
        self._waiting: queue.SimpleQueue[Arrival | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._failing = False

    def start(self, send: Send) -> None:
        """`send` publishes an acknowledgement to a terminal; it must not wait."""
        self._send = send
        self._thread.start()

    def put(self, arrival: Arrival) -> None:
        leaf = arrival.topic.rpartition("/")[2]
        self._metrics.messages.labels(leaf if leaf in LEAVES else "other").inc()
        if arrival.done is None and self._waiting.qsize() > DROP_ABOVE:
            self._metrics.dropped.inc()
            return
        self._waiting.put(arrival)

    @property
    def healthy(self) -> bool:
        """Runs, and its last transaction was committed."""
        return self._thread.is_alive() and not self._failing

    def stop(self) -> None:
        """Ends after the transaction in hand; the rest was never acknowledged."""
        self._stopping.set()
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            batch = self._collect()
            if batch:
                self._settle(batch)

    def _collect(self) -> list[Arrival]:
        """Wait for one message, then take what else is there."""
        batch: list[Arrival] = []
        arrival = self._waiting.get()
        while arrival is not None:
            batch.append(arrival)
            if len(batch) == BATCH:
                break
            try:
                arrival = self._waiting.get_nowait()
            except queue.Empty:
                break
        return batch

    def _settle(self, batch: list[Arrival]) -> None:
        """Commit the batch, whatever it takes; a message that the store refuses goes alone."""
        hopeless = False
        while not self._stopping.is_set():
            try:
                with self._metrics.commit_seconds.time():
                    outcome = self._commit(batch, hopeless)
                break
            except AWAY as error:
                self._wait(error)
            except Exception as error:  # noqa: BLE001 - no message may end the ingest
                if len(batch) > 1:
                    for arrival in batch:
                        self._settle([arrival])
                    return
                if hopeless:
                    self._wait(error)
                hopeless = True
        else:
            return
        self._failing = False
        self._announce(batch, outcome)

    def _wait(self, error: Exception) -> None:
        self._failing = True
        self._metrics.commit_failures.inc()
        log.error("commit_failed", error=type(error).__name__)
        self._stopping.wait(PAUSE_SECONDS)

    def _commit(self, batch: list[Arrival], hopeless: bool) -> _Outcome:
        outcome = _Outcome()
        now = self._clock()
        with self._store.write() as connection:
            ledger = Ledger(connection, now)
            for arrival in batch:
                letter = Reason.STORE if hopeless else self._read(arrival)
                if isinstance(letter, Reason):
                    self._bury(connection, now, arrival, letter)
                    outcome.buried += 1
                else:
                    outcome.outdated += not _take(connection, ledger, letter, now)
            outcome.acks = ledger.close()
            outcome.gaps = ledger.new_gaps
        outcome.fresh, outcome.repeated = ledger.fresh, ledger.repeated
        outcome.buried += ledger.buried
        return outcome

    def _read(self, arrival: Arrival) -> Letter | Reason:
        return read(self._tenant, arrival.topic, arrival.payload, arrival.retained)

    def _bury(self, connection: Connection, now: float, arrival: Arrival, reason: Reason) -> None:
        terminal = arrival.topic.split("/")[-2] if "/" in arrival.topic else ""
        known = terminal if TERMINAL.fullmatch(terminal) else ""
        bury(connection, now, arrival.topic, arrival.payload, reason)
        alarm(connection, now, AlarmKind.UNDECODABLE, known)
        thin(connection)

    def _announce(self, batch: list[Arrival], outcome: _Outcome) -> None:
        """Everything that may be said only after the commit."""
        for terminal, ack in outcome.acks:
            self._send(terminal, ack)
        for arrival in batch:
            if arrival.done is not None:
                arrival.done()
        self._metrics.records.inc(outcome.fresh)
        self._metrics.repeated.inc(outcome.repeated)
        self._metrics.gaps.inc(outcome.gaps)
        self._metrics.dead_letters.inc(outcome.buried)
        self._metrics.outdated.inc(outcome.outdated)
        if outcome.buried:
            log.warning("dead_letters", count=outcome.buried)
        self._store.changes.notify()


def _take(connection: Connection, ledger: Ledger, letter: Letter, now: float) -> bool:
    """False when the message is out of date."""
    message = letter.message
    current = note(connection, letter, now)
    if isinstance(message, wire.Events):
        ledger.file(letter.topic, message)
    elif isinstance(message, wire.Birth) and current and not letter.retained:
        ledger.chain(message.terminal, message.journal)
    return current


def _nowhere(_terminal: str, _ack: wire.Ack) -> None:
    """Before `start` there is nobody to tell."""
