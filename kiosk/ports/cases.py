"""What the fleet knows of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.model import (
    CaseStory,
    CollectedPaper,
    EnquiryFault,
    HandedIn,
    TooOften,
)


class CaseState(StrEnum):
    """A case as the gateway tells it."""

    UNKNOWN = "unknown"  # the fleet has not (yet) committed it
    RECEIVED = "received"  # committed, not yet decided
    PENDING = "pending"  # a person will decide; `due_date` says until when
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """`result` are the lines of a query's answer: (label zh, label en, value)."""

    case_no: str
    state: CaseState
    due_date: str = ""
    certificate_no: str = ""
    reason: str = ""
    result: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


class Gateway(Protocol):
    """Client of the fleet's gateway API. None: unreachable within the given seconds."""

    async def progress(self, case_no: str, seconds: float) -> CaseProgress | None: ...

    async def certificate(self, case_no: str, seconds: float) -> bytes | None:
        """The sealed PDF, exactly as the fleet made it."""

    async def reachable(self, seconds: float) -> bool: ...

    async def close(self) -> None: ...


class Enquiries(Protocol):
    """What becomes of cases, asked of the fleet. `number` is of the person's card: it travels
    sealed, and is kept nowhere."""

    async def story(self, case_no: str, seconds: float) -> CaseStory | EnquiryFault | TooOften:
        """By its number alone: nothing personal is told."""

    async def bundle(
        self, bundle: str, seconds: float
    ) -> Sequence[CaseStory] | EnquiryFault | TooOften:
        """Those that were filed together under this number, in their order; as `story`."""

    async def handed_in(self, record: str, seconds: float) -> HandedIn | None:
        """What became of what was handed in by this record of the journal; None: nobody says."""

    async def stories(self, number: str, seconds: float) -> Sequence[CaseStory] | EnquiryFault:
        """Somebody's cases of every terminal, the newest first."""

    async def collect(
        self, case_no: str, number: str, job: str, seconds: float
    ) -> CollectedPaper | EnquiryFault:
        """The sealed result, to be printed by this `job`; can be asked again for the same job."""

    async def end(self) -> None:
        """Let the connection go."""
