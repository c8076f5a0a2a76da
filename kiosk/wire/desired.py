"""What the fleet wants a terminal to have. A pointer: the bytes come over HTTPS, checked by TUF.

Retained, so that a terminal that comes back late finds it; signed by the key of commands; `number`
grows, so that an older pointer is worth nothing.
"""

from __future__ import annotations

import json
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.wire.messages import PREFIX, Message, Seq

UPDATES = "/api/v1/gateway/updates"  # at the gateway: metadata/…, targets/…
ATTACHMENTS = "/api/v1/gateway/attachments"  # PUT …/{command}: what a command brings


class PieceKind(StrEnum):
    SOFTWARE = "software"
    SETTINGS = "settings"
    CATALOGUE = "catalogue"


class Step(StrEnum):
    """How far a terminal is with a piece: the phases of its record `desired`."""

    FETCHED = "fetched"
    READY = "ready"  # installed and checked; waits for nobody to be there, or for the window
    SWITCHED = "switched"
    CONFIRMED = "confirmed"  # it came up well
    REFUSED = "refused"  # `why`; what was there stays in use
    FELL_BACK = "fell_back"  # it did not come up well; what was there before is in use again


class Piece(Message, frozen=True):
    """`target`: its name on TUF's list; '' for one that the terminal still has, or, with an empty
    `version`, for nothing at all: settings as they came with it."""

    version: str
    target: str = ""
    sha256: str = ""
    length: Seq = 0


class Desired(Message, frozen=True, tag="desired", tag_field="type"):
    """`window`: when software and settings may be switched, "01:30-04:30" of the terminal's own
    time; '' at any. `key`, `signature` as of a command."""

    terminal: str
    number: Seq
    issued: Seq
    software: Piece | None = None
    settings: Piece | None = None
    catalogue: Piece | None = None
    window: str = ""
    key: str = ""
    signature: str = ""


def sign_desired(desired: Desired, tenant: str, key: Ed25519PrivateKey) -> str:
    """What `signature` must be."""
    return key.sign(_signed(desired, tenant)).hex()


def desired_holds(desired: Desired, tenant: str, public: Ed25519PublicKey) -> bool:
    try:
        public.verify(bytes.fromhex(desired.signature), _signed(desired, tenant))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(desired: Desired, tenant: str) -> bytes:
    """JSON keeps the parts apart, whatever is in them."""
    pieces = [
        None if one is None else [one.version, one.target, one.sha256, one.length]
        for one in (desired.software, desired.settings, desired.catalogue)
    ]
    parts = [PREFIX, "desired", tenant, desired.terminal, desired.number, desired.issued, pieces,
             desired.window]  # fmt: skip
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
