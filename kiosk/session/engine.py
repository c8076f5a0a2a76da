"""The engine: takes one event at a time, updates the visit, asks the table, starts the step.

It lives on an asyncio loop of its own thread. `post` and `touched` may be called from any thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from kiosk import events as e
from kiosk.errors import JournalError, TransitionError
from kiosk.model import Language
from kiosk.session import staff, states, views
from kiosk.session.payment import let_go
from kiosk.session.routes import QUESTIONS
from kiosk.session.steps import Step, steps_of
from kiosk.session.terminal import Terminal
from kiosk.session.timers import Idle
from kiosk.session.updates import update_of
from kiosk.session.vault import Role, Vault
from kiosk.session.visit import Problem, Visit
from kiosk.view import State, View

log = structlog.get_logger("session")

_NO_VISIT = (State.ATTRACT, State.OUT_OF_SERVICE)
_OPENING = (
    e.Touched, e.ServiceChosen, e.CardFound, e.StaffEntered, e.EnquiryOpened, e.ComplaintOpened,
    e.InformationOpened,
)  # fmt: skip
_UNBREAKABLE = (
    State.SUBMITTING, State.PAPERS, State.TICKET, State.NOTICE, State.SLIP, State.APPOINTMENT_ACT,
)  # fmt: skip

# Where a defect of the program costs nothing of what the citizen has done.
_AGAIN = (
    State.SERVICES, State.GUIDE, State.CARD, State.CONSENT, State.FACE, State.WAYS, State.QUESTION,
    State.MATERIALS, State.SCAN, State.COMMITMENT, State.CHECK, State.SIGN,
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
        self.visit = self._new_visit(terminal.place.language)
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
                self._journal_lost()
            except Exception as error:  # noqa: BLE001 (a defect must not freeze the screen)
                log.error("event_failed", state=str(self.state), error=type(error).__name__)
                self._defect()

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
        if self.state in _NO_VISIT and isinstance(event, _OPENING):
            self._open_visit()
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
            self._next_citizen()
        self._enter(target)

    def _enter(self, state: State) -> None:
        self._cancel()
        if state is State.ATTRACT and self._terminal.out_of_service():
            state = State.OUT_OF_SERVICE
        if state in _NO_VISIT:
            self._close_visit()
        if state is State.CARD:
            self.visit.card_found = False
        self.state = state
        self._draw()
        for step in self._steps():
            self._tasks.append(asyncio.create_task(self._guard(step)))

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _draw(self) -> None:
        self._serial += 1
        self._show(views.make(self.state, self._terminal, self.visit, self._serial))

    # ---- Steps -------------------------------------------------------------------------------

    def _steps(self) -> list[Step]:
        """What runs while a state lasts; the first is the one that must not be cut off."""
        state, visit = self.state, self.visit
        done = state in (State.PAPERS, State.TICKET, State.NOTICE, State.SLIP) and visit.printed
        steps = [] if done else steps_of(state, self._terminal, visit, self._tick, self.post)
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
        """Before anything is submitted the same page comes again with all that was answered;
        what fails again and again ends the visit."""
        visit, here = self.visit, self.state
        visit.defects += 1
        visit.problem = Problem("internal", "end", State.ATTRACT, visit.case_no)
        if here in _AGAIN and not visit.cases and visit.defects < DEFECTS:
            visit.problem = Problem("stumbled", "continue", here)
        self._enter(State.PROBLEM)

    # ---- Begin and end of a visit ------------------------------------------------------------

    def _new_visit(self, language: Language) -> Visit:
        return Visit(language, Vault(self._terminal.devices.frames))

    def _open_visit(self) -> None:
        language = self.visit.language
        self.visit = self._new_visit(language)
        journal = self._terminal.journal
        self.visit.intent = journal.begin("session", {"language": str(language)}, self.visit.id)

    def _close_visit(self) -> None:
        """Wipe first, then put the erasure on record: how many things of each kind there were."""
        visit = self.visit
        let_go(self._terminal, visit)
        wiped = visit.vault.wipe()
        self.visit = self._new_visit(self._terminal.place.language)
        if visit.intent is not None:
            seconds = round(time.monotonic() - visit.started)
            data = {"reason": visit.outcome, "wiped": wiped, "seconds": seconds}
            self._terminal.journal.end(visit.intent, data)

    def _next_citizen(self) -> None:
        """A new visit, of which only the helper is known."""
        helper, card = self.visit.helper, self.visit.vault.people.get(Role.HELPER)
        language = self.visit.language
        self._close_visit()
        self.visit.language = language
        self._open_visit()
        self.visit.helper = helper
        if card is not None:
            self.visit.vault.people[Role.HELPER] = card

    def _journal_lost(self) -> None:
        """Nothing can be recorded, so nothing more is done: tell the citizen, then close."""
        self._terminal.condition.journal_ok = False
        self.visit.intent = None
        if self.state in _NO_VISIT:
            self._enter(State.OUT_OF_SERVICE)
            return
        self.visit.problem = Problem("journal_full", "end", State.ATTRACT)
        self._enter(State.PROBLEM)
