"""Topics, and the messages on them; the hash chain of records."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec

VERSION = "1.0"  # of CloudEvents
PROTOCOL = "1.2"  # of this contract: what is added counts behind the dot, the rest before it
PREFIX = "kiosk/v1"
GENESIS = "0" * 64  # `prev` of a journal's first record
MAX_BATCH_BYTES = 64 * 1024

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # what a database's whole numbers hold


def understood(protocol: str) -> bool:
    """Whether messages of that version mean here what they mean there."""
    major, _, minor = protocol.partition(".")
    return major == PROTOCOL.partition(".")[0] and minor.isascii() and minor.isdecimal()


def topic(tenant: str, terminal: str, leaf: str) -> str:
    """`leaf`: state, birth, health, services, events, ack, command/{id}, result/{id}, desired."""
    return f"{PREFIX}/{tenant}/{terminal}/{leaf}"


def host_topic(tenant: str) -> str:
    """Retained state of the fleet itself; terminals hold their outbox while it is offline."""
    return f"{PREFIX}/{tenant}/fleet/state"


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all messages. Unknown fields are ignored: newer minor versions are welcome."""


class HostState(Message, frozen=True, tag="host", tag_field="type"):
    online: bool
    session: int
    time: str
    protocol: str = "1.0"


class State(Message, frozen=True, tag="state", tag_field="type"):
    """Retained, and the will. `session` grows with each connection: a late will is recognised."""

    terminal: str
    online: bool
    session: int
    boot: int
    time: str
    software: str = ""
    settings: str = ""
    catalogue: str = ""
    protocol: str = "1.0"  # said by everybody who knows of it
    given: str = ""  # the version of the settings that the fleet gave, if they are in use


class DeviceHealth(Message, frozen=True):
    """As `kiosk.model.DeviceStatus`, in words."""

    device: str
    state: str
    supplies: dict[str, str] = {}
    fault: str = ""
    action: str = ""
    driver: str = ""
    readings: dict[str, str] = {}


class Birth(Message, frozen=True, tag="birth", tag_field="type"):
    """Everything about a terminal at once, on connect and on request."""

    terminal: str
    session: int
    boot: int
    journal: str
    last_seq: int
    time: str
    site: str = ""
    software: str = ""
    settings: str = ""
    catalogue: str = ""
    devices: list[DeviceHealth] = []
    services: dict[str, str] = {}
    protocol: str = "1.0"
    given: str = ""


class Health(Message, frozen=True, tag="health", tag_field="type"):
    """QoS 0, every 30 to 60 s with jitter, and on change.

    `certificate_days`: how long the terminal's own is still good; None: the link has none.
    `certificate_fault`: why the next one can't be had. `link_fault`: what kept it away last.
    `journal_fault`: '', or `old_copy`: the fleet holds other records under its numbers.

    `screen`: serving, idle, maintenance, out_of_service or down. `outbox`, `pages`: records and
    scanned pages that the fleet does not hold yet.
    """

    terminal: str
    session: int
    time: str
    devices: list[DeviceHealth] = []
    screen: str = "down"
    outbox: int = 0
    pages: int = 0
    cpu_percent: float = 0.0
    memory_mb: float = 0.0
    disk_free_mb: float = 0.0
    uptime_s: float = 0.0
    certificate_days: int | None = None
    certificate_fault: str = ""
    link_fault: str = ""
    journal_fault: str = ""


class Services(Message, frozen=True, tag="services", tag_field="type"):
    """Per item (task_code): '' = can be had, otherwise why not. Retained."""

    terminal: str
    session: int
    time: str
    items: dict[str, str] = {}


class Record(Message, frozen=True):
    """One journal record as a CloudEvent.

    `type` is `kiosk.<kind>.<phase>`; `phase` is event, intent or outcome. `data` holds the exact
    bytes that were hashed. `of` is the seq of the intent that an outcome closes.
    """

    id: str  # "{journal}-{seq}"
    source: str  # "/terminals/{terminal}"
    type: str
    time: str
    journal: str
    boot: int
    seq: int
    prev: str
    hash: str
    data: msgspec.Raw
    specversion: str = VERSION
    datacontenttype: str = "application/json"
    session: str = ""
    of: int = 0
    sealed: str = ""  # base64 of an HPKE message, or empty
    historical: bool = False  # sent later than it happened: never overwrites live values


class Events(Message, frozen=True, tag="events", tag_field="type"):
    """A batch, in order of `seq`, at most MAX_BATCH_BYTES long."""

    terminal: str
    records: list[Record]


class Ack(Message, frozen=True, tag="ack", tag_field="type"):
    """Sent after the fleet's own commit. `missing`: inclusive ranges that the fleet lacks, of all
    numbers through `top`. `hash`: of record `top`, as the fleet holds it; '': it does not say."""

    journal: str
    through: Seq
    time: str
    missing: list[tuple[Seq, Seq]] = []
    top: Seq = 0
    hash: str = ""


def digest(record: Record) -> str:
    """SHA-256 over everything that a record says, and over the hash before it."""
    parts = (
        record.prev, record.source, record.journal, str(record.seq), str(record.boot),
        record.time, record.type, record.session, str(record.of), record.sealed,
    )  # fmt: skip
    body = "\n".join(parts).encode() + b"\n" + bytes(record.data)
    return hashlib.sha256(body).hexdigest()
