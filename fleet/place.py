"""Where a fleet manager works, and with whom: what its settings come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fleet.alarms.office import AlarmPlace
from fleet.digest.terms import DigestTerms
from fleet.handling.plan import Duty
from fleet.identity.senders import CodeSender
from fleet.lookups import Budget
from fleet.payment.http import HttpProvider
from fleet.payment.orders import SECONDS
from fleet.people.office import PeopleTerms
from fleet.pki.authority import Terms
from fleet.platform.adapters.routing import Platforms
from fleet.platform.contract import Persons
from fleet.reports.hours import Timetable
from fleet.webhooks.hooks import Hook
from kiosk.services.item import Item


@dataclass(frozen=True, slots=True)
class Secure:
    """`invite`: terminals for which a code is laid into the trust folder at the start."""

    terms: Terms
    invite: tuple[str, ...] = ()
    invite_hours: float = 24


@dataclass(frozen=True, slots=True)
class Retention:
    """`days`: kind of rows -> how long (0: for good); `hour`: of the night in which old ones go."""

    days: Mapping[str, float]
    hour: int = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fleet manager keeps things, and whom it talks to. `broker`: host and port.

    `items`: the catalogue, by task_code; `read_items` reads it again. `duty`: who answers for
    cases. `pay_seconds`: how long a code on a terminal's screen can be paid. `lookups`: how many
    cases a terminal may look up by number. `secure`: certificates for the link; None: everybody
    is let in (on loopback). `workers`: processes of the ingest; 0: a thread of this one.
    `timetable`: when terminals are meant to be open.
    `people`: who may use console and API; None: everybody (inside another program). `alarms`: their
    rules; None: none. `retention`: how long rows are kept; None: for good. `webhooks`: other
    systems that are told of cases and terminals.
    """

    tenant: str
    var: Path
    trust: Path
    store_url: str
    broker: tuple[str, int]
    own_broker: bool
    stale_seconds: float
    items: Mapping[str, Item]
    duty: Duty
    read_items: Callable[[], Iterable[Item]] | None = None
    pay_seconds: float = SECONDS
    lookups: Budget = Budget()
    secure: Secure | None = None
    workers: int = 0
    timetable: Timetable = field(default_factory=Timetable)
    people: PeopleTerms | None = None
    alarms: AlarmPlace | None = None
    retention: Retention | None = None
    digest: DigestTerms | None = None
    webhooks: tuple[Hook, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """What the fleet asks of others: who decides, who knows people, who reaches their phones, and
    who takes payments (None: nobody does, and what costs anything is refused)."""

    platforms: Platforms
    persons: Persons
    sender: CodeSender
    provider: HttpProvider | None = None
