"""The threads that keep cases going: one for the fleet's own part, one for each platform.

A platform that hangs holds up nobody else. Every round commits by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fleet.handling.context import Context
from fleet.handling.errands import Bring, Courier, Errand, Puller, Rounder
from fleet.handling.judging import Use
from fleet.handling.rounds import Rounds
from fleet.platform.contract import Reporting
from fleet.woken import Pace

LOOK_SECONDS = 2.0  # between two looks without a call

log = structlog.get_logger("fleet.handling")


class HandlingWorker:
    """`platforms`: name -> those that report steps; a name must stay the same for good. `bring`:
    gives a supplemented case to the one that has it; `use`: what it takes over of earlier ones."""

    def __init__(
        self,
        context: Context,
        platforms: Mapping[str, Reporting],
        bring: Bring | None = None,
        use: Use = lambda case: case,
    ) -> None:
        self._context = context
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._rounds = Rounds(context, bool(platforms), use)
        errands: list[Errand] = [Puller(context, name, one) for name, one in platforms.items()]
        errands += [Courier(context, bring)] if bring else []
        loops: list[Callable[[], None]] = [self._run]
        loops += [self._loop(Rounder(context, errand)) for errand in errands]
        self._threads = [
            threading.Thread(target=loop, name=f"handling-{i}", daemon=True)
            for i, loop in enumerate(loops)
        ]
        self._leave = context.store.changes.subscribe(self._wake.set, records_only=True)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def healthy(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Ends after the transactions in hand."""
        self._leave()
        self._stopping.set()
        self._wake.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(10)

    def _run(self) -> None:
        pace = Pace(self._stopping, self._wake)
        while not self._stopping.is_set():
            pace.begin()
            for each in self._rounds.all:
                self._exhaust(each)
            self._wake.wait(LOOK_SECONDS)

    def _exhaust(self, each: Callable[[], bool]) -> None:
        """One kind of work that fails must not hold up the others."""
        try:
            while each() and not self._stopping.is_set():
                pass
        except SQLAlchemyError as error:
            log.error("handling_failed", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a defect must not end the clock for all cases
            log.error("handling_defect", error=type(error).__name__)

    def _loop(self, rounder: Rounder) -> Callable[[], None]:
        def run() -> None:
            while not self._stopping.is_set():
                self._stopping.wait(rounder.round())

        return run
