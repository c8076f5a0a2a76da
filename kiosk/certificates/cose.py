"""One signed message: COSE_Sign1 (RFC 9052) with Ed25519, in the one encoding that is made.

Strict on purpose: no two messages mean the same, and every changed byte is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGN1 = 18  # CBOR tag
EDDSA = -8


class Fault(StrEnum):
    """Why a message is not believed."""

    CHANGED = "changed"
    UNKNOWN_KEY = "unknown_key"


def opened(message: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> bytes | Fault:
    """The signed payload. Never raises."""
    taken = _taken_apart(message)
    if taken is None:
        return Fault.CHANGED
    kid, payload, signature = taken
    if kid not in keys:
        return Fault.UNKNOWN_KEY
    protected = cbor2.dumps({1: EDDSA, 4: kid})
    try:
        keys[kid].verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))
    except InvalidSignature:
        return Fault.CHANGED
    return payload


def key_of(message: bytes) -> bytes | None:
    """The kid that a message names, believed or not."""
    taken = _taken_apart(message)
    return taken[0] if taken else None


def _taken_apart(message: bytes) -> tuple[bytes, bytes, bytes] | None:
    """(kid, payload, signature)."""
    try:
        protected, _, payload, signature = cbor2.loads(message).value
        kid = cbor2.loads(protected)[4]
        # `bytes` of a number, which a stranger may have put there, would be as many zeros
        whole = all(isinstance(part, bytes) for part in (kid, payload, signature))
        if not whole or _exactly(kid, payload, signature) != message:
            return None
    except Exception:  # noqa: BLE001 - a stranger's bytes: decoders may raise anything
        return None
    return kid, payload, signature


def _exactly(kid: bytes, payload: bytes, signature: bytes) -> bytes:
    """The one message that would have been made of these parts."""
    protected = cbor2.dumps({1: EDDSA, 4: kid})
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]))
