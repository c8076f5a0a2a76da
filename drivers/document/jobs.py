"""What is asked of a printer, and what its answers say of a job. RFC 8011."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyipp.enums import IppJobState, IppOperation, IppStatus, IppTag

from drivers.document.link import Link, RefusedError, Request
from drivers.document.messages import Attributes, Tagged, Value
from drivers.document.status import PDF, WANTED

_ENDED = (IppJobState.CANCELED, IppJobState.ABORTED, IppJobState.COMPLETED)
_GONE = (IppStatus.ERROR_NOT_FOUND, IppStatus.ERROR_GONE)
_WANTED = (
    "job-id", "job-name", "job-originating-user-name", "job-state", "job-state-reasons",
    "job-impressions-completed", "job-media-sheets-completed", "time-at-processing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the printer tells it. `sheets`: None when it does not count them.

    `begun`: it was at work on it; False only when the printer says that it never was.
    """

    number: int
    name: str
    user: str
    state: int
    reasons: tuple[str, ...]
    sheets: int | None
    begun: bool

    @property
    def ended(self) -> bool:
        return self.state in _ENDED

    @property
    def completed(self) -> bool:
        return self.state == IppJobState.COMPLETED


def job_of(said: Attributes, *, both_sides: bool = False) -> Job | None:
    """None: not a job that can be spoken of."""
    number, state = _first(said, "job-id"), _first(said, "job-state")
    if not isinstance(number, int) or not isinstance(state, int) or number <= 0:
        return None
    return Job(
        number=number,
        name=str(_first(said, "job-name") or ""),
        user=str(_first(said, "job-originating-user-name") or ""),
        state=state,
        reasons=tuple(str(reason) for reason in said.get("job-state-reasons", ())),
        sheets=_sheets(said, state, both_sides),
        begun=said.get("time-at-processing") != (),
    )


def _sheets(said: Attributes, state: int, both_sides: bool) -> int | None:
    """Impressions are sides. A job that is completed with no sheet was not counted."""
    names = ["job-media-sheets-completed", *([] if both_sides else ["job-impressions-completed"])]
    for name in names:
        counted = _first(said, name)
        if isinstance(counted, int) and counted >= 0:
            return counted if counted or state != IppJobState.COMPLETED else None
    return None


def _first(said: Attributes, name: str) -> Value | None:
    return next(iter(said.get(name, ())), None)


class Printer:
    """The operations of one printer on one errand. All may raise `link`'s errors."""

    def __init__(self, link: Link, seconds: float, *, both_sides: bool) -> None:
        self._link = link
        self._seconds = seconds
        self._both_sides = both_sides

    async def attributes(self) -> Attributes:
        asked = Request(IppOperation.GET_PRINTER_ATTRIBUTES, _wanted(WANTED))
        return (await self._link.ask(asked, self._seconds)).first(IppTag.PRINTER)

    async def jobs(self, which: str) -> list[Job]:
        """Our own. `which`: not-completed, or completed."""
        asked: Tagged = {
            "which-jobs": (IppTag.KEYWORD, [which]),
            "my-jobs": (IppTag.BOOLEAN, [True]),
            **_wanted(_WANTED),
        }
        answer = await self._link.ask(Request(IppOperation.GET_JOBS, asked), self._seconds)
        found = (job_of(said, both_sides=self._both_sides) for said in answer.of(IppTag.JOB))
        return [job for job in found if job]

    async def job(self, number: int) -> Job | None:
        """None: the printer does not know it (any more)."""
        asked = Request(IppOperation.GET_JOB_ATTRIBUTES, _wanted(_WANTED), number)
        try:
            answer = await self._link.ask(asked, self._seconds)
        except RefusedError as refused:
            if refused.status in _GONE:
                return None
            raise
        return job_of(
            {"job-id": (number,), **answer.first(IppTag.JOB)}, both_sides=self._both_sides
        )

    async def cancel(self, number: int) -> None:
        """An unwilling printer is no error here: what became of the job is asked afterwards."""
        try:
            await self._link.ask(Request(IppOperation.CANCEL_JOB, {}, number), self._seconds)
        except RefusedError:
            return

    async def print(self, name: str, pdf: bytes, job: Tagged, seconds: float) -> int:
        """The number of the job that the printer has made."""
        document: Tagged = {
            "job-name": (IppTag.NAME, [name]),
            "document-format": (IppTag.MIME_TYPE, [PDF]),
        }
        asked = Request(IppOperation.PRINT_JOB, document, job=job, data=pdf)
        made = _first((await self._link.ask(asked, seconds)).first(IppTag.JOB), "job-id")
        return made if isinstance(made, int) else 0


def _wanted(names: Sequence[str]) -> Tagged:
    return {"requested-attributes": (IppTag.KEYWORD, names)}
