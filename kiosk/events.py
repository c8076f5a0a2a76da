"""Everything that can happen in a visit, in the past tense.

The first group is posted by screens, the second by the session's own steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import (
    CardFault,
    FaceCapture,
    FaceFault,
    FaceHint,
    IdCard,
    Language,
    Rung,
)


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


# ---- Posted by screens -----------------------------------------------------------------------


class Touched(Event):
    """The idle screen was touched."""


@dataclass(frozen=True, slots=True)
class LanguageChosen(Event):
    language: Language


@dataclass(frozen=True, slots=True)
class ServiceChosen(Event):
    task_code: str


class GuideAccepted(Event):
    """The guide was read and "start" was pressed."""


class ConsentGiven(Event):
    """The citizen agreed to show their face."""


class ConsentRefused(Event):
    """The citizen said no to the camera; the visit goes on without it."""


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """`value` is text as typed; a choice's code; a date as YYYY-MM-DD; a number in digits."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeAsked(Event):
    """The citizen wants to change one answer."""

    name: str


class AnswersConfirmed(Event):
    """`Submit` was pressed on the check-answers page."""


class PapersCollected(Event):
    """The citizen has the papers and goes on."""


@dataclass(frozen=True, slots=True)
class Rated(Event):
    """`level` 5 (very satisfied) to 1 (very dissatisfied), as GB/T 39734 counts them."""

    level: int
    tags: tuple[str, ...] = ()


class RatingSkipped(Event):
    """The citizen did not want to rate; nothing is recorded."""


class WentBack(Event):
    """`Back` was pressed."""


class Left(Event):
    """`Leave` was pressed, or the thank-you page was closed."""


class StillHere(Event):
    """`Yes, I am here` was pressed."""


class WayOutTaken(Event):
    """The one button of a problem page was pressed."""


# ---- Posted by the session's own steps -------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class FaceCaptured(Event):
    capture: FaceCapture


@dataclass(frozen=True, slots=True)
class FaceFailed(Event):
    fault: FaceFault


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
