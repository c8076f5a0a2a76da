"""One thread that puts out what has happened; a postman for each webhook brings it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms import outbox
from fleet.store.database import Store
from fleet.webhooks.cloud import CloudEvent
from fleet.webhooks.hooks import Hook
from fleet.webhooks.sources import of_cases, of_terminals, seen
from fleet.woken import Woken

LOOK_SECONDS = 10.0
PAUSE_SECONDS = 1.0  # after a look: what comes together is put out together

log = structlog.get_logger("fleet.webhooks")


class Herald(Woken):
    def __init__(
        self, store: Store, tenant: str, hooks: Sequence[Hook],
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        super().__init__(store, "webhooks")
        self._store, self._hooks, self._clock = store, hooks, clock
        self._source = f"/kiosk/{tenant}"
        self._seen: tuple[object, ...] = ()

    def look(self) -> bool:
        """True: something was put out. Nobody is kept from writing for nothing."""
        with self._store.read() as connection:
            news = seen(connection)
        if news == self._seen:
            return False
        told = False
        for hook in self._hooks:
            with self._store.write() as connection:
                told = self._put_out(connection, hook) or told
        if told:
            self._store.changes.notify()
        self._seen = news
        return told

    def _put_out(self, connection: Connection, hook: Hook) -> bool:
        """What was put out already stays as it is."""
        now, reader = self._clock(), hook.channel
        found = [
            *of_cases(connection, reader, self._source, now),
            *of_terminals(connection, reader, self._source),
        ]
        wanted = [one for one in found if hook.wants(one.type)]
        for one in wanted:
            _post(connection, hook, one, now)
        return bool(wanted)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.look()
            except SQLAlchemyError as error:
                log.error("webhooks_not_kept", error=type(error).__name__)
            self._stopping.wait(PAUSE_SECONDS)
            self._wake.wait(LOOK_SECONDS)


def _post(connection: Connection, hook: Hook, event: CloudEvent, now: float) -> None:
    delivery = f"{hook.name}:{event.id}"
    outbox.post(connection, hook.channel, delivery, event, now, event=event.type.rpartition(".")[2])
