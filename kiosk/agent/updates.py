"""Brings the terminal to what the fleet wants it to have: fetch, check, wait, switch, prove.

It runs beside the agent's loop, on a thread and a journal of its own: a fetch may take hours, and
records must not wait for it. What becomes of each piece is a record, `desired`.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import structlog

from kiosk.agent.backoff import Backoff
from kiosk.agent.desired import Wish
from kiosk.agent.orders import Orders
from kiosk.agent.pieces import Kind, Standing
from kiosk.agent.window import is_open
from kiosk.errors import JournalError
from kiosk.journal import Journal
from kiosk.updates.source import PASSING, Depot, FetchFault
from kiosk.wire import Desired, Piece, PieceKind, Step

log = structlog.get_logger("updates")

LOOK_SECONDS = 0.5
HOLD = "hold"  # the order to close until the next start
RESTART, SWITCH = 75, 76  # what the agent ends with: start us anew; start another version


class Steward:
    """`end`: called with RESTART or SWITCH when the processes are to be started anew. `spread`:
    seconds within which a fetch begins. `wish`: made on this thread."""

    def __init__(
        self,
        journal: Callable[[], Journal],
        wish: Callable[[], Wish],
        depot: Depot,
        kinds: Mapping[PieceKind, Kind],
        end: Callable[[int], None],
        *,
        spread: float = 0.0,
        backoff: Backoff | None = None,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._open, self._make, self._depot, self._kinds = journal, wish, depot, kinds
        self._end, self._spread, self._clock = end, spread, clock
        self._backoff = backoff or Backoff(30.0, 3600.0)
        self._not_before: dict[PieceKind, float] = {}
        self._ended = False
        self.heard: queue.SimpleQueue[Desired] = queue.SimpleQueue()

    def start(self, stop: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(stop,), name="updates", daemon=True)
        thread.start()
        return thread

    def _run(self, stop: threading.Event) -> None:
        journal = self._open()
        try:
            self.prepare(journal)
            while not stop.wait(LOOK_SECONDS):
                try:
                    self.once()
                except (OSError, JournalError) as error:
                    log.error("updates_failed", error=type(error).__name__)
                    stop.wait(30.0)
        finally:
            journal.close()

    def prepare(self, journal: Journal) -> None:
        """On the thread that calls `once`."""
        self._journal, self._wish = journal, self._make()
        self._orders = Orders(journal, "update")
        self._orders.withdraw()
        self._earlier = journal.statuses().get("screen", ("", 0.0))[1]

    def once(self) -> None:
        """One look at everything that is not as it is wanted."""
        if self._ended:
            return  # this process is on its way out: what it sees proves nothing of the next one
        while not self.heard.empty():
            self._take(self.heard.get())
        for kind, piece in self._wish.open():
            if self._advance(kind, piece):
                return  # the processes end now

    def _take(self, desired: Desired) -> None:
        changed = self._wish.take(desired)
        for kind, piece in changed.items():
            if kind in self._kinds:
                self._kinds[kind].forgive(piece)
            self._not_before[kind] = time.monotonic() + random.uniform(0, self._spread)

    def _advance(self, kind: PieceKind, piece: Piece) -> bool:
        """True: the processes are to end."""
        how, step = self._kinds.get(kind), self._wish.progress(kind, piece).step
        if how is None:
            self._say(kind, piece, Step.REFUSED, "not_here")
            return False
        now = self._standing()
        if step is Step.SWITCHED or how.using(now) == piece.version:
            return self._prove(kind, piece, how, now)
        if how.refused(piece):
            self._say(kind, piece, Step.FELL_BACK, "not_healthy")
            return False
        ready = step is Step.READY and how.has(piece)
        return (ready or self._fetch(kind, piece, how)) and self._switch(kind, piece, how, now)

    def _prove(self, kind: PieceKind, piece: Piece, how: Kind, now: Standing) -> bool:
        proof = how.prove(piece, now)
        if proof is None:
            return False
        step = Step.CONFIRMED if proof else Step.FELL_BACK
        self._say(kind, piece, step, "" if proof else "not_healthy")
        if proof or kind is not PieceKind.SETTINGS:
            return False
        self._leave(RESTART)  # with the settings that counted before
        return True

    def _fetch(self, kind: PieceKind, piece: Piece, how: Kind) -> bool:
        """True: it is ready to be switched to."""
        if time.monotonic() < self._not_before.get(kind, 0.0):
            return False
        file: Path | None = None
        if piece.target and not how.has(piece):
            found = self._depot.get(piece)
            if isinstance(found, FetchFault):
                self._failed(kind, piece, found)
                return False
            file = found
            self._say(kind, piece, Step.FETCHED)
        self._backoff.reset()
        why = how.admit(piece, file)
        self._depot.clear()
        if why in PASSING:  # the disk is full: time, or somebody, may cure it
            self._later(kind)
            return False
        self._say(kind, piece, Step.REFUSED if why else Step.READY, why)
        return not why

    def _failed(self, kind: PieceKind, piece: Piece, fault: FetchFault) -> None:
        self._later(kind)
        if fault in PASSING:
            log.warning("piece_not_fetched", kind=str(kind), why=str(fault))
        else:
            self._say(kind, piece, Step.REFUSED, str(fault))

    def _later(self, kind: PieceKind) -> None:
        self._not_before[kind] = time.monotonic() + self._backoff.next()

    def _switch(self, kind: PieceKind, piece: Piece, how: Kind, now: Standing) -> bool:
        if kind is PieceKind.CATALOGUE:
            self._say(kind, piece, Step.SWITCHED)
            return False
        if not is_open(self._wish.window, self._clock()):
            self._orders.withdraw()
            return False
        if not self._held(kind, piece):
            return False
        try:
            how.switch(piece, now)
        except OSError:
            self._orders.withdraw()  # nobody waits behind a closed screen for a disk
            raise
        self._say(kind, piece, Step.SWITCHED)
        self._leave(SWITCH if kind is PieceKind.SOFTWARE else RESTART)
        return True

    def _leave(self, code: int) -> None:
        self._ended = True
        self._end(code)

    def _held(self, kind: PieceKind, piece: Piece) -> bool:
        """Nobody is there, and nobody can begin: the screen process says so."""
        if self._orders.screen_down:
            return True
        order = f"{self._wish.number}-{kind}-{piece.version}"
        answer = self._orders.answer(order)
        if not answer:
            self._orders.ask(order, HOLD)
        return answer.get("outcome") == "done"

    def _standing(self) -> Standing:
        """`screen_up`: said by a screen process of this start, not by the one before."""
        statuses = self._journal.statuses()
        link = statuses.get("link", ({}, 0.0))[0]
        catalogue = str(statuses.get("catalogue", ("", 0.0))[0])
        _said, when = statuses.get("screen", ("", 0.0))
        up = when != self._earlier and not self._orders.screen_down
        return Standing(up, bool(link.get("online")), catalogue)

    def _say(self, kind: PieceKind, piece: Piece, step: Step, why: str = "") -> None:
        if self._wish.note(kind, piece.version, step, why):
            data = {
                "kind": str(kind), "version": piece.version, "step": str(step), "why": why,
                "number": self._wish.number,
            }  # fmt: skip
            self._journal.append("desired", data)
            log.info("desired", **data)
