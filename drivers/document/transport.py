"""The certificate printer behind a spool folder, as `kiosk.ports.DocumentPrinter`.

A job is given up when it stands still too long, when the printer goes away, or when it says that
it failed. Giving up removes its PDF, so that nothing comes out later for the next person. If the
printer had already taken the job, nobody can know: UNCONFIRMED.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from drivers.document.spool import STATUS, Spool
from drivers.document.status import DocumentFault, fault_in, fault_of, understand, word_of
from kiosk.model import DeviceState, DeviceStatus, Fault, PrintOutcome, Rung
from kiosk.ports import OnRung

_LADDER = (Rung.QUEUED, Rung.SENT, Rung.PRINTED, Rung.PRESENTED, Rung.TAKEN)
_POLL = 0.05  # seconds
_SUCCESS = (Rung.PRESENTED, Rung.TAKEN, Rung.RETRACTED)


class SpoolPrinter:
    """`stall_seconds`: without progress, until a job is given up.

    `taken_seconds`: how long a presented sheet is watched, in case that the printer can see it
    taken; success does not depend on it.
    """

    def __init__(
        self, folder: Path, *, stall_seconds: float = 30.0, taken_seconds: float = 2.0
    ) -> None:
        self._spool = Spool(folder)
        self._stall_seconds = stall_seconds
        self._taken_seconds = taken_seconds
        self._swept = False
        self._begun: set[str] = set()

    async def status(self) -> DeviceStatus:
        await self._sweep_once()
        said = await asyncio.to_thread(self._spool.read, STATUS)
        return understand(said, datetime.now(UTC))

    async def print(self, job: str, pdf: bytes, on_rung: OnRung) -> PrintOutcome:
        """A known job is not printed again: its present outcome is returned, with no rung."""
        await self._sweep_once()
        if job in self._begun:
            return outcome_of(await asyncio.to_thread(self._spool.read, job))
        self._begun.add(job)
        try:
            if await asyncio.to_thread(self._spool.knows, job):
                return outcome_of(await asyncio.to_thread(self._spool.read, job))
            on_rung(Rung.QUEUED)
            status = await self.status()
            if not status.usable:
                return PrintOutcome(Rung.QUEUED, status.fault)
            return await self._deliver(job, pdf, on_rung)
        finally:
            self._begun.discard(job)

    async def close(self) -> None:
        """Holds nothing open."""

    async def _deliver(self, job: str, pdf: bytes, on_rung: OnRung) -> PrintOutcome:
        putting = asyncio.ensure_future(asyncio.to_thread(self._spool.put, job, pdf))
        try:
            await asyncio.shield(putting)
            return await self._follow(job, on_rung)
        except OSError:
            return PrintOutcome(Rung.QUEUED, fault_of(DocumentFault.UNREACHABLE))
        finally:
            # Nothing is left on success; a visit that was torn down takes its paper back.
            await asyncio.wait([putting])
            self._spool.withdraw(job)

    async def _sweep_once(self) -> None:
        if not self._swept:
            self._swept = True
            await asyncio.to_thread(self._spool.sweep)

    async def _follow(self, job: str, on_rung: OnRung) -> PrintOutcome:
        rung, since = Rung.QUEUED, time.monotonic()
        while True:
            said = await asyncio.to_thread(self._spool.read, job)
            reached = word_of(Rung, said.get("rung")) or rung
            for step in _steps(rung, reached):
                on_rung(step)
                rung, since = step, time.monotonic()
            waited = time.monotonic() - since
            if rung in _SUCCESS:
                if rung is not Rung.PRESENTED or waited > self._taken_seconds:
                    return PrintOutcome(rung, fault_in(said))
            elif fault := fault_in(said) or await self._standstill(waited):
                return await asyncio.to_thread(self._give_up, job, fault)
            await asyncio.sleep(_POLL)

    async def _standstill(self, waited: float) -> Fault | None:
        """Why waiting longer makes no sense; None while it does."""
        status = await self.status()
        if status.state is DeviceState.OFFLINE:
            return status.fault
        if waited > self._stall_seconds:
            return status.fault or fault_of(DocumentFault.NO_PROGRESS)
        return None

    def _give_up(self, job: str, fault: Fault) -> PrintOutcome:
        if self._spool.withdraw(job):
            return PrintOutcome(Rung.QUEUED, fault)
        last = outcome_of(self._spool.read(job))  # it may have come out in the last moment
        return last if last.rung in _SUCCESS else PrintOutcome(Rung.UNCONFIRMED, fault)


def outcome_of(said: Mapping[str, Any]) -> PrintOutcome:
    """What a job's json says; one that cannot be read is UNCONFIRMED."""
    rung, fault = word_of(Rung, said.get("rung")) or Rung.UNCONFIRMED, fault_in(said)
    failed = fault is not None and rung not in (Rung.QUEUED, *_SUCCESS)
    return PrintOutcome(Rung.UNCONFIRMED if failed else rung, fault)


def _steps(rung: Rung, reached: Rung) -> tuple[Rung, ...]:
    """The rungs above `rung` up to `reached`; a printer may climb several between two looks."""
    if reached is Rung.RETRACTED and rung is not Rung.RETRACTED:
        return (*_steps(rung, Rung.PRESENTED), Rung.RETRACTED)
    if rung not in _LADDER or reached not in _LADDER:
        return ()
    return _LADDER[_LADDER.index(rung) + 1 : _LADDER.index(reached) + 1]
