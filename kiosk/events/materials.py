"""Around materials: the page's, then the steps' own."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.events.base import Event
from kiosk.model import Page, PageHint, ScanFault

# ---- Posted by screens ----


@dataclass(frozen=True, slots=True)
class MaterialOpened(Event):
    """The ways to give this material are wanted. `code`: see `view.MaterialRow`."""

    code: str


@dataclass(frozen=True, slots=True)
class MaterialWayChosen(Event):
    """`way`: scan, earlier, promise, commitment; for the material that is open."""

    way: str


class TextAgreed(Event):
    """What stands on the page was read and agreed to."""


class TextDeclined(Event):
    """The citizen does not agree, and chooses another way."""


class PageKept(Event):
    """The scanned page is good."""


class PageAgain(Event):
    """The page is to be scanned again."""


class PageLaid(Event):
    """The next page, or the same once more, lies ready under the document camera."""


class MaterialsConfirmed(Event):
    """`Continue` was pressed on the list of materials."""


class MissingAsked(Event):
    """Not everything is here: what is missing?"""


class NoticeWanted(Event):
    """What is missing is wanted on paper; the visit ends with it."""


# ---- Posted by the session ----


@dataclass(frozen=True, slots=True)
class PageHinted(Event):
    hint: PageHint


@dataclass(frozen=True, slots=True)
class PageCaptured(Event):
    page: Page


@dataclass(frozen=True, slots=True)
class ScanFailed(Event):
    fault: ScanFault


class EarlierFound(Event):
    """It is known what earlier cases left; it is in the vault."""
