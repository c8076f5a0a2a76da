"""What the signature of a bundle says, as COSE_Sign1 (RFC 9052) with Ed25519.

Strict on purpose, as the QR codes of certificates: only the one encoding that `sign` makes is
accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import cbor2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.catalogue.keys import kid

FORMAT = 1
LONGEST = 4096  # bytes of a signed statement
_SIGN1 = 18  # CBOR tag
_EDDSA = -8
_ALGORITHM, _KID = 1, 4  # COSE's header parameters
_PURPOSE = b"kiosk/catalogue"  # external_aad: this signature is good for nothing else


class Refusal(StrEnum):
    """Why a bundle is not taken."""

    UNREADABLE = "unreadable"  # the file could not be read
    NO_ROOM = "no_room"  # the disk that it should be kept on is full, or cannot be written
    NOT_A_BUNDLE = "not_a_bundle"
    CUT_SHORT = "cut_short"  # it was one, but its end is missing
    CHANGED = "changed"  # what was signed is not what is there
    NO_TRUST = "no_trust"  # the trust folder has no key for catalogues
    UNKNOWN_KEY = "unknown_key"
    OTHER_FORMAT = "other_format"  # of another version of this program
    OTHER_TENANT = "other_tenant"
    OLDER = "older"  # than one that was taken before
    CONFLICTING = "conflicting"  # another content under a number that was taken before


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`number` grows with each bundle of a tenant. `made`: epoch seconds. `size` and `sha256`
    (hex): of the SQLite file. `source` (hex): of all items, whatever their files looked like.
    `previous`: sha256 of the bundle before; '' for the first."""

    tenant: str
    number: int
    made: int
    size: int
    sha256: str
    source: str
    previous: str
    format: int = FORMAT

    @property
    def version(self) -> str:
        """As it is shown and reported: the same wherever the bytes are the same."""
        return f"{self.number}-{self.sha256[:12]}"


def sign(statement: Statement, key: Ed25519PrivateKey) -> bytes:
    payload = cbor2.dumps(msgspec.to_builtins(statement), canonical=True)
    protected = _protected(kid(key.public_key()))
    return _message(protected, payload, key.sign(_to_be_signed(protected, payload)))


def opened(message: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> Statement | Refusal:
    """`keys` by their kid."""
    try:
        protected, _, payload, signature = cbor2.loads(message).value
        signer = cbor2.loads(protected)[_KID]
        whole = all(isinstance(part, bytes) for part in (signer, payload, signature))
        if not whole or _message(_protected(signer), payload, signature) != message:
            return Refusal.CHANGED
        if signer not in keys:
            return Refusal.UNKNOWN_KEY
        keys[signer].verify(signature, _to_be_signed(protected, payload))
        content = cbor2.loads(payload)
    except InvalidSignature:
        return Refusal.CHANGED
    except Exception:  # noqa: BLE001 - a stranger's bytes: decoders may raise anything
        return Refusal.CHANGED
    try:
        return msgspec.convert(content, Statement)
    except msgspec.ValidationError:
        return Refusal.OTHER_FORMAT  # signed by somebody we trust, so it is no forgery


def _protected(signer: bytes) -> bytes:
    return cbor2.dumps({_ALGORITHM: _EDDSA, _KID: signer})


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, _PURPOSE, payload])


def _message(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(_SIGN1, [protected, {}, payload, signature]))
