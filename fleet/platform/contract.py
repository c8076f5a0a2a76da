"""What the fleet asks of an approval platform, and what a platform answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from kiosk.wire import CasePayload


class PlatformError(RuntimeError):
    """The platform could not answer; nothing was decided. Ask again. Names no citizen's data."""


class Standing(StrEnum):
    """Where a case stands; the values are the gateway's own words."""

    APPROVED = "approved"
    PENDING = "pending"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a case is not approved at once. Approved: the empty reason."""

    NONE = ""
    REVIEW = "review"  # pending: an item with a promised day
    IDENTITY_CHECK = "identity_check"  # pending: a person looks at who everybody is
    ACCEPTED_ON_BEHALF = "accepted_on_behalf"  # pending: a service point took it for the office
    CARRIED = "carried"  # pending: handed on; no due date before the office accepts it
    MATERIALS = "materials"  # pending: a material is missing, or promised; the result is withheld
    RARE_CHARACTER = "rare_character"  # pending: no font can print the name; done by hand
    UNKNOWN_ITEM = "unknown_item"  # refused: not in this platform's table
    NOT_INSURED = "not_insured"  # refused: no record in the chosen scheme
    BAD_HOLDER = "bad_holder"  # refused: the name or the number cannot be right
    BAD_ANSWERS = "bad_answers"  # refused: an answer is missing or out of range
    UNPAID = "unpaid"  # refused: it costs something, and no payment counts for it
    CASE_REUSED = "case_reused"  # refused: this case_no already holds another application


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an answer. `head`: (label zh, label en) of each column."""

    head: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """`due_date`: ISO date, for pending once the clock runs. `certificate`: a sealed PDF, or empty.

    `result`: lines of an answer, (label zh, label en, value).
    """

    state: Standing
    due_date: str = ""
    reason: Reason = Reason.NONE
    certificate_no: str = ""
    certificate: bytes = field(default=b"", repr=False)
    result: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    table: Table | None = field(default=None, repr=False)


class StepEnd(StrEnum):
    """How a step of the handling ended."""

    DONE = "done"
    SENT_BACK = "sent_back"  # something has to be corrected or handed in first
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StepReport:
    """A platform says that one of an item's steps has ended. `at`: ISO 8601 with offset.

    `person`: who answers for it, as the office names them. `missing`: codes of the materials that
    have to come, when sent back. `reason`: in words for the citizen, when sent back or refused.
    """

    case_no: str
    step: str
    end: StepEnd
    at: str
    person: str
    missing: tuple[str, ...] = ()
    reason: tuple[str, str] = ("", "")


class Platform(Protocol):
    """An approval platform, or the adapter to one."""

    def decide(self, case: CasePayload) -> Decision:
        """Decide once: the same case always gets the same answer.

        Blocks for tens of ms. Raises `PlatformError`.
        """


@runtime_checkable
class Reporting(Protocol):
    """What a platform that handles cases step by step can do beside deciding."""

    def reports(self, after: str) -> tuple[list[StepReport], str]:
        """What ended since the place `after` ("": the beginning), and the place after it.

        Blocks. Raises `PlatformError`. The same place always gives the same reports again.
        """

    def supplement(self, case: CasePayload) -> None:
        """Hand over what was missing: the whole case again with all its materials. Idempotent."""


@runtime_checkable
class TakesPages(Protocol):
    """What a platform that keeps scanned pages can do. A case comes after all of its pages."""

    def page(self, case: CasePayload, digest: str, picture: bytes) -> None:
        """`digest`: SHA-256 (hex), as the case lists it; `picture`: JPEG or PNG. Idempotent.

        Blocks. Raises `PlatformError`.
        """


@runtime_checkable
class Concluding(Protocol):
    """What a platform can do that ends pending cases later, beside reporting their steps."""

    def concluded(self, case: CasePayload) -> Decision | None:
        """What became of a case that was pending; None: not yet. Blocks. Raises `PlatformError`."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is on file of somebody. `phone`: of a mobile, or empty; `pin`: is there a PIN?"""

    phone: str = field(repr=False)
    pin: bool


class Persons(Protocol):
    """The unified identity service (统一身份认证), or the adapter to it. Blocks; thread-safe.

    Raises `PlatformError`.
    """

    def find(self, number: str) -> Person | None:
        """Who has this number; None: nobody on file."""

    def pin_holds(self, number: str, pin: str) -> bool:
        """Is it the PIN of this number's owner? How often may be asked is the caller's care."""
