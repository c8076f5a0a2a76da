"""The engine: takes one event at a time, updates the visit, asks the table, starts the step.

It lives on an asyncio loop of its own thread. `post` and `touched` may be called from any thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from kiosk import events as e
from kiosk.errors import JournalError, TransitionError
from kiosk.session import states, views
from kiosk.session.card import read_card
from kiosk.session.face import capture_face
from kiosk.session.papers import print_papers
from kiosk.session.routes import QUESTIONS
from kiosk.session.submit import submit_case
from kiosk.session.terminal import Terminal
from kiosk.session.timers import Idle, count_down
from kiosk.session.updates import UPDATES
from kiosk.session.visit import Problem, Visit
from kiosk.view import State, View

log = structlog.get_logger("session")

Step = Callable[[], Coroutine[Any, Any, None]]
_NO_VISIT = (State.ATTRACT, State.OUT_OF_SERVICE)
_UNBREAKABLE = (State.SUBMITTING, State.PAPERS)


class Engine:
    """`show` is called with each new view, on the engine's thread; it must not block."""

    def __init__(self, terminal: Terminal, show: Callable[[View], None]) -> None:
        self._terminal = terminal
        self._show = show
        self._loop: asyncio.AbstractEventLoop | None = None
        self._events: asyncio.Queue[e.Event] = asyncio.Queue()
        self._idle = Idle(terminal.limits.idle)
        self._tasks: list[asyncio.Task[None]] = []
        self._serial = 0
        self.state = State.OUT_OF_SERVICE
        self.visit = Visit(terminal.place.language)

    # ---- From other threads ------------------------------------------------------------------

    def post(self, event: e.Event) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def touched(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._idle.touch)

    # ---- The loop ----------------------------------------------------------------------------

    async def run(self, interrupted: str | None = None) -> None:
        """Serve for ever. `interrupted`: see `recovery.recover`."""
        self._loop = asyncio.get_running_loop()
        self._enter(State.OUT_OF_SERVICE)
        if interrupted is not None:
            self.visit.problem = Problem("interrupted", "end", State.ATTRACT, interrupted)
        while True:
            event = await self._events.get()
            try:
                self._handle(event)
            except JournalError as error:
                log.error("journal_failed", error=type(error).__name__)
                self._journal_lost()
            except Exception as error:  # noqa: BLE001 (a defect must not freeze the screen)
                log.error("event_failed", state=str(self.state), error=type(error).__name__)
                self._defect()

    async def stop(self) -> None:
        """Let a submission or a print come to its end, then drop everything."""
        if self.state in _UNBREAKABLE and self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=15)
        self._cancel()
        self.visit.wipe()
        self._terminal.devices.frames.wipe()

    # ---- One event ---------------------------------------------------------------------------

    def _handle(self, event: e.Event) -> None:
        try:
            target = states.target(self.state, type(event))
        except TransitionError:
            log.info("event_out_of_place", state=str(self.state), event_type=type(event).__name__)
            return
        if self.state in _NO_VISIT and isinstance(event, (e.Touched, e.ServiceChosen)):
            self._open_visit()
        if isinstance(event, e.WaitedTooLong):
            self.visit.resume = self.state
        gone = self.state is State.STILL_THERE and isinstance(event, e.CountdownEnded)
        if gone and not self.visit.printed:
            self.visit.outcome = "idle"
        update = UPDATES.get(type(event))
        if update is not None:
            update(self._terminal, self.visit, event)
        if isinstance(target, states.Same):
            self._draw()
            return
        if isinstance(target, states.Choice):
            answer = QUESTIONS[target.question](self.visit)
            assert answer in target.targets, f"{target.question} answered {answer}"
            target = answer
        if target is self.state and target in _UNBREAKABLE:
            self._draw()
            return
        self._enter(target)

    def _enter(self, state: State) -> None:
        self._cancel()
        if state in _NO_VISIT:
            self._close_visit()
        if state is State.CARD:
            self.visit.card_found = False
        self.state = state
        self._draw()
        for step in self._steps(state):
            self._tasks.append(asyncio.create_task(self._guard(step)))

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _draw(self) -> None:
        self._serial += 1
        self._show(views.make(self.state, self._terminal, self.visit, self._serial))

    # ---- Steps -------------------------------------------------------------------------------

    def _steps(self, state: State) -> list[Step]:
        """What runs while a state lasts; the first is the one that must not be cut off."""
        terminal, visit, limits = self._terminal, self.visit, self._terminal.limits
        devices = terminal.devices

        def countdown(seconds: int) -> Step:
            return lambda: count_down(seconds, self._tick, self.post)

        table: dict[State, list[Step]] = {
            State.CARD: [lambda: read_card(devices.reader, self.post)],
            State.FACE: [
                lambda: capture_face(devices.camera, limits.face, self.post),
                lambda: count_down(int(limits.face), self._tick, None),
            ],
            State.SUBMITTING: [lambda: submit_case(terminal, visit, self.post)],
            State.PAPERS: [lambda: print_papers(terminal, visit, self.post)],
            State.RATING: [countdown(limits.rating)],
            State.THANKS: [countdown(limits.thanks)],
            State.PROBLEM: [countdown(limits.problem)],
            State.STILL_THERE: [countdown(limits.still_there)],
        }
        back_to_papers = state is State.PAPERS and visit.printed
        steps = [] if back_to_papers else table.get(state, [])
        if e.WaitedTooLong in states.TABLE[state]:
            steps.append(lambda: self._idle.watch(self.post))
        return steps

    def _tick(self, left: int) -> None:
        self.visit.seconds_left = left
        self._draw()

    async def _guard(self, step: Step) -> None:
        """A step's own defect becomes one sentence for the citizen and one line in the log."""
        try:
            await step()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001
            log.error("step_failed", state=str(self.state), error=type(error).__name__)
            self._defect()

    def _defect(self) -> None:
        self.visit.problem = Problem("internal", "end", State.ATTRACT, self.visit.case_no)
        self._enter(State.PROBLEM)

    # ---- Begin and end of a visit ------------------------------------------------------------

    def _open_visit(self) -> None:
        language = self.visit.language
        self.visit = Visit(language)
        journal = self._terminal.journal
        self.visit.intent = journal.begin("session", {"language": str(language)}, self.visit.id)

    def _close_visit(self) -> None:
        """Wipe first, then put the erasure on record."""
        visit = self.visit
        visit.wipe()
        self._terminal.devices.frames.wipe()
        self.visit = Visit(self._terminal.place.language)
        if visit.intent is not None:
            seconds = round(time.monotonic() - visit.started)
            data = {"reason": visit.outcome, "wiped": True, "seconds": seconds}
            self._terminal.journal.end(visit.intent, data)

    def _journal_lost(self) -> None:
        """Nothing can be recorded, so nothing more is done: tell the citizen, then close."""
        self._terminal.condition.journal_ok = False
        self.visit.intent = None
        if self.state in _NO_VISIT:
            self._enter(State.OUT_OF_SERVICE)
            return
        self.visit.problem = Problem("journal_full", "end", State.ATTRACT)
        self._enter(State.PROBLEM)
