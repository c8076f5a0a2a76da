"""Around the service: the page's, then the steps' own."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.events.base import Event
from kiosk.model import CaseStory, EnquiryFault, TooOften

# ---- Posted by screens ----


class EnquiryOpened(Event):
    """`My cases` was pressed."""


class NumberWanted(Event):
    """The number of a case is to be typed."""


class CardWanted(Event):
    """A case is to be found by the ID card; or more is to be told of the one that is shown."""


@dataclass(frozen=True, slots=True)
class CaseChosen(Event):
    """One of those that are listed."""

    case_no: str


class CollectWanted(Event):
    """The result of the case that is shown is wanted on paper."""


class SupplementWanted(Event):
    """What the case that is shown waits for is to be handed in now."""


class RatingWanted(Event):
    """The case that is shown is to be rated."""


@dataclass(frozen=True, slots=True)
class LevelChosen(Event):
    """One of the five levels; tags may follow."""

    level: int


class ComplaintOpened(Event):
    """The page of the hotline and of complaints is wanted."""


class ComplaintStarted(Event):
    """A complaint is to be made here."""


class SlipWanted(Event):
    """What the page says is wanted on paper."""


class PracticeOpened(Event):
    """A visit is to be tried out first, with nothing at stake."""


class PracticeTurned(Event):
    """What a page of it tells is understood."""


class InformationOpened(Event):
    """What is made public is wanted."""


@dataclass(frozen=True, slots=True)
class ArticleChosen(Event):
    """One of what is made public."""

    name: str


class ArticleServicesWanted(Event):
    """The services that an article is about are to be chosen from."""


# ---- Posted by the session ----


@dataclass(frozen=True, slots=True)
class CodeScanned(Event):
    """`data`: whatever the code says; '' when it could not be read."""

    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoriesTold(Event):
    """How the cases stand that were asked for, or why that is not told."""

    outcome: tuple[CaseStory, ...] | EnquiryFault | TooOften


class PlacesTold(Event):
    """It is known, or can't be told, which places are free for an appointment."""


@dataclass(frozen=True, slots=True)
class ResultCollected(Event):
    """`fault`: '' when a sealed result is in the vault; None: it can't be printed as it came."""

    fault: EnquiryFault | str | None
