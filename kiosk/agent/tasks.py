"""Commands that take time: kept in a file until they have ended, one after the other.

What has to do with the screen waits until nobody is there (`orders`); it ends as failed when its
time is over before. A restart that was begun is done when the agent is there again.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from kiosk.agent.orders import RUNNING, Orders
from kiosk.journal import Journal
from kiosk.wire import Operation, Outcome

FILE = "tasks.db"
LOOK_SECONDS = 0.5
AGAIN_SECONDS = 5.0  # until an attachment that did not go is offered again
RESTART = 75  # what the agent ends with to be started anew, with the screen
LOGS, PICTURE = "logs", "picture"  # kinds of attachments
_SCHEMA = """CREATE TABLE IF NOT EXISTS task (
  id TEXT PRIMARY KEY, operation TEXT NOT NULL, arguments TEXT NOT NULL, expires INTEGER NOT NULL,
  running INTEGER NOT NULL DEFAULT 0
) STRICT"""
SCREEN = {
    Operation.OUT_OF_SERVICE, Operation.MAINTENANCE, Operation.IN_SERVICE, Operation.IDENTIFY,
    Operation.SCREEN_PICTURE, Operation.TEST_PRINT,
}  # fmt: skip
OPERATIONS = frozenset({*map(str, SCREEN), str(Operation.RESTART), str(Operation.COLLECT_LOGS)})

Told = tuple[str, str, Outcome, str]


@dataclass(frozen=True, slots=True)
class Means:
    """`end`: the processes are to be started anew. `attach`: (command, kind, bytes) to the fleet;
    False: not now. `logs`: a zip of them; called on another thread."""

    end: Callable[[int], None]
    attach: Callable[[str, str, bytes], bool]
    logs: Callable[[], bytes]


class Task(NamedTuple):
    id: str
    operation: str
    arguments: Mapping[str, str]
    expires: int
    running: bool


class Tasks:
    """Belongs to its journal's thread."""

    operations = OPERATIONS

    def __init__(self, journal: Journal, means: Means) -> None:
        self._means, self._orders = means, Orders(journal, "command")
        self._file = journal.folder / FILE
        with closing(sqlite3.connect(self._file)) as db, db:
            db.execute(_SCHEMA)
        self._now: Task | None = None
        self._restarted = self._begun(Operation.RESTART)
        self._next = 0.0
        self._sending: Future[bool] | None = None
        self._ending = False
        self._pool = ThreadPoolExecutor(1, "attachments")

    def add(self, command: str, operation: str, arguments: Mapping[str, str], end: int) -> None:
        self._execute(
            "INSERT OR IGNORE INTO task (id, operation, arguments, expires) VALUES (?, ?, ?, ?)",
            (command, operation, json.dumps(dict(arguments)), end),
        )
        self._next = 0.0

    def work(self, now: float) -> Iterator[Told]:
        """What there is to tell, of the oldest."""
        if time.monotonic() < self._next or self._ending:
            return
        self._next = time.monotonic() + LOOK_SECONDS
        task = self._now = self._now or self._oldest()
        if task is None:
            return
        if task.id in self._restarted:
            yield task.id, task.operation, Outcome.DONE, ""
        elif not task.running and task.expires <= now:
            yield task.id, task.operation, Outcome.FAILED, self._excuse()
        elif task.operation == Operation.COLLECT_LOGS:
            yield from self._send(task, LOGS, self._means.logs, "")
        else:
            yield from self._at_screen(task)

    def forget(self, command: str) -> None:
        """It has ended, and that is on record."""
        self._execute("DELETE FROM task WHERE id = ?", (command,))
        self._orders.withdraw()
        self._now, self._sending, self._next = None, None, 0.0

    def leave(self) -> None:
        """A restart that is on record as running."""
        task = self._now
        if task is None or task.operation != Operation.RESTART or task.id in self._restarted:
            return
        if task.running and not self._ending:
            self._ending = True
            self._means.end(RESTART)

    def _at_screen(self, task: Task) -> Iterator[Told]:
        restart = task.operation == Operation.RESTART
        if restart and self._orders.screen_down:
            yield from self._run(task)
            return
        answer = self._orders.answer(task.id)
        outcome = answer.get("outcome", "")
        if not answer and task.running:  # another journal's: nobody knows what became of it
            yield task.id, task.operation, Outcome.INTERRUPTED, ""
        elif not answer:
            self._orders.ask(task.id, "hold" if restart else task.operation, task.arguments)
        elif restart and outcome == "done":
            yield from self._run(task)
        elif answer.get("picture"):
            picture = base64.b64decode(str(answer["picture"]))
            yield from self._send(task, PICTURE, lambda: picture, "")
        elif outcome == RUNNING:
            yield from self._run(task)
        else:
            yield task.id, task.operation, Outcome(str(outcome)), str(answer.get("why", ""))

    def _run(self, task: Task) -> Iterator[Told]:
        if not task.running:
            self._execute("UPDATE task SET running = 1 WHERE id = ?", (task.id,))
            self._now = task._replace(running=True)
            yield task.id, task.operation, Outcome.RUNNING, ""

    def _send(self, task: Task, kind: str, make: Callable[[], bytes], why: str) -> Iterator[Told]:
        """On another thread: the agent's loop goes on."""
        attach = self._means.attach
        if self._sending is None:
            yield from self._run(task)
            self._sending = self._pool.submit(lambda: attach(task.id, kind, make()))
        elif self._sending.done():
            failed = self._sending.exception() is not None
            if not failed and self._sending.result():
                yield task.id, task.operation, Outcome.DONE, why
            elif failed or task.expires <= time.time():
                yield task.id, task.operation, Outcome.FAILED, "not_sent"
            else:
                self._sending, self._next = None, time.monotonic() + AGAIN_SECONDS

    def _excuse(self) -> str:
        return "screen_down" if self._orders.screen_down else "visitor"

    def _oldest(self) -> Task | None:
        rows = self._rows("SELECT * FROM task ORDER BY rowid LIMIT 1")
        if not rows:
            return None
        number, operation, arguments, expires, running = rows[0]
        return Task(number, operation, json.loads(arguments), expires, bool(running))

    def _begun(self, operation: str) -> set[str]:
        query = "SELECT id FROM task WHERE running = 1 AND operation = ?"
        return {row[0] for row in self._rows(query, (str(operation),))}

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with closing(sqlite3.connect(self._file)) as db:
            return db.execute(query, values).fetchall()

    def _execute(self, query: str, values: tuple[Any, ...]) -> None:
        with closing(sqlite3.connect(self._file)) as db:
            db.execute("PRAGMA synchronous=FULL")
            with db:
                db.execute(query, values)
