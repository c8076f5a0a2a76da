"""Pages before anybody is known: the idle page, the list, the guide."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import Text


@dataclass(frozen=True, slots=True)
class ServiceTile:
    """One item on the service list. `why_not` is a locale key when it can't be had now.

    `handling`: while a helper is signed in, what may be done here: locale key `handling.<value>`.
    """

    task_code: str
    name: Text
    department: Text
    icon: str
    kind: str  # instant | promise | query
    promise_days: int = 0
    why_not: str = ""
    handling: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is limited now: locale key `notice.<key>`; of a device also `device.<device>`, why
    (`fault.<fault>`), and what a person has to do (`action.<action>`)."""

    key: str
    device: str = ""
    fault: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another terminal, and how to get there. `hours`: always, until or opens (with `time`)."""

    site: Text
    way: Text
    hours: str
    time: str = ""


@dataclass(frozen=True, slots=True)
class AttractBody:
    """`notices`: the weightiest first. `staff`: somebody is enrolled who can sign in.

    `elsewhere`: the next terminal, where something can't be had at this one.
    """

    services: tuple[ServiceTile, ...]
    site: Text
    hotline: str
    notices: tuple[Notice, ...] = ()
    staff: bool = False
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class ShelfTile:
    """Items that belong together. `name`: of a department; empty for the others, which have a
    locale key `<facet>.<key>`."""

    facet: str  # theme | life_event | department | level
    key: str
    count: int
    name: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class ServicesBody:
    """`total`: how many items there are in all. A catalogue with few shows just its tiles.

    One with many (`searchable`) shows the `shelves` of a `facet` with the most wanted items as
    `tiles`; or, when `shelf` or `words` say what is looked for, the first `tiles` of the `found`.
    `known`: the masked name of who was identified for the service before, or ''.

    `helper`: the masked name of the helper who is signed in, or ''.
    """

    tiles: tuple[ServiceTile, ...]
    known: str = field(default="", repr=False)
    helper: str = field(default="", repr=False)
    searchable: bool = False
    total: int = 0
    facet: str = "theme"
    shelves: tuple[ShelfTile, ...] = ()
    shelf: ShelfTile | None = None
    words: str = field(default="", repr=False)
    found: int = 0


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One of the guide's eleven elements: locale key `guide.<element>` and its text."""

    element: str
    text: Text


@dataclass(frozen=True, slots=True)
class GuideBody:
    """`slip`: the blank form can be printed."""

    name: Text
    kind: str
    summary: tuple[GuideEntry, ...]  # what you need, how long, what it costs, what you get
    details: tuple[GuideEntry, ...]  # the other elements
    questions: int = 0
    minutes: int = 3
    slip: bool = False


@dataclass(frozen=True, slots=True)
class PracticeBody:
    """What is told of a visit before it is tried, and at the end: locale keys `practice.<page>`."""

    page: str
