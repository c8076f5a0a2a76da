"""What a citizen or a helper did on a page of the visit."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.events.base import Event
from kiosk.model import Language


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
    """The citizen said no to the camera; the visit goes on another way."""


class OtherWaysAsked(Event):
    """`Another way` was pressed on a problem page."""


@dataclass(frozen=True, slots=True)
class FacetChosen(Event):
    """The shelves are to be of another kind: theme, life_event, department, level."""

    facet: str


@dataclass(frozen=True, slots=True)
class ShelfOpened(Event):
    """`key` of one of the shelves that are shown."""

    key: str


@dataclass(frozen=True, slots=True)
class Searched(Event):
    """What is typed into the search field just now; '' when it was emptied."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WayChosen(Event):
    """`way`: face, code, pin, helper, desk."""

    way: str


@dataclass(frozen=True, slots=True)
class SecretEntered(Event):
    """A PIN or a one-time code, as typed."""

    value: str = field(repr=False)


class CodeAsked(Event):
    """A new one-time code is wanted."""


@dataclass(frozen=True, slots=True)
class Witnessed(Event):
    """A helper has looked at person and card. `agreed`: they belong together."""

    agreed: bool


class StaffEntered(Event):
    """The staff's door on the idle page was pressed."""


@dataclass(frozen=True, slots=True)
class StaffActed(Event):
    """`act`: one of `view.StaffBody.acts`."""

    act: str


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """`value` is text as typed; a choice's code, or several with commas; a date as YYYY-MM-DD; a
    month as YYYY-MM; a number in digits; money in yuan; '' for a list of people that is complete.
    """

    name: str
    value: str = field(repr=False)


class PersonAdded(Event):
    """Somebody is put on the list that the page shows."""


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    """`index`: their place on the list."""

    index: int


@dataclass(frozen=True, slots=True)
class PersonRemoved(Event):
    index: int


@dataclass(frozen=True, slots=True)
class ChangeAsked(Event):
    """The citizen wants to change one answer."""

    name: str


class AnswersConfirmed(Event):
    """`Submit` was pressed on the check-answers page."""


@dataclass(frozen=True, slots=True)
class Signed(Event):
    """`Done` was pressed on the signature page. Strokes of (X, Y, T) as in `kiosk.signature`."""

    strokes: tuple[tuple[tuple[int, int, int], ...], ...] = field(repr=False)


class SignatureDeclined(Event):
    """The citizen can't sign by hand; that they declared is recorded instead."""


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


class AnotherWanted(Event):
    """The same citizen wants another service."""


class NextCitizen(Event):
    """The helper who is signed in serves somebody else now."""


class StillHere(Event):
    """`Yes, I am here` was pressed."""


class WayOutTaken(Event):
    """The one button of a problem page was pressed."""
