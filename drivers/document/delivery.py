"""One document's way to the printer and out of it.

How far it got, for certain:
SENT       the printer made a job of it; as a last word: and put it away before it had begun it.
PRINTED    the job is completed.
PRESENTED  and the printer shows no fault that could have to do with it. IPP knows no sensor of
           taken paper, so TAKEN is never said.
A job that fails is cancelled, and its end is waited for, so that nothing comes out for the next
person. Whatever else is UNCONFIRMED: `sheets` says what the printer counted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from pyipp.enums import IppJobState, IppTag

from drivers.document.faults import DocumentFault, fault_of
from drivers.document.jobs import Job, Printer
from drivers.document.link import NoAnswerError, RefusedError
from drivers.document.messages import Tagged
from drivers.document.status import understand
from kiosk.model import DeviceStatus, Fault, PrintOutcome, Rung
from kiosk.ports import OnRung

_MISSES = 3  # polls without an answer
_SHORTEST, _LONGEST = 0.05, 0.5  # seconds between polls; each wait is longer than the last
_SEARCHES = 3  # for a job of which nobody knows whether it arrived

# Faults that a whole sheet, just out, may leave behind.
_AFTER_THE_LAST = (DocumentFault.PAPER_OUT, DocumentFault.MEDIA_NOT_LOADED)
_COMPLETED_BUT = {
    "job-completed-with-errors": DocumentFault.JOB_ERRORS,
    "queued-in-device": DocumentFault.NO_PROGRESS,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Of the settings; times in seconds."""

    user: str
    media: str
    sides: str
    accept_seconds: float
    finish_seconds: float
    fault_seconds: float
    cancel_seconds: float


class Delivery:
    """One job, once. `closing` says when to give it up."""

    def __init__(
        self, printer: Printer, terms: Terms, job: str, on_rung: OnRung, closing: Callable[[], bool]
    ) -> None:
        self._printer = printer
        self._terms = terms
        self._job = job
        self._on_rung = on_rung
        self._closing = closing

    async def print(self, pdf: bytes, sending: Callable[[], None]) -> PrintOutcome:
        """`sending` is called when from there on the document may reach the printer."""
        try:
            status = await self._status()
            if not status.usable:
                return PrintOutcome(Rung.QUEUED, status.fault)
            if known := await self._known():
                return await self._follow(known.number)
            if await put_away(self._printer, self._terms, keep=self._job):
                return PrintOutcome(Rung.QUEUED, fault_of(DocumentFault.LEFTOVER))
        except (NoAnswerError, RefusedError) as error:
            return PrintOutcome(Rung.QUEUED, error.fault)
        sending()
        return await self._send(pdf)

    async def _send(self, pdf: bytes) -> PrintOutcome:
        until = time.monotonic() + self._terms.accept_seconds
        while True:
            try:
                number = await self._printer.print(
                    self._job, pdf, _wishes(self._terms), self._terms.accept_seconds
                )
            except RefusedError as refused:
                busy = refused.fault.code == DocumentFault.BUSY and time.monotonic() < until
                if not busy or self._closing():
                    return PrintOutcome(Rung.QUEUED, refused.fault)
                await asyncio.sleep(_LONGEST)
            except NoAnswerError as error:
                if error.untouched:
                    return PrintOutcome(Rung.QUEUED, error.fault)
                return await self._look_for_it(error.fault)
            else:
                return await self._follow(number) if number else await self._look_for_it(None)

    async def _look_for_it(self, fault: Fault | None) -> PrintOutcome:
        """Did it arrive? A printer that drops half a document may need a moment to say so."""
        for search in range(_SEARCHES):
            await asyncio.sleep(search * _LONGEST)
            try:
                if known := await self._known():
                    return await self._follow(known.number)
            except (NoAnswerError, RefusedError) as error:
                fault = fault or error.fault
        return PrintOutcome(Rung.UNCONFIRMED, fault or fault_of(DocumentFault.NO_ANSWER))

    async def _known(self) -> Job | None:
        for which in ("not-completed", "completed"):
            for job in await self._printer.jobs(which):
                if job.name == self._job and job.user == self._terms.user:
                    return job
        return None

    async def _follow(self, number: int) -> PrintOutcome:
        self._on_rung(Rung.SENT)
        begin, faulty, misses, pause = time.monotonic(), 0.0, 0, _SHORTEST
        while True:
            try:
                job, status = await self._printer.job(number), await self._status()
                misses = 0
            except (NoAnswerError, RefusedError) as error:
                misses += 1
                if misses == _MISSES:
                    return PrintOutcome(Rung.UNCONFIRMED, error.fault)
            else:
                if job is None or job.name != self._job:
                    return PrintOutcome(Rung.UNCONFIRMED, fault_of(DocumentFault.JOB_LOST))
                if job.ended:
                    return self._ended(job, status)
                fault = _standstill(job, status)
                now = time.monotonic()
                faulty = (faulty or now) if fault else 0.0
                if reason := self._enough(fault, faulty, now - begin):
                    return await self._give_up(number, reason)
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, _LONGEST)

    def _enough(self, fault: Fault | None, faulty: float, waited: float) -> Fault | None:
        """Why the job is given up now; None: it is not."""
        if self._closing():
            return fault_of(DocumentFault.CANCELLED)
        if fault and time.monotonic() - faulty >= self._terms.fault_seconds:
            return fault
        if waited >= self._terms.finish_seconds:
            return fault or fault_of(DocumentFault.NO_PROGRESS)
        return None

    async def _give_up(self, number: int, fault: Fault) -> PrintOutcome:
        """It may still come out in the last moment; then that is what counts."""
        try:
            await self._printer.cancel(number)
            until = time.monotonic() + self._terms.cancel_seconds
            while (job := await self._printer.job(number)) and not job.ended:
                if time.monotonic() >= until:
                    return PrintOutcome(Rung.UNCONFIRMED, fault, job.sheets)
                await asyncio.sleep(_SHORTEST)
            if job and job.completed:
                return self._ended(job, await self._status())
        except (NoAnswerError, RefusedError):
            return PrintOutcome(Rung.UNCONFIRMED, fault)
        return _put_away(job, fault) if job else PrintOutcome(Rung.UNCONFIRMED, fault)

    def _ended(self, job: Job, status: DeviceStatus) -> PrintOutcome:
        if job.state == IppJobState.CANCELED:
            return _put_away(job, _cause(status) or fault_of(DocumentFault.CANCELLED))
        if job.state == IppJobState.ABORTED:
            return _put_away(job, _cause(status) or fault_of(DocumentFault.ABORTED))
        if "queued-in-device" in job.reasons:
            fault = fault_of(DocumentFault.NO_PROGRESS, "queued-in-device")
            return PrintOutcome(Rung.UNCONFIRMED, fault, job.sheets)
        self._on_rung(Rung.PRINTED)
        if "job-completed-with-errors" in job.reasons:
            return PrintOutcome(Rung.PRINTED, fault_of(DocumentFault.JOB_ERRORS), job.sheets)
        fault_now = _cause(status)
        if fault_now and fault_now.code not in _AFTER_THE_LAST:
            return PrintOutcome(Rung.PRINTED, fault_now, job.sheets)
        self._on_rung(Rung.PRESENTED)
        return PrintOutcome(Rung.PRESENTED, None, job.sheets)

    async def _status(self) -> DeviceStatus:
        said = await self._printer.attributes()
        return understand(said, self._terms.media, self._terms.sides)


async def put_away(printer: Printer, terms: Terms, keep: str = "") -> list[Job]:
    """Cancel each of our jobs that is not `keep`; those that remain all the same."""
    until = time.monotonic() + terms.cancel_seconds
    asked: set[int] = set()
    while True:
        jobs = await printer.jobs("not-completed")
        left = [job for job in jobs if job.user == terms.user and job.name != keep]
        if not left or time.monotonic() >= until:
            return left
        for job in left:
            if job.number not in asked:
                asked.add(job.number)
                await printer.cancel(job.number)
        await asyncio.sleep(_SHORTEST)


def _wishes(terms: Terms) -> Tagged:
    media: Tagged = {"media": (IppTag.KEYWORD, [terms.media])} if terms.media else {}
    return {"copies": (IppTag.INTEGER, [1]), "sides": (IppTag.KEYWORD, [terms.sides]), **media}


def _cause(status: DeviceStatus) -> Fault | None:
    """The fault that keeps the printer from printing."""
    return None if status.usable else status.fault


def _standstill(job: Job, status: DeviceStatus) -> Fault | None:
    """Why the job does not go on; None while it does, or waits its turn."""
    stopped = job.state in (IppJobState.STOPPED, IppJobState.HELD)
    return _cause(status) or (fault_of(DocumentFault.STOPPED) if stopped else None)


def _put_away(job: Job, fault: Fault) -> PrintOutcome:
    """For certain it never began, or nobody knows what lies where."""
    if not job.begun:
        return PrintOutcome(Rung.SENT, fault, 0)
    return PrintOutcome(Rung.UNCONFIRMED, fault, job.sheets)
