"""What is told about cases, and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class CasePhase(StrEnum):
    """How far a case is, in the fleet's words; text `case.phase.<value>`."""

    ACCEPTANCE = "acceptance"
    HANDLING = "handling"
    REVIEW = "review"
    APPROVAL = "approval"
    COMPLETION = "completion"
    NOTICE = "notice"  # the citizen has been told the result
    CORRECTION = "correction"  # waits for the citizen
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"


class EnquiryFault(StrEnum):
    """Why nothing is told of a case, or its result is not handed out."""

    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"  # no such case, or it has not reached the fleet yet
    NOT_YOURS = "not_yours"
    NOT_YET = "not_yet"
    WITHHELD = "withheld"  # something that was promised has not come
    REFUSED = "refused"
    NO_CERTIFICATE = "no_certificate"


class HandedIn(StrEnum):
    """What became of what was handed in later; text `standing.handed.<value>`."""

    AWAITED = "awaited"  # the fleet has it, and waits for its pages
    TAKEN = "taken"
    # Not taken, because:
    UNDECODABLE = "undecodable"
    UNKNOWN_CASE = "unknown_case"
    NOT_THEIRS = "not_theirs"
    CLOSED = "closed"  # the case has ended
    TOO_LATE = "too_late"
    ALREADY_HERE = "already_here"
    NOT_WANTED = "not_wanted"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class CaseStep:
    """`phase`: waiting, ready, correction, done, refused. Times: ISO 8601, '' for not yet."""

    code: str
    phase: str
    started: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class CaseGap:
    """A material that still has to come. `due_date`: ISO; `promised` by the citizen; `coming`: it
    was handed in, and its pages are on their way."""

    material: str
    due_date: str
    promised: bool = False
    lapsed: bool = False
    coming: bool = False


@dataclass(frozen=True, slots=True)
class CaseStory:
    """How a case stands. `days_left`: working days, negative: late, None: no clock runs;
    `standing`: it stands still. `certificate`: there is a paper to collect. `words`: the office's
    own (zh, en), only for whoever's case it is; `own`: they applied for it themselves."""

    case_no: str
    task_code: str
    phase: CasePhase
    opened: str = ""
    ended: str = ""
    due_date: str = ""
    days_left: int | None = None
    standing: bool = False
    withheld: bool = False
    certificate: bool = False
    rated: bool = False
    reason: str = ""
    steps: tuple[CaseStep, ...] = ()
    missing: tuple[CaseGap, ...] = ()
    words: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    own: bool = False


@dataclass(frozen=True, slots=True)
class TooOften:
    """Too many cases were looked up by their number at this terminal. `seconds`: to wait."""

    seconds: int


@dataclass(frozen=True, slots=True)
class CollectedPaper:
    """`copy`: 0 for the original, else the number of the copy."""

    certificate_no: str
    copy: int
    pdf: bytes = field(repr=False)
