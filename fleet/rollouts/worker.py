"""Keeps rollouts and orders going: looks every second, signs, and says to the broker what is new.

Its connection is the operator's, who may say commands and pointers, and hears nothing. Whatever
was not said before a stop is said after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from fleet.commands import Commander
from fleet.errors import FleetError
from fleet.rollouts import book, orders, pointers, tidings
from fleet.rollouts.engine import Look
from fleet.rollouts.shapes import State
from fleet.store.database import Store
from fleet.store.rollout_tables import rollouts
from kiosk import wire

log = structlog.get_logger("fleet.rollouts")

TICK_SECONDS = 1.0
LOOK_SECONDS = 5.0
REST_SECONDS = 60.0  # between looks at rollouts that are done, for who comes late
LOOKED_AT = (State.RUNNING, State.PAUSED, State.APPROVAL, State.ROLLING_BACK)


class Saying(Protocol):
    """To the broker: leaf, terminal, bytes, retained. True: it has it."""

    def say(self, terminal: str, leaf: str, body: bytes, *, retain: bool = False) -> bool: ...

    def close(self) -> None: ...


class RolloutWorker:
    """One thread. `clock`: epoch seconds. `refresh`: of the repository's online roles."""

    def __init__(
        self,
        store: Store,
        commander: Commander,
        voice: Saying,
        clock: Callable[[], float] = time.time,
        refresh: Callable[[], None] = lambda: None,
    ) -> None:
        self._refresh = refresh
        self._store, self._commander, self._voice, self._clock = store, commander, voice, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rollouts", daemon=True)
        self._next_look = self._next_rest = 0.0
        self._failing = False

    @property
    def healthy(self) -> bool:
        return self._thread.is_alive() and not self._failing

    def start(self) -> None:
        with self._store.write() as connection:
            pointers.say_all_again(connection)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10)
        self._voice.close()

    def _run(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            try:
                self.tick()
                self._failing = False
            except (SQLAlchemyError, FleetError, OSError) as error:
                self._failing = True
                log.error("rollouts_failed", error=type(error).__name__)

    def tick(self) -> None:
        """One look at everything that is due."""
        now, taken = self._clock(), 0
        with self._store.read() as connection:
            news, asked = tidings.waiting(connection), orders.any_open(connection)
        if news or asked:  # otherwise nobody who writes has to wait for us
            with self._store.write() as connection:
                taken = book.take_in(connection) + orders.take_in(connection)
                orders.settle(connection, now)
        if now >= self._next_look or taken:
            self._next_look = now + LOOK_SECONDS
            self._look(LOOKED_AT)
        if now >= self._next_rest:
            self._next_rest = now + REST_SECONDS
            self._refresh()
            self._look((State.DONE,))
        self._say_pointers()
        if asked:
            self._say_commands(now)
        if taken:
            self._store.changes.notify()

    def _look(self, states: Sequence[State]) -> None:
        with self._store.read() as connection:
            query = select(rollouts.c.id).where(rollouts.c.state.in_(states))
            numbers = list(connection.scalars(query.order_by(rollouts.c.id)))
        for number in numbers:
            with self._store.write() as connection:
                row = connection.execute(select(rollouts).where(rollouts.c.id == number)).one()
                Look(connection, row, self._clock()).take()

    def _say_pointers(self) -> None:
        with self._store.read() as connection:
            found = list(pointers.unsaid(connection))
        heard = []
        for one in found:
            signed = self._commander.point(one)
            if not self._voice.say(one.terminal, "desired", wire.encode(signed), retain=True):
                break
            heard.append(one)
        if heard:
            with self._store.write() as connection:
                for one in heard:
                    pointers.said(connection, one.terminal, one.number)

    def _say_commands(self, now: float) -> None:
        """Signed once; the row is written first, so that the same bytes go out again."""
        with self._store.write() as connection:
            found = list(orders.due(connection, now))
            ready = []
            for row in found:
                text = row.wire
                if not text:
                    arguments = msgspec.json.decode(row.arguments, type=dict[str, str])
                    made = self._commander.order(
                        row.terminal, row.operation, arguments, int(row.seconds), row.command
                    )
                    text = wire.encode(made).decode()
                expires = msgspec.json.decode(text, type=wire.Command).expires
                orders.sent(connection, row, text, expires, now)
                ready.append((row.terminal, row.command, text))
        for terminal, command, text in ready:
            self._voice.say(terminal, f"command/{command}", text.encode())
