"""What the visit's own steps found, told or gave up."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.events.base import Event
from kiosk.model import (
    CardFault,
    CodeSent,
    FaceDecision,
    FaceFault,
    FaceHint,
    IdCard,
    Member,
    Rung,
    SecretAnswer,
)


class CardFound(Event):
    """A card lies on the reader; reading has begun."""


@dataclass(frozen=True, slots=True)
class CardRead(Event):
    card: IdCard


@dataclass(frozen=True, slots=True)
class CardFailed(Event):
    fault: CardFault


@dataclass(frozen=True, slots=True)
class FaceHinted(Event):
    hint: FaceHint


class FaceCaptured(Event):
    """A face was well framed; nothing has compared it, so its picture is gone already."""


@dataclass(frozen=True, slots=True)
class FaceFailed(Event):
    fault: FaceFault


@dataclass(frozen=True, slots=True)
class FaceJudged(Event):
    decision: FaceDecision


class CardSwapped(Event):
    """In the middle of a visit somebody else's card was put down."""


@dataclass(frozen=True, slots=True)
class CodeArrived(Event):
    """A one-time code was sent, or why not."""

    outcome: CodeSent | SecretAnswer


@dataclass(frozen=True, slots=True)
class SecretJudged(Event):
    """What came of a PIN or code. `member`: whose PIN it was, when staff typed it."""

    answer: SecretAnswer
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class StaffTold(Event):
    """How an act of staff came out: locale key."""

    said: str


@dataclass(frozen=True, slots=True)
class SubmissionProgressed(Event):
    """`stage` is one of saved, sent, accepted, deciding: see `view.SubmittingBody`."""

    stage: str


class SubmissionEnded(Event):
    """The case is safe, whatever the network did; papers can be printed."""


@dataclass(frozen=True, slots=True)
class SubmissionFailed(Event):
    """Nothing was recorded as submitted. `reason`: query_offline, journal_full."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaperProgressed(Event):
    """`paper`: the job's name."""

    paper: str
    rung: Rung


class PrintingEnded(Event):
    """Every paper has reached its last rung."""


class WaitedTooLong(Event):
    """No touch for the idle limit."""


class CountdownEnded(Event):
    """A page's own countdown ran out (still-there, thank-you, problem, rating)."""


class ServicesChanged(Event):
    """What can be had now, or what is limited today, is not what it was."""


class ServiceLost(Event):
    """The terminal can serve nobody: journal full, or every item unavailable."""


class ServiceRestored(Event):
    """The terminal can serve again."""
