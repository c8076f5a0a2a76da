"""One thread for each channel: takes what is due from the outbox, sends it, keeps the outcome."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fleet.alarms import outbox
from fleet.alarms.sending import Result, Sender, Sent
from fleet.incidents import AlarmKind, alarm
from fleet.store.database import Store
from fleet.woken import Woken

LOOK_SECONDS = 30.0
PAUSE_SECONDS = 1.0

log = structlog.get_logger("fleet.alarms")


class Postman(Woken):
    """After a failure it rests: a channel that is away is not called for each message."""

    def __init__(
        self, store: Store, channel: str, sender: Sender, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(store, f"post-{channel}")
        self._store = store
        self._channel = channel
        self._sender = sender
        self._clock = clock
        self._in_a_row = 0
        self._recovered = False

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            rest = self._round()
            if self._in_a_row:  # it rests, whatever comes meanwhile
                self._stopping.wait(rest)
            else:
                self._wake.wait(rest)

    def _round(self) -> float:
        """Seconds until the next one."""
        try:
            if not self._recovered:
                with self._store.write() as connection:
                    outbox.recover(connection, self._channel)
                self._recovered = True
            while not self._stopping.is_set() and self.once():
                pass
            with self._store.read() as connection:
                due = outbox.next_at(connection, self._channel)
        except SQLAlchemyError as error:
            log.error("outbox_unreadable", channel=self._channel, error=type(error).__name__)
            return PAUSE_SECONDS
        if self._in_a_row:
            return outbox.BACKOFF[min(self._in_a_row - 1, len(outbox.BACKOFF) - 1)]
        if due is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.05, due - self._clock()))

    def once(self) -> bool:
        """Sends one; False when there is none, or it was not taken."""
        with self._store.read() as connection:
            if outbox.due(connection, self._channel, self._clock()) is None:
                return False
        with self._store.write() as connection:
            row = outbox.due(connection, self._channel, self._clock())
            if row is None:
                return False
            outbox.begin(connection, row)
        sent = self._send(row.delivery, row.body)
        with self._store.write() as connection:
            now = self._clock()
            if sent.result is Result.SENT:
                outbox.sent(connection, row, now)
            else:
                unsure = sent.result is Result.UNSURE
                if not outbox.failed(connection, row, now, sent.fault, unsure):
                    alarm(connection, now, AlarmKind.NOTICE_FAILING, "", journal=self._channel)
        good = sent.result is Result.SENT
        self._in_a_row = 0 if good else self._in_a_row + 1
        if not good:
            log.warning("notice_not_sent", channel=self._channel, fault=sent.fault)
        return good

    def _send(self, delivery: str, body: str) -> Sent:
        try:
            return self._sender.send(delivery, body)
        except Exception as error:  # noqa: BLE001 - one message must not end the thread
            return Sent(Result.UNSURE, type(error).__name__.lower())
