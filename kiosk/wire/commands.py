"""What the fleet asks a terminal to do. Signed: who holds the broker holds no terminal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.wire.messages import PREFIX, Message, Seq

LONGEST_SECONDS = 7 * 86400  # that a command may wait for its terminal
SLACK_SECONDS = 300  # by which clocks may differ


class Operation(StrEnum):
    REPORT = "report"  # birth, health and services, now
    RENEW_CERTIFICATE = "renew_certificate"
    RESTART = "restart"  # screen and agent, between two visits
    OUT_OF_SERVICE = "out_of_service"  # with a message: arguments `zh`, `en`
    MAINTENANCE = "maintenance"  # closed, until `in_service`
    IN_SERVICE = "in_service"  # ends the two above
    IDENTIFY = "identify"  # shows and says which terminal this is
    COLLECT_LOGS = "collect_logs"  # without anything personal; comes as an attachment
    SCREEN_PICTURE = "screen_picture"  # blank while somebody is there; comes as an attachment
    TEST_PRINT = "test_print"  # one slip that names nobody


class Outcome(StrEnum):
    """What became of a command: of its records `kiosk.command.event`."""

    ACCEPTED = "accepted"  # it waits until nobody is there
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"  # by a stop; it is not repeated


class CommandRefusal(StrEnum):
    """Why a terminal does not act."""

    UNSIGNED = "unsigned"  # by no key that the fleet has told us of
    NOT_OURS = "not_ours"
    EXPIRED = "expired"
    NOT_YET = "not_yet"  # it was made later than now: one of the clocks is wrong
    TOO_LONG = "too_long"
    REPLAYED = "replayed"
    UNKNOWN = "unknown"  # operation


class Command(Message, frozen=True, tag="command", tag_field="type"):
    """`issued`, `expires`: epoch seconds; `key`: `key_id`; `signature`: Ed25519, hex."""

    id: str
    terminal: str
    operation: str
    issued: Seq
    expires: Seq
    arguments: dict[str, str] = msgspec.field(default_factory=dict)
    key: str = ""
    signature: str = ""


def key_id(public: Ed25519PublicKey) -> str:
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def sign_command(command: Command, tenant: str, key: Ed25519PrivateKey) -> str:
    """What `signature` must be."""
    return key.sign(_signed(command, tenant)).hex()


def command_holds(command: Command, tenant: str, public: Ed25519PublicKey) -> bool:
    try:
        public.verify(bytes.fromhex(command.signature), _signed(command, tenant))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(keys: Mapping[str, str], name: str) -> Ed25519PublicKey | None:
    """`keys`: by `key_id`, hex, as the trust folder has them."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[name]))
    except (KeyError, ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A terminal that judges commands. `keys`: of the fleet, see `public_key`."""

    tenant: str
    terminal: str
    keys: Mapping[str, str]
    operations: Collection[str]

    def signed(self, command: Command) -> bool:
        public = public_key(self.keys, command.key)
        return public is not None and command_holds(command, self.tenant, public)

    def refusal(self, command: Command, now: float) -> CommandRefusal | None:
        """None: to be done, unless it was before."""
        checks = (
            (not self.signed(command), CommandRefusal.UNSIGNED),
            (command.terminal != self.terminal, CommandRefusal.NOT_OURS),
            (command.expires - command.issued > LONGEST_SECONDS, CommandRefusal.TOO_LONG),
            (command.expires <= now, CommandRefusal.EXPIRED),
            (command.issued > now + SLACK_SECONDS, CommandRefusal.NOT_YET),
            (command.operation not in self.operations, CommandRefusal.UNKNOWN),
        )
        return next((refusal for found, refusal in checks if found), None)


def _signed(command: Command, tenant: str) -> bytes:
    """JSON keeps the parts apart, whatever is in them."""
    parts = [PREFIX, "command", tenant, command.terminal, command.id, command.operation,
             command.issued, command.expires, command.arguments]  # fmt: skip
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
