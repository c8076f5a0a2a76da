"""Messages to bytes and back; encryption to the fleet's key (HPKE, RFC 9180)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.wire.commands import Command
from kiosk.wire.desired import Desired
from kiosk.wire.messages import PREFIX, Ack, Birth, Events, Health, HostState, Services, State
from kiosk.wire.sealed import CasePayload, IdentityRequest

IDENTITY = "/api/v1/gateway/identity"  # requests about a person, over HTTP
SEND_CODE, CHECK_PIN = "send", "pin"  # what a sealed one is for; or `check_code`
ANSWER_MAC = "X-Kiosk-Mac"  # the header of their answers that holds `mac`

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

Incoming = State | Birth | Health | Services | Events
Answer = Ack | HostState | Command | Desired


def encode(message: Any) -> bytes:
    return msgspec.json.encode(message)


def decode_incoming(payload: bytes) -> Incoming:
    """A terminal's message; anything that is none raises `msgspec.DecodeError`."""
    message: Incoming = _decoded(payload, Incoming)
    return message


def decode_answer(payload: bytes) -> Answer:
    """The fleet's message; anything that is none raises `msgspec.DecodeError`."""
    answer: Answer = _decoded(payload, Answer)
    return answer


def _decoded(payload: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(payload, type=kind)
    except UnicodeDecodeError as error:  # msgspec lets it through from inside a string
        raise msgspec.DecodeError(str(error)) from None
    except RecursionError:  # and this from unknown fields
        raise msgspec.DecodeError("nested too deep") from None


def seal(public_key: bytes, payload: CasePayload) -> str:
    """Encrypt a case to the fleet's X25519 key (32 raw bytes). Base64."""
    return _sealed(public_key, "case", payload)


def unseal(private_key: X25519PrivateKey, sealed: str) -> CasePayload:
    """Decrypt a case; raises on a wrong key, a changed byte or a malformed payload."""
    case: CasePayload = _decoded(_opened(private_key, "case", sealed), CasePayload)
    return case


def seal_identity(public_key: bytes, purpose: str, request: IdentityRequest) -> str:
    """As `seal`; what was sealed for one purpose (`SEND_CODE`, …) opens for no other."""
    return _sealed(public_key, f"identity/{purpose}", request)


def unseal_identity(private_key: X25519PrivateKey, purpose: str, sealed: str) -> IdentityRequest:
    """As `unseal`."""
    plain = _opened(private_key, f"identity/{purpose}", sealed)
    request: IdentityRequest = _decoded(plain, IdentityRequest)
    return request


def check_code(challenge: str) -> str:
    """The purpose of a request that checks the code of this challenge."""
    return f"code/{challenge}"


def mac(nonce: str, body: bytes) -> str:
    """Proof that an answer's body is the fleet's own, to this very request (HMAC-SHA256, hex)."""
    return hmac.new(nonce.encode(), body, hashlib.sha256).hexdigest()


def _sealed(public_key: bytes, purpose: str, message: Any) -> str:
    key = X25519PublicKey.from_public_bytes(public_key)
    return base64.b64encode(_HPKE.encrypt(encode(message), key, _info(purpose))).decode()


def _opened(private_key: X25519PrivateKey, purpose: str, sealed: str) -> bytes:
    return _HPKE.decrypt(base64.b64decode(sealed, validate=True), private_key, _info(purpose))


def _info(purpose: str) -> bytes:
    return f"{PREFIX}/{purpose}".encode()
