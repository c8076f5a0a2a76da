"""The engine: takes one event at a time, updates the visit, asks the table, starts the step.

It lives on an asyncio loop of its own thread. `post` and `touched` may be called from any thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from kiosk import events as e
from kiosk.errors import JournalError, TransitionError
from kiosk.session import pace, staff, states, views, visits
from kiosk.session.refuge import Refuge
from kiosk.session.routes import QUESTIONS
from kiosk.session.steps import Step, steps_of
from kiosk.session.terminal import Terminal
from kiosk.session.timers import Idle
from kiosk.session.updates import update_of
from kiosk.session.visit import Problem
from kiosk.view import State, View

log = structlog.get_logger("session")

_NO_VISIT = (State.ATTRACT, State.OUT_OF_SERVICE)
_NO_WAY_BACK = (*_NO_VISIT, State.PROBLEM)  # what fails there would fail again and again
_UNBREAKABLE = (
    State.SUBMITTING, State.PAPERS, State.TICKET, State.NOTICE, State.SLIP, State.APPOINTMENT_ACT,
)  # fmt: skip

# Where a defect of the program costs nothing of what the citizen has done.
_AGAIN = (
    State.SERVICES, State.GUIDE, State.CARD, State.CONSENT, State.FACE, State.WAYS, State.QUESTION,
    State.MATERIALS, State.SCAN, State.COMMITMENT, State.CHECK, State.SIGN, State.PRACTICE,
    State.PRACTICE_QUESTION, State.PRACTICE_CHECK,
)  # fmt: skip
DEFECTS = 3  # in one visit: then it ends


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
        self.visit = visits.blank(terminal)
        self._refuge = Refuge(terminal, self.post)
        staff.restore(terminal)

    # ---- From other threads ------------------------------------------------------------------

    def post(self, event: e.Event) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def touched(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._idle.touch)

    def redraw(self) -> None:
        """The same page anew: something that it shows has changed. On the engine's loop."""
        self._draw()

    # ---- The loop ----------------------------------------------------------------------------

    async def run(self, interrupted: str | None = None) -> None:
        """Serve for ever. `interrupted`: see `recovery.recover`."""
        self._loop = asyncio.get_running_loop()
        self._enter(State.OUT_OF_SERVICE)
        if interrupted is not None:
            till = self._terminal.till
            paying = not interrupted and till is not None and till.interrupted
            code = "interrupted_payment" if paying else "interrupted"
            self.visit.problem = Problem(code, "end", State.ATTRACT, interrupted)
        while True:
            event = await self._events.get()
            try:
                self._handle(event)
            except JournalError as error:
                log.error("journal_failed", error=type(error).__name__)
                self._tell(self._journal_lost)
            except Exception as error:  # noqa: BLE001 (a defect must not freeze the screen)
                log.error("event_failed", state=str(self.state), error=type(error).__name__)
                self._tell(self._defect)

    async def stop(self) -> None:
        """Let a submission or a print come to its end, then drop everything."""
        if self.state in _UNBREAKABLE and self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=15)
        self._cancel()
        self.visit.vault.wipe()

    # ---- One event ---------------------------------------------------------------------------

    def _handle(self, event: e.Event) -> None:
        try:
            target = states.target(self.state, type(event))
        except TransitionError:
            log.info("event_out_of_place", state=str(self.state), event_type=type(event).__name__)
            return
        self._open_for(event)
        if isinstance(event, e.WaitedTooLong):
            self.visit.resume = self.state
        gone = self.state is State.STILL_THERE and isinstance(event, e.CountdownEnded)
        if gone and not self.visit.printed:
            self.visit.outcome = "idle"
        self.visit.page = self.state
        update = update_of(self.state, type(event))
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
        if isinstance(event, e.NextCitizen):
            self.visit = visits.follow(self._terminal, self.visit)
        self._enter(target)

    def _enter(self, state: State) -> None:
        self._cancel()
        if state in _NO_VISIT:
            self._enter_alone(state)
            return
        if state is State.CARD:
            self.visit.card_found = False
        self._open(state)

    def _open(self, state: State) -> None:
        self.state = state
        self._draw()
        for step in self._steps():
            self._tasks.append(asyncio.create_task(self._guard(step)))

    def _enter_alone(self, state: State) -> None:
        """The pages of nobody. Every visit ends there, so nothing else is left when they fail."""
        told = self.state is State.PROBLEM
        try:
            if state is State.ATTRACT and self._terminal.out_of_service():
                state = State.OUT_OF_SERVICE
            self._close_visit()
            self._open(state)
        except Exception as error:
            if isinstance(error, JournalError) and not told:
                raise
            log.error("nobodys_page_failed", state=str(state), error=type(error).__name__)
            self._last_resort()
        else:
            self._refuge.leave()

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _draw(self) -> None:
        self._serial += 1
        if self._refuge.taken:
            self._show(self._refuge.page(self._serial))
        else:
            self._show(views.make(self.state, self._terminal, self.visit, self._serial))

    # ---- Steps -------------------------------------------------------------------------------

    def _steps(self) -> list[Step]:
        """What runs while a state lasts; the first is the one that must not be cut off."""
        state, visit = self.state, self.visit
        done = state in (State.PAPERS, State.TICKET, State.NOTICE, State.SLIP) and visit.printed
        steps = [] if done else steps_of(state, self._terminal, visit, self._tick, self.post)
        if e.WaitedTooLong in states.TABLE[state]:
            steps.append(lambda: self._idle.watch(self.post))
        if states.TABLE[state].get(e.WaitedTooLong) is State.STILL_THERE:
            steps.append(lambda: pace.watch(self._terminal, visit, self.post))
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
            self._tell(self._last_resort if self.state in _NO_WAY_BACK else self._defect)

    def _defect(self) -> None:
        """Before anything is submitted the same page comes again with all that was answered;
        what fails again and again ends the visit."""
        visit, here = self.visit, self.state
        visit.defects += 1
        visit.problem = Problem("internal", "end", State.ATTRACT, visit.case_no)
        if here in _AGAIN and not visit.cases and visit.defects < DEFECTS:
            visit.problem = Problem("stumbled", "continue", here)
        self._enter(State.PROBLEM)

    def _tell(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception as error:  # noqa: BLE001 (nothing can be told of the trouble)
            log.error("problem_page_failed", state=str(self.state), error=type(error).__name__)
            self._last_resort()

    def _last_resort(self) -> None:
        """Whoever was here is forgotten. What can't even be wiped ends the process."""
        self._cancel()
        self.visit.vault.wipe()
        self.visit = visits.blank(self._terminal)
        self.state = State.OUT_OF_SERVICE
        self._tasks.append(asyncio.create_task(self._refuge.take()))
        self._draw()

    # ---- Begin and end of a visit ------------------------------------------------------------

    def _open_for(self, event: e.Event) -> None:
        begun = visits.opened(self._terminal, self.visit, self.state, event)
        if begun is not None:
            self.visit = begun
            self._refuge.forget()

    def _close_visit(self) -> None:
        """From here on nobody is here, also if that can't be put on record."""
        visit, self.visit = self.visit, visits.blank(self._terminal)
        visits.end(self._terminal, visit)

    def _journal_lost(self) -> None:
        """Nothing can be recorded, so nothing more is done: tell the citizen, then close."""
        self._terminal.condition.journal_ok = False
        self.visit.intent = None
        if self.state in _NO_VISIT:
            self._enter(State.OUT_OF_SERVICE)
            return
        self.visit.problem = Problem("journal_full", "end", State.ATTRACT)
        self._enter(State.PROBLEM)
