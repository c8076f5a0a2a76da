"""What the fleet asks of an approval platform, and what a platform answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

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
    IDENTITY_CHECK = "identity_check"  # pending: a person compares face and card
    RARE_CHARACTER = "rare_character"  # pending: no font can print the name; done by hand
    UNKNOWN_ITEM = "unknown_item"  # refused: not in this platform's table
    NOT_INSURED = "not_insured"  # refused: no record in the chosen scheme
    BAD_HOLDER = "bad_holder"  # refused: the name or the number cannot be right
    BAD_ANSWERS = "bad_answers"  # refused: an answer is missing or out of range
    CASE_REUSED = "case_reused"  # refused: this case_no already holds another application


@dataclass(frozen=True, slots=True)
class Decision:
    """`due_date`: ISO date, for pending. `certificate`: a sealed PDF, or empty.

    `result`: lines of an answer, (label zh, label en, value).
    """

    state: Standing
    due_date: str = ""
    reason: Reason = Reason.NONE
    certificate_no: str = ""
    certificate: bytes = field(default=b"", repr=False)
    result: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


class Platform(Protocol):
    """An approval platform, or the adapter to one."""

    def decide(self, case: CasePayload) -> Decision:
        """Decide once: the same case always gets the same answer.

        Blocks for tens of ms. Raises `PlatformError`.
        """
