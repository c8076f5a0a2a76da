"""Sealing that gives the same bytes for the same dice: HPKE (RFC 9180, base mode, one message).

Only for simulated stations. A real terminal's key is thrown by the operating system
(`kiosk.wire.seal`); a test proves that the fleet opens both.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk import wire

_KEM = b"KEM\x00\x20"  # DHKEM(X25519, HKDF-SHA256)
_SUITE = b"HPKE\x00\x20\x00\x01\x00\x02"  # with HKDF-SHA256 and AES-256-GCM
_INFO = f"{wire.PREFIX}/case".encode()


def seal(public_key: bytes, payload: wire.CasePayload, dice: bytes) -> str:
    """`dice`: 32 bytes, never twice. Base64."""
    ephemeral = X25519PrivateKey.from_private_bytes(dice)
    enc = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    prk = _extract(_KEM, b"", b"eae_prk", shared)
    secret = _expand(_KEM, prk, b"shared_secret", enc + public_key, 32)
    context = b"\x00" + _extract(_SUITE, b"", b"psk_id_hash", b"")
    context += _extract(_SUITE, b"", b"info_hash", _INFO)
    prk = _extract(_SUITE, secret, b"secret", b"")
    key = _expand(_SUITE, prk, b"key", context, 32)
    nonce = _expand(_SUITE, prk, b"base_nonce", context, 12)
    sealed = AESGCM(key).encrypt(nonce, wire.encode(payload), None)
    return base64.b64encode(enc + sealed).decode()


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, hashlib.sha256)


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, size: int) -> bytes:
    """At most 32 bytes: one round."""
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\x01", hashlib.sha256)[:size]
