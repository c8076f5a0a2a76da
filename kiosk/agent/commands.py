"""Commands of the fleet: checked, done once, told.

What was taken is written down before it is done, in a file that survives restarts: a command that
comes again is not done again, and one that a stop cut off is told as such, not repeated. What
became of it goes out as a journal record (`command`).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import structlog

from kiosk import wire
from kiosk.agent.known import KnownTime
from kiosk.agent.tasks import Tasks
from kiosk.journal import Journal
from kiosk.wire import Command, CommandRefusal, Outcome

log = structlog.get_logger("commands")

FILE = "commands.db"
KEYS = "commands.json"  # in the trust folder: key id -> public key, hex
_SCHEMA = """CREATE TABLE IF NOT EXISTS taken (
  id TEXT PRIMARY KEY, operation TEXT NOT NULL, expires INTEGER NOT NULL, told INTEGER NOT NULL
) STRICT"""

Operations = Mapping[str, Callable[[Mapping[str, str]], None]]


class Commands:
    """`operations`: what is done at once; `tasks`: what takes time, or waits until nobody is there.
    Belongs to its journal's thread. `clock`: epoch s."""

    def __init__(
        self,
        journal: Journal,
        tenant: str,
        trust: Path,
        known: KnownTime,
        *,
        operations: Operations,
        tasks: Tasks | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._journal, self._tenant, self._trust = journal, tenant, trust
        self._known, self._operations, self._clock = known, operations, clock
        self._tasks = tasks
        self._known_names = {*operations, *(tasks.operations if tasks else ())}
        self._file = journal.folder / FILE
        with closing(sqlite3.connect(self._file)) as db, db:
            db.execute(_SCHEMA)
        self._close_interrupted()

    def take(self, command: Command) -> CommandRefusal | None:
        """None: it has been done (or has failed, which the record tells), or will be."""
        refusal = self._refusal(command)
        if refusal is None and not self._note(command):
            refusal = CommandRefusal.REPLAYED
        if refusal is not None:
            log.warning("command_refused", why=str(refusal), bytes=len(command.operation))
            if refusal is not CommandRefusal.REPLAYED and self._signed(command):
                self._tell(command, "refused", str(refusal))
            return refusal
        if self._tasks is not None and command.operation in self._tasks.operations:
            self._tasks.add(command.id, command.operation, command.arguments, command.expires)
            self._tell(command, Outcome.ACCEPTED)
        else:
            self._tell(command, self._do(command))
        return None

    def work(self) -> None:
        """One look at what takes time."""
        if self._tasks is None:
            return
        now = max(self._clock(), self._known.latest())
        for command_id, operation, outcome, why in self._tasks.work(now):
            self._record(command_id, operation, outcome, why)
            if outcome is Outcome.RUNNING:
                continue
            log.info("command_ended", operation=operation, outcome=str(outcome), why=why)
            self._tasks.forget(command_id)
        self._tasks.leave()

    def _do(self, command: Command) -> str:
        try:
            self._operations[command.operation](command.arguments)
        except Exception as error:  # noqa: BLE001 (told, and the agent goes on)
            log.error("command_failed", operation=command.operation, error=type(error).__name__)
            return "failed"
        log.info("command_done", operation=command.operation)
        return "done"

    def _refusal(self, command: Command) -> CommandRefusal | None:
        """By the later of this clock and what is known: one set back makes nothing young again."""
        return self._receiver().refusal(command, max(self._clock(), self._known.latest()))

    def _signed(self, command: Command) -> bool:
        return self._receiver().signed(command)

    def _receiver(self) -> wire.Receiver:
        """With the keys of the trust folder, which is read anew: they change."""
        try:
            keys = json.loads((self._trust / KEYS).read_text("ascii"))
        except (OSError, ValueError):
            keys = {}
        known = keys if isinstance(keys, dict) else {}
        return wire.Receiver(self._tenant, self._journal.terminal, known, self._known_names)

    def _note(self, command: Command) -> bool:
        """False: it was taken before. What is long over is forgotten: it would be refused."""
        over = max(self._known.latest(), 0) - wire.LONGEST_SECONDS
        row = (command.id, command.operation, command.expires)
        with closing(sqlite3.connect(self._file)) as db:
            db.execute("PRAGMA synchronous=FULL")
            with db:
                db.execute("DELETE FROM taken WHERE told = 1 AND expires < ?", (over,))
                query = "INSERT OR IGNORE INTO taken VALUES (?, ?, ?, 0)"
                return db.execute(query, row).rowcount == 1

    def _tell(self, command: Command, outcome: str, why: str = "") -> None:
        self._record(command.id, command.operation, outcome, why)

    def _record(self, command_id: str, operation: str, outcome: str, why: str = "") -> None:
        known = operation if operation in self._known_names else ""
        data = {"command": command_id[:64], "operation": known, "outcome": outcome, "why": why}
        self._journal.append("command", data)
        with closing(sqlite3.connect(self._file)) as db, db:
            db.execute("UPDATE taken SET told = 1 WHERE id = ?", (command_id,))

    def _close_interrupted(self) -> None:
        with closing(sqlite3.connect(self._file)) as db:
            open_ones = db.execute("SELECT id, operation FROM taken WHERE told = 0").fetchall()
        for command_id, operation in open_ones:
            self._record(command_id, operation, "interrupted")
