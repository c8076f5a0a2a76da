"""What all receipt printers have in common, as `kiosk.ports.ReceiptPrinter`, on any line.

How far a slip got, for certain:
SENT       every byte was given to the line.
PRINTED    a question that was sent after the cut, and waits its turn in the printer, was answered;
           the printer takes commands in order, so the cut has been made.
PRESENTED  the real-time status afterwards has no fault.
From the first byte on, silence or a broken line is UNCONFIRMED. Nothing is sent twice.

Which question a printer knows (GS r, else GS I, else GS a) is found out while it is idle. One that
knows none says so by the fault `cannot_confirm`, and prints only if the settings allow it by
`answers`: its faults are then watched for as long as the slip should take, and every slip ends
UNCONFIRMED, because that it came out is likely but not known.
"""

from __future__ import annotations

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import ClassVar, Generic, Self, TypeVar

from drivers.debounce import Debounce
from drivers.options import Site
from drivers.receipt import glyphs
from drivers.receipt.confirm import CONFIRMATIONS, Confirmation
from drivers.receipt.errands import Attempt, Backoff, Outcomes
from drivers.receipt.escpos import encode
from drivers.receipt.link import STATUS_SECONDS, Link, Wire
from drivers.receipt.options import ReceiptOptions
from drivers.receipt.qr import TooLongError
from drivers.receipt.status import DEVICE, ReceiptFault, broken, cause, failing, fault_of, missed
from drivers.worker import Worker
from kiosk.model import DeviceState, DeviceStatus, PrintOutcome, Receipt, Rung
from kiosk.ports import OnRung

_MARGIN = 0.4  # seconds beside an errand's own limit
_CLOSING_SECONDS = 2.0

O = TypeVar("O", bound=ReceiptOptions)  # noqa: E741


class EscposPrinter(ABC, Generic[O]):
    """`keeps_line`: opened once and kept, because opening some lines resets the printer."""

    Options: ClassVar[type[ReceiptOptions]]
    keeps_line: ClassVar[bool] = True

    def __init__(self, options: O) -> None:
        self._options = options
        self._worker = Worker(DEVICE)
        self._closing = threading.Event()
        self._link: Link | None = None
        self._confirmation: Confirmation = CONFIRMATIONS[options.answers](options.finish_seconds)
        self._waiting = 0  # calls of print
        self._working = False  # a job that was given up may go on
        self._backoff = Backoff()
        self._debounce = Debounce(DEVICE)
        self._known = DeviceStatus(DEVICE, DeviceState.STARTING)
        self._outcomes = Outcomes()

    @classmethod
    def build(cls, options: O, site: Site) -> Self:
        if package := glyphs.missing_package():
            raise ImportError("names can't be drawn", name=package)
        return cls(options)

    @abstractmethod
    def _open(self) -> Wire:
        """The line, open; `OSError` when there is none."""

    async def status(self) -> DeviceStatus:
        """While a slip is printed: BUSY, without disturbing it."""
        if self._closing.is_set():
            return failing(ReceiptFault.UNREACHABLE)
        if self._waiting or self._working:
            return replace(self._known, state=DeviceState.BUSY, fault=None)
        try:
            await self._worker.call(STATUS_SECONDS + _MARGIN, self._look)
        except TimeoutError:
            self._see(failing(ReceiptFault.NO_ANSWER))
        return self._known

    async def print(self, job: str, receipt: Receipt, on_rung: OnRung) -> PrintOutcome:
        """A `job` that may have reached the printer before is not sent again."""
        loop = asyncio.get_running_loop()
        attempt = Attempt()

        def climb(rung: Rung) -> None:
            if not attempt.given_up:
                loop.call_soon_threadsafe(on_rung, rung)

        on_rung(Rung.QUEUED)
        if self._closing.is_set():
            return PrintOutcome(Rung.QUEUED, fault_of(ReceiptFault.UNREACHABLE))
        self._waiting += 1
        limit = 60 + 4 * self._options.finish_seconds  # every part ends by itself before
        try:
            return await self._worker.call(limit, self._print, attempt, job, receipt, climb)
        except TimeoutError:
            return PrintOutcome(attempt.give_up(), fault_of(ReceiptFault.NO_ANSWER))
        finally:
            attempt.give_up()
            self._waiting -= 1

    async def close(self) -> None:
        """Ends what waits. A slip under way is not taken back: it ends unconfirmed."""
        if not self._closing.is_set():
            self._closing.set()
            with suppress(TimeoutError):
                await self._worker.call(_CLOSING_SECONDS, self._hang_up)
            self._worker.close()

    # ---- On the worker's thread --------------------------------------------------------------

    def _look(self) -> None:
        if not self._backoff.due:
            return
        until = time.monotonic() + STATUS_SECONDS
        try:
            with self._errand() as link:
                self._see(self._confirmation.look(link, until))
        except OSError as error:
            self._see(broken(error))

    def _see(self, status: DeviceStatus) -> DeviceStatus:
        self._known = self._debounce.see(status, missed=missed(status))
        return status

    def _print(
        self, attempt: Attempt, job: str, receipt: Receipt, climb: Callable[[Rung], None]
    ) -> PrintOutcome:
        if known := self._outcomes.get(job):
            return known
        self._working = True
        try:
            data = encode(receipt, self._options.paper)
            with self._errand() as link:
                return self._try(link, attempt, job, data, climb)
        except TooLongError:
            return PrintOutcome(Rung.QUEUED, fault_of(ReceiptFault.TOO_LONG))
        except TimeoutError:
            return PrintOutcome(Rung.QUEUED, fault_of(ReceiptFault.NO_ANSWER))
        except OSError as error:
            return PrintOutcome(Rung.QUEUED, cause(error))
        finally:
            self._working = False

    def _try(
        self, link: Link, attempt: Attempt, job: str, data: bytes, climb: Callable[[Rung], None]
    ) -> PrintOutcome:
        status = self._see(self._confirmation.ready(link))
        if not status.usable:
            return PrintOutcome(Rung.QUEUED, status.fault)
        if not attempt.claim():
            return PrintOutcome(Rung.QUEUED, fault_of(ReceiptFault.NO_ANSWER))
        self._outcomes.keep(job, PrintOutcome(Rung.UNCONFIRMED))
        return self._outcomes.keep(job, self._confirmation.deliver(link, data, climb))

    @contextmanager
    def _errand(self) -> Iterator[Link]:
        """The line, opened if need be. One that broke is closed, and opened by a later errand."""
        link = None
        try:
            link = self._take()
            yield link
        except OSError:
            self._backoff.failed()
            if link:
                link.lost = True
            raise
        finally:
            if link and self.keeps_line and not link.lost:
                self._link = link
            elif link:
                link.close()

    def _take(self) -> Link:
        """The line that was kept, unless it was unplugged meanwhile; else a new one.

        It belongs to this errand alone: one that hangs can't disturb the next.
        """
        kept, self._link = self._link, None
        if kept:
            try:
                kept.refresh()
            except OSError:
                kept.lost = True
                kept.close()
            else:
                return kept
        link = Link(self._open(), self._options.timeout, self._closing)
        self._backoff.succeeded()
        return link

    def _hang_up(self) -> None:
        link, self._link = self._link, None
        if link:
            link.close()
