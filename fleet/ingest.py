"""Messages into the database, many in one transaction; acknowledged after its commit.

A message is acknowledged to the broker (PUBACK) after the commit too, so that a database that
stands still holds the flow back instead of filling memory.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fleet.counts import Counts, Took
from fleet.intake import LEAVES
from fleet.patience import Patience
from fleet.settle import Acks, Arrival, Desk, Outcome
from fleet.store.database import Store
from kiosk import wire

__all__ = ["Arrival", "Ingest"]

BATCH = 500  # messages in one transaction, and
BATCH_BYTES = 1024 * 1024  # so much of them
PACE_SECONDS = 0.02  # between two beginnings: while much comes, little is committed alone
DROP_ABOVE = 20_000  # waiting messages from which health (QoS 0) is left out
PAUSE_SECONDS = 0.5
REMIND_SECONDS = 1.0

AWAY = (OperationalError, InterfaceError, PoolTimeout)  # the database, not the message

Send = Callable[[str, wire.Ack], None]
log = structlog.get_logger("fleet.ingest")


class Ingest:
    """One thread; `put` from any. `clock`: epoch seconds. `patience`: see `fleet.settle.Desk`."""

    def __init__(
        self,
        store: Store,
        tenant: str,
        counts: Counts,
        clock: Callable[[], float] = time.time,
        patience: float = 0,
    ) -> None:
        self._store = store
        self._counts = counts
        self._desk = Desk(store, tenant, clock, patience, Patience(patience))
        self._send: Send = _nowhere
        self._waiting: queue.SimpleQueue[Arrival | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._failing = False
        self._dropped = 0
        self._began = 0.0

    def start(self, send: Send) -> None:
        """`send` publishes an acknowledgement to a terminal; it must not wait."""
        self._send = send
        self._thread.start()

    def put(self, arrival: Arrival) -> None:
        if arrival.done is None and self._waiting.qsize() > DROP_ABOVE:
            self._dropped += 1
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
            if batch := self._collect():
                self._settle(batch)
            self._remind()

    def _collect(self) -> list[Arrival]:
        """Wait for one message, then take what else is there."""
        batch: list[Arrival] = []
        size = 0
        try:
            arrival = self._waiting.get(timeout=REMIND_SECONDS)
            until = self._began + PACE_SECONDS
            while arrival is not None:
                batch.append(arrival)
                size += len(arrival.payload)
                if len(batch) >= BATCH or size >= BATCH_BYTES:
                    break
                left = until - time.monotonic()
                arrival = (
                    self._waiting.get(timeout=left) if left > 0 else self._waiting.get_nowait()
                )
        except queue.Empty:
            pass
        self._began = time.monotonic()
        return batch

    def _settle(self, batch: list[Arrival]) -> None:
        """Commit the batch, whatever it takes; a message that the store refuses goes alone."""
        hopeless = False
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                outcome = self._desk.settle(batch, hopeless)
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
        self._announce(batch, outcome, time.monotonic() - begun)

    def _wait(self, error: Exception) -> None:
        self._failing = True
        self._counts.took(Took(failures=1, healthy=False))
        log.error("commit_failed", error=type(error).__name__)
        self._stopping.wait(PAUSE_SECONDS)

    def _announce(self, batch: list[Arrival], outcome: Outcome, seconds: float) -> None:
        """Everything that may be said only after the commit."""
        for terminal, ack in outcome.acks:
            self._send(terminal, ack)
        for arrival in batch:
            if arrival.done is not None:
                arrival.done()
        leaves = Counter(arrival.topic.rpartition("/")[2] for arrival in batch)
        known = {leaf: times for leaf, times in leaves.items() if leaf in LEAVES}
        others = leaves.total() - sum(known.values())
        dropped, self._dropped = self._dropped, 0
        self._counts.took(
            Took(
                messages=known | ({"other": others} if others else {}),
                dropped=dropped,
                records=outcome.fresh,
                repeated=outcome.repeated,
                gaps=outcome.gaps,
                dead_letters=outcome.buried,
                outdated=outcome.outdated,
                seconds=[seconds],
            )
        )
        if outcome.buried:
            log.warning("dead_letters", count=outcome.buried)
        self._store.changes.notify(records=outcome.fresh > 0)

    def _remind(self) -> None:
        acks: Acks = []
        try:
            acks = self._desk.remind()
        except AWAY as error:
            log.error("reminder_failed", error=type(error).__name__)
        for terminal, ack in acks:
            self._send(terminal, ack)


def _nowhere(_terminal: str, _ack: wire.Ack) -> None:
    """Before `start` there is nobody to tell."""
