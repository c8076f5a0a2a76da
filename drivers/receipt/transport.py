"""The receipt printer on TCP port 9100, as `kiosk.ports.ReceiptPrinter`.

Each errand opens its own connection and closes it: a socket that is left open dies unseen, and
many printers serve one connection at a time.

How far a slip got, for certain:
SENT       every byte was given to the network.
PRINTED    a buffered status request, sent after the cut, was answered; the printer takes commands
           in order, so the cut has been made.
PRESENTED  the real-time status afterwards has no fault.
From the first byte on, silence or a broken connection is UNCONFIRMED. Nothing is sent twice.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from drivers.receipt.escpos import ASK_BUFFERED, encode
from drivers.receipt.link import Link
from drivers.receipt.status import DEVICE, ReceiptFault, failing, fault_of
from drivers.worker import Worker
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    Fault,
    PrintOutcome,
    Receipt,
    Rung,
    SupplyLevel,
)
from kiosk.ports import OnRung

_MISSES = 3  # in a row, before a device that was there is called absent
_ABSENT = (ReceiptFault.UNREACHABLE, ReceiptFault.NO_ANSWER)
_PASSING = (ReceiptFault.AUTO_RECOVERING, ReceiptFault.NOT_READY)  # may end without a person
_LOOK_EVERY = 0.5  # seconds between looks at the printer while it prints
_REMEMBERED = 256


class _Attempt:
    """Decides, once, between sending a job and giving it up; both threads may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sending = self._given_up = False

    def claim(self) -> bool:
        """From here on bytes may have reached the printer. False: it was given up before."""
        with self._lock:
            self._sending = not self._given_up
            return self._sending

    def give_up(self) -> Rung:
        """Nothing more is reported; QUEUED: and nothing will be sent."""
        with self._lock:
            self._given_up = True
            return Rung.UNCONFIRMED if self._sending else Rung.QUEUED

    @property
    def given_up(self) -> bool:
        with self._lock:
            return self._given_up


class EscposNetworkPrinter:
    """`timeout`: seconds for each network act; `finish_seconds`: for a slip to be cut."""

    def __init__(
        self,
        host: str,
        port: int = 9100,
        width_dots: int = 576,
        *,
        timeout: float = 2.0,
        finish_seconds: float = 20.0,
    ) -> None:
        self._address = (host, port)
        self._width_dots = width_dots
        self._timeout = timeout
        self._finish_seconds = finish_seconds
        self._worker = Worker(DEVICE)
        self._printing = 0
        self._misses = 0
        self._last = DeviceStatus(DEVICE, DeviceState.STARTING, {"paper": SupplyLevel.UNKNOWN})
        self._outcomes: dict[str, PrintOutcome] = {}  # of jobs that may have reached the printer

    async def status(self) -> DeviceStatus:
        """While a slip is printed: BUSY, without disturbing it."""
        if self._printing:
            return replace(self._last, state=DeviceState.BUSY, fault=None)
        try:
            status = await self._worker.call(6 * self._timeout, self._look)
        except TimeoutError:
            status = failing(ReceiptFault.NO_ANSWER)
        self._last = self._debounced(status)
        return self._last

    async def print(self, job: str, receipt: Receipt, on_rung: OnRung) -> PrintOutcome:
        """A `job` that may have reached the printer before is not sent again."""
        loop = asyncio.get_running_loop()
        attempt = _Attempt()

        def climb(rung: Rung) -> None:
            if not attempt.given_up:
                loop.call_soon_threadsafe(on_rung, rung)

        on_rung(Rung.QUEUED)
        self._printing += 1
        limit = 20 * self._timeout + 2 * self._finish_seconds
        try:
            return await self._worker.call(limit, self._print, attempt, job, receipt, climb)
        except TimeoutError:
            return PrintOutcome(attempt.give_up(), fault_of(ReceiptFault.NO_ANSWER))
        finally:
            attempt.give_up()
            self._printing -= 1

    async def close(self) -> None:
        self._worker.close()

    def _look(self) -> DeviceStatus:
        try:
            with self._connect() as link:
                return link.status()
        except OSError:
            return failing(ReceiptFault.UNREACHABLE)

    def _debounced(self, status: DeviceStatus) -> DeviceStatus:
        absent = status.fault is not None and status.fault.code in _ABSENT
        self._misses = self._misses + 1 if absent else 0
        return replace(status, state=DeviceState.NO_DEVICE) if self._misses >= _MISSES else status

    def _connect(self) -> Link:
        return Link(*self._address, self._timeout)

    def _print(
        self, attempt: _Attempt, job: str, receipt: Receipt, climb: Callable[[Rung], None]
    ) -> PrintOutcome:
        if job in self._outcomes:
            return self._outcomes[job]
        data = encode(receipt, self._width_dots) + ASK_BUFFERED
        try:
            with self._connect() as link:
                self._last = link.status()
                fault = self._settled(link) if self._last.usable else self._last.fault
                if fault:
                    return PrintOutcome(Rung.QUEUED, fault)
                if not attempt.claim():
                    return PrintOutcome(Rung.QUEUED, fault_of(ReceiptFault.NO_ANSWER))
                self._remember(job, PrintOutcome(Rung.UNCONFIRMED))
                return self._remember(job, self._deliver(link, data, climb))
        except OSError:
            return PrintOutcome(Rung.QUEUED, fault_of(ReceiptFault.UNREACHABLE))

    def _remember(self, job: str, outcome: PrintOutcome) -> PrintOutcome:
        self._outcomes[job] = outcome
        if len(self._outcomes) > _REMEMBERED:
            del self._outcomes[next(iter(self._outcomes))]
        return outcome

    def _deliver(self, link: Link, data: bytes, climb: Callable[[Rung], None]) -> PrintOutcome:
        certain = Rung.UNCONFIRMED
        try:
            link.send(data)
            climb(Rung.SENT)
            fault = self._finished(link)
            if fault:
                # The rest would come out later, before the next person.
                link.clear()
                return PrintOutcome(certain, fault)
            certain = Rung.PRINTED
            climb(certain)
            status = link.status()
        except OSError:
            return PrintOutcome(certain, fault_of(ReceiptFault.UNREACHABLE))
        if not status.usable:
            return PrintOutcome(certain, status.fault)
        climb(Rung.PRESENTED)
        return PrintOutcome(Rung.PRESENTED)

    def _settled(self, link: Link) -> Fault | None:
        """Wait until the buffer is empty; None when it is.

        Otherwise an answer that an earlier job asked for could be taken for this one's. And a
        printer that does not answer here would leave this job unconfirmed.
        """
        link.send(ASK_BUFFERED)
        fault = self._finished(link)
        link.forget_answers()
        return fault

    def _finished(self, link: Link) -> Fault | None:
        """Wait for the answer to the last buffered question; None when it came."""
        until = time.monotonic() + self._finish_seconds
        fault = None
        while not link.wait_done(_LOOK_EVERY):
            fault = link.status().fault
            if fault and fault.code not in _PASSING and not link.done:
                return fault
            if time.monotonic() >= until:
                return fault or fault_of(ReceiptFault.NO_ANSWER)
        return None
