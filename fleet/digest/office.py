"""Once a day, when its hour has come: a letter for each reader into the outbox, and a postman.

That a letter of this day is there is known by its delivery, which is of the day and the address: a
restart makes no second one, and one that comes after the hour makes up for it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import date, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms import outbox
from fleet.alarms.postman import Postman
from fleet.alarms.view import AlarmView
from fleet.digest.compose import compose
from fleet.digest.gather import gather
from fleet.digest.render import DigestMail, render
from fleet.digest.terms import DigestTerms, Reader
from fleet.live import Live
from fleet.store.alarm_tables import alarm_outbox
from fleet.store.database import Store

CHANNEL = EVENT = "digest"
LOOK_SECONDS = 30.0

log = structlog.get_logger("fleet.digest")


class DigestOffice:
    """`view`: open alarms; None where there are no rules."""

    def __init__(
        self, store: Store, live: Live, view: AlarmView | None, terms: DigestTerms,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._store, self._live, self._view = store, live, view
        self._terms, self._clock = terms, clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="digest", daemon=True)
        self._postman = Postman(store, CHANNEL, DigestMail(terms.server), clock)

    def start(self) -> None:
        self._postman.start()
        self._thread.start()

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive() and self._postman.healthy

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)
        self._postman.stop()

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except SQLAlchemyError as error:
                log.error("digest_failed", error=type(error).__name__)
            if self._stopping.wait(LOOK_SECONDS):
                return

    def look(self) -> int:
        """How many letters were written now."""
        now = self._clock()
        local = datetime.fromtimestamp(now).astimezone()
        if local.hour < self._terms.hour:
            return 0
        wanted = {_delivery(local.date(), one): one for one in self._terms.readers}
        query = select(alarm_outbox.c.delivery).where(alarm_outbox.c.delivery.in_(wanted))
        with self._store.read() as connection:
            for there in connection.scalars(query).all():
                del wanted[there]
        if wanted:
            self._write(wanted, now)
        return len(wanted)

    def _write(self, wanted: dict[str, Reader], now: float) -> None:
        found = gather(self._store, self._live, self._view, now)
        console = self._terms.console
        letters = {
            delivery: render(compose(found, reader, now), reader, console, now)
            for delivery, reader in wanted.items()
        }
        with self._store.write() as connection:
            for delivery, letter in letters.items():
                outbox.post(connection, CHANNEL, delivery, letter, now, event=EVENT)
        self._store.changes.notify(records=False)
        log.info("digests_written", count=len(letters))


def _delivery(day: date, reader: Reader) -> str:
    """The outbox names nobody's address but in what is sent."""
    return f"digest-{day}-{hashlib.sha256(reader.to.encode()).hexdigest()[:16]}"
