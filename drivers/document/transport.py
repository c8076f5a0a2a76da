"""A certificate printer on the network that speaks IPP, as `kiosk.ports.DocumentPrinter`.

Between two errands no connection is open. While nothing is printed here, every look at the printer
also cancels what it still holds of ours: a terminal that was killed, or cut off, takes its papers
back as soon as it sees the printer again, and before it prints anything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field

from drivers.debounce import Debounce
from drivers.document.delivery import Delivery, Terms, put_away
from drivers.document.faults import MISSED, DocumentFault, failing, fault_of
from drivers.document.jobs import Printer
from drivers.document.link import Link, NoAnswerError, RefusedError, Resolver
from drivers.document.status import DEVICE, understand
from drivers.options import Options, Site
from kiosk.model import DeviceState, DeviceStatus, PrintOutcome, Rung
from kiosk.ports import OnRung

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_STATUS_SECONDS = 4.5  # for a whole look
_CLEAR_SECONDS = 1.5  # of it, for leftovers
_REMEMBERED = 256
_URI = r"^ipps?://[^\s/@]+(/\S*)?$"


class IppOptions(Options):
    """`[document.ipp]`"""

    uri: str = Field("ipp://127.0.0.1:631/ipp/print", pattern=_URI, description="its address")
    media: str = Field(
        "iso_a4_210x297mm",
        pattern=r"^[a-z0-9_.-]{0,127}$",
        description="size of the paper (PWG 5101.1); empty: whatever the printer takes",
    )
    sides: Literal["one-sided", "two-sided-long-edge", "two-sided-short-edge"] = Field(
        "one-sided", description="which sides of a sheet are printed"
    )
    user: str = Field(
        "kiosk",
        pattern=r"^[A-Za-z0-9._-]{1,63}$",
        description="whose jobs these are; jobs of this name are cancelled when they are left "
        "over, so terminals that share a printer need one each",
    )
    verify_tls: bool = Field(True, description="ipps: trust only a certificate that can be checked")
    timeout: float = Field(2.0, gt=0, le=4, description="seconds for each question")
    accept_seconds: float = Field(15.0, gt=0, description="seconds to take a document in")
    finish_seconds: float = Field(60.0, gt=0, description="seconds from there to the sheet")
    fault_seconds: float = Field(
        3.0, ge=0, description="seconds that a fault may stand before the job is cancelled"
    )
    cancel_seconds: float = Field(5.0, gt=0, description="seconds for a cancelled job to end")


class IppPrinter:
    Options: ClassVar = IppOptions

    def __init__(self, options: IppOptions) -> None:
        self._options = options
        self._terms = Terms(**options.model_dump(include=set(Terms.__dataclass_fields__)))
        self._resolver = Resolver(options.timeout / 2)
        self._lock = asyncio.Lock()
        self._printing = 0
        self._closed = False
        self._known = Debounce(DEVICE)
        self._last = DeviceStatus(DEVICE, DeviceState.STARTING)
        self._outcomes: dict[str, PrintOutcome] = {}  # of jobs that may have reached the printer

    @classmethod
    def build(cls, options: Any, site: Site) -> Self:
        del site
        return cls(options)

    async def status(self) -> DeviceStatus:
        """While a document is printed: BUSY, without disturbing it."""
        if self._closed:
            return failing(fault_of(DocumentFault.UNREACHABLE))
        if self._printing:
            return replace(self._last, state=DeviceState.BUSY, fault=None)
        try:
            async with asyncio.timeout(_STATUS_SECONDS), self._lock, self._errand() as printer:
                status = await self._look(printer)
        except TimeoutError:
            status = failing(fault_of(DocumentFault.NO_ANSWER, "timed out"))
        except (NoAnswerError, RefusedError) as error:
            status = failing(error.fault)
        missed = status.fault is not None and status.fault.code in MISSED
        self._last = self._known.see(status, missed=missed)
        return self._last

    async def print(self, job: str, pdf: bytes, on_rung: OnRung) -> PrintOutcome:
        """A `job` that may have reached the printer before is not sent again."""
        self._printing += 1
        try:
            async with self._lock:
                if job in self._outcomes:
                    return self._outcomes[job]
                on_rung(Rung.QUEUED)
                if self._closed:
                    return PrintOutcome(Rung.QUEUED, fault_of(DocumentFault.UNREACHABLE))
                return await self._deliver(job, pdf, on_rung)
        finally:
            self._printing -= 1

    async def close(self) -> None:
        """A document that is being printed is taken back first."""
        self._closed = True
        async with self._lock:
            self._resolver.end()

    async def _deliver(self, job: str, pdf: bytes, on_rung: OnRung) -> PrintOutcome:
        try:
            async with self._errand() as printer:
                delivery = Delivery(printer, self._terms, job, on_rung, lambda: self._closed)
                outcome = await delivery.print(pdf, self._sending(job))
        except asyncio.CancelledError:
            await asyncio.shield(self._take_back())
            raise
        if outcome.rung is Rung.QUEUED:
            self._outcomes.pop(job, None)
        else:
            self._remember(job, outcome)
        return outcome

    async def _take_back(self) -> None:
        """The visit was torn down: its paper must not come out for somebody else."""
        try:
            async with self._errand() as printer:
                await put_away(printer, self._terms)
        except (NoAnswerError, RefusedError):
            return  # the next look finds it

    async def _look(self, printer: Printer) -> DeviceStatus:
        """Its count of sheets is asked for last: nothing that was left over comes after."""
        try:
            left = await put_away(printer, replace(self._terms, cancel_seconds=_CLEAR_SECONDS))
        except RefusedError as refused:
            said = await printer.attributes()
            supplies = understand(said, self._options.media, self._options.sides).supplies
            return replace(failing(refused.fault), supplies=supplies)
        said = await printer.attributes()
        status = understand(said, self._options.media, self._options.sides)
        if left and status.usable:
            fault = fault_of(DocumentFault.LEFTOVER)
            return replace(status, state=DeviceState.OFFLINE, fault=fault)
        return status

    def _sending(self, job: str) -> Callable[[], None]:
        return lambda: self._remember(job, PrintOutcome(Rung.UNCONFIRMED))

    def _remember(self, job: str, outcome: PrintOutcome) -> None:
        self._outcomes[job] = outcome
        if len(self._outcomes) > _REMEMBERED:
            del self._outcomes[next(iter(self._outcomes))]

    @asynccontextmanager
    async def _errand(self) -> AsyncIterator[Printer]:
        o = self._options
        link = Link(
            o.uri,
            o.user,
            resolver=self._resolver,
            verify_tls=o.verify_tls,
            connect_seconds=o.timeout * 0.75,
        )
        async with link:
            yield Printer(link, o.timeout, both_sides=o.sides != "one-sided")
