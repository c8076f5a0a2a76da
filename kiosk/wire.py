"""The MQTT contract between terminals and the fleet: topics, messages, hash chain, sealing.

JSON with CloudEvents field names in structured mode, so that MQTT 3.1.1 and 5 carry the same
bytes. This is the only module that `fleet` shares with `kiosk`. No message holds a citizen's
data in clear: a case travels inside `Record.sealed`, encrypted to the fleet's key (HPKE,
RFC 9180: X25519, HKDF-SHA256, AES-256-GCM).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

VERSION = "1.0"
PREFIX = "kiosk/v1"
GENESIS = "0" * 64  # `prev` of a journal's first record
MAX_BATCH_BYTES = 64 * 1024

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


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


class DeviceHealth(Message, frozen=True):
    """As `kiosk.model.DeviceStatus`, in words."""

    device: str
    state: str
    supplies: dict[str, str] = {}
    fault: str = ""
    action: str = ""
    driver: str = ""


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


class Health(Message, frozen=True, tag="health", tag_field="type"):
    """QoS 0, every 30 to 60 s with jitter, and on change.

    `screen`: serving, idle, out_of_service or down.
    """

    terminal: str
    session: int
    time: str
    devices: list[DeviceHealth] = []
    screen: str = "down"
    outbox: int = 0
    cpu_percent: float = 0.0
    memory_mb: float = 0.0
    disk_free_mb: float = 0.0
    uptime_s: float = 0.0


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
    """Sent after the fleet's own commit. `missing`: inclusive ranges that the fleet lacks."""

    journal: str
    through: int
    time: str
    missing: list[tuple[int, int]] = []


class CaseApplicant(Message, frozen=True):
    name: str
    number: str
    card_type: str = ""
    address: str = ""


class CasePayload(Message, frozen=True, tag="case", tag_field="type"):
    """What travels sealed: one application. `identity`: card, or card_face."""

    case_no: str
    terminal: str
    task_code: str
    task_version: str
    apply_date: str  # ISO 8601 with offset
    applicant: CaseApplicant
    answers: dict[str, str]
    identity: str
    face: str = "none"  # none | captured_not_compared | matched
    language: str = "zh_CN"


Incoming = State | Birth | Health | Services | Events


def encode(message: Any) -> bytes:
    return msgspec.json.encode(message)


def decode_incoming(payload: bytes) -> Incoming:
    """A terminal's message; anything that is none raises `msgspec.DecodeError`."""
    try:
        message: Incoming = msgspec.json.decode(payload, type=Incoming)
    except UnicodeDecodeError as error:  # msgspec lets it through from inside a string
        raise msgspec.DecodeError(str(error)) from None
    return message


def digest(record: Record) -> str:
    """SHA-256 over everything that a record says, and over the hash before it."""
    parts = (
        record.prev, record.source, record.journal, str(record.seq), str(record.boot),
        record.time, record.type, record.session, str(record.of), record.sealed,
    )  # fmt: skip
    body = "\n".join(parts).encode() + b"\n" + bytes(record.data)
    return hashlib.sha256(body).hexdigest()


def seal(public_key: bytes, payload: CasePayload) -> str:
    """Encrypt a case to the fleet's X25519 key (32 raw bytes). Base64."""
    key = X25519PublicKey.from_public_bytes(public_key)
    info = f"{PREFIX}/case".encode()
    return base64.b64encode(_HPKE.encrypt(encode(payload), key, info)).decode()


def unseal(private_key: X25519PrivateKey, sealed: str) -> CasePayload:
    """Decrypt a case; raises on a wrong key, a changed byte or a malformed payload."""
    info = f"{PREFIX}/case".encode()
    plain = _HPKE.decrypt(base64.b64decode(sealed, validate=True), private_key, info)
    try:
        return msgspec.json.decode(plain, type=CasePayload)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(str(error)) from None
