"""What a session works with: its place, its limits, its devices. Wired by `kiosk.bootstrap`."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.journal import Journal
from kiosk.model import Handling, Language, Member, Text
from kiosk.ports import (
    Appointments,
    CardReader,
    Credentials,
    Device,
    DocumentPrinter,
    Enquiries,
    FaceCamera,
    FrameSlot,
    Gateway,
    ReceiptPrinter,
    StaffRoster,
)
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from kiosk.services.search import Finder, build
from kiosk.session.archive import Archive
from kiosk.session.clock import today
from kiosk.session.condition import Condition
from kiosk.session.elsewhere import Neighbour, elsewhere
from kiosk.session.till import Till
from kiosk.view import Elsewhere


@dataclass(frozen=True, slots=True)
class Place:
    """Which terminal this is, and where it stands."""

    terminal: str
    site: Text
    hotline: str
    language: Language = Language.ZH
    demonstration: bool = False
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def elsewhere(self) -> Elsewhere | None:
        """The next terminal, as things are now."""
        return elsewhere(self.neighbours, datetime.now().astimezone())


@dataclass(frozen=True, slots=True)
class Limits:
    """All waiting times of a session, in seconds."""

    idle: float = 60
    still_there: int = 15
    unhurried: int = 0  # at least, of pages that end by themselves, for who needs more
    visit: float = 1800  # all of it, until more time has to be asked for
    thanks: int = 20
    rating: int = 30
    problem: int = 30
    face: float = 30
    face_tries: int = 3
    ack: float = 4
    decision: float = 8
    poll: float = 0.05
    health: float = 5
    payment_poll: float = 1.0
    payment_silence: float = 20.0  # until there is a code to pay by
    payment_grace: float = 12.0  # after the code's time, for money that is on its way
    paid: float = 1.5  # how long `paid` is shown
    refuge: tuple[float, ...] = (15, 60, 300, 900, 3600)  # between tries of an idle page that fails


TOLD = 200  # items that are told one by one


@dataclass(slots=True)
class Devices:
    """One port for each device class of this terminal.

    `beside`: classes that a visit does not need, by name. `drivers`: device → driver's name.
    """

    reader: CardReader
    chip: CardReader
    camera: FaceCamera
    receipt: ReceiptPrinter
    document: DocumentPrinter
    gateway: Gateway
    frames: FrameSlot
    beside: Mapping[str, Device] = field(default_factory=dict)
    drivers: Mapping[str, str] = field(default_factory=dict)

    @property
    def every(self) -> dict[str, Device]:
        """Each device by the name of its class."""
        return {
            "idcard": self.reader,
            "chipcard": self.chip,
            "camera": self.camera,
            "receipt": self.receipt,
            "document": self.document,
            **self.beside,
        }


def finder_of(catalogue: Catalogue) -> Finder:
    """Takes about a second when the catalogue has no index of its own."""
    if catalogue.index is not None:
        return Finder(catalogue.index)
    connection = sqlite3.connect(":memory:")
    build(connection, catalogue.items)
    return Finder(connection)


@dataclass(slots=True)
class Terminal:
    """`case_key` gives the fleet's public key once it is known; `check_certificate` says whether a
    PDF carries a valid seal; `version` is of the software. `look` gives the newest catalogue, the
    same object while nothing has changed; it may take seconds. None: there is but one."""

    place: Place
    limits: Limits
    catalogue: Catalogue
    journal: Journal
    devices: Devices
    case_key: Callable[[], bytes | None]
    check_certificate: Callable[[bytes], bool]
    credentials: Credentials
    roster: StaffRoster
    version: str = ""
    look: Callable[[], Catalogue] | None = None
    condition: Condition = field(default_factory=Condition)
    archive: Archive | None = None  # None: nobody can be asked what earlier cases left
    appointments: Appointments | None = None  # None: no place can be kept here
    enquiries: Enquiries | None = None  # None: nothing is told of cases
    # (sealed PDF, number of the copy, note) → what goes to the printer, b"" if it can't be marked.
    mark_copy: Callable[[bytes, int, str], bytes] | None = None
    till: Till | None = None  # None: nothing can be paid for here
    # PNG of what the screen shows; b"" while somebody is there. None: there is no screen.
    picture: Callable[[], Awaitable[bytes]] | None = None
    # Does whoever is here listen, use keys, or read large type? Called from the session's loop.
    unhurried: Callable[[], bool] = lambda: False
    _found: tuple[Catalogue, Finder] | None = field(default=None, repr=False)

    def finder(self) -> Finder:
        """Of the catalogue in use. One that came from a folder gets an index in memory first."""
        if self._found is None or self._found[0] is not self.catalogue:
            self._found = (self.catalogue, finder_of(self.catalogue))
        return self._found[1]

    def examples(self) -> Sequence[Item]:
        """Every item; of a county's thousands, one of each sort of what it needs."""
        items = self.catalogue.items
        return items if len(items) <= TOLD else self.catalogue.representatives

    def why_not(self, item: Item, helper: Member | None) -> str:
        """Locale key why `item` can't be had now, by a citizen or for one, or ''."""
        if helper is not None and getattr(item.authority, helper.level) is Handling.NONE:
            return "why_not.authority"
        return self.condition.why_not(item)

    def staffed(self) -> bool:
        """Is anybody enrolled who could sign in?"""
        return bool(self.roster.members())

    def next_ticket(self) -> str:
        """K001, K002, ... anew each day. Numbers of a ticket that was never printed stay used."""
        day = today().isoformat()
        said, _ = self.journal.statuses().get("ticket", ({}, 0.0))
        number = said["number"] + 1 if said.get("day") == day else 1
        self.journal.put_status("ticket", {"day": day, "number": number})
        return f"K{number:03d}"

    def out_of_service(self) -> str:
        """Locale key part `out_of_service.<code>` when nobody can be served, or ''."""
        condition, catalogue = self.condition, self.catalogue
        if condition.defective:
            return "defect"
        if not condition.journal_ok:
            return "journal"
        if not condition.commissioned or not condition.statuses:
            return "starting"
        if closed := condition.closed():
            return closed
        if all(condition.why_not(item) for item in catalogue.representatives or catalogue.items):
            return "no_reader"
        return ""
