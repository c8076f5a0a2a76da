"""What only the fleet may read again, kept in its database: words about a citizen, and who they
are as keyed hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)  # that of `kiosk.wire`


class Vault:
    """Seals to the fleet's own case key. `about`: what a text belongs to; it opens there alone."""

    def __init__(self, key: X25519PrivateKey) -> None:
        self._key = key
        self._public = key.public_key()

    def seal(self, about: str, text: str) -> str:
        """Base64."""
        plain = text.encode("utf-8", "replace")
        return base64.b64encode(_SUITE.encrypt(plain, self._public, _info(about))).decode()

    def open(self, about: str, sealed: str) -> str | None:
        """None: not sealed to this key, or to belong elsewhere."""
        try:
            data = base64.b64decode(sealed, validate=True)
            return _SUITE.decrypt(data, self._key, _info(about)).decode()
        except (InvalidTag, ValueError):
            return None


class CaseMarks:
    """Keyed hashes (HMAC-SHA256, hex) by which cases are found. `key`: the fleet's identity key.

    The same number has another hash here than among codes and PINs (`fleet.identity.marks`), so
    that the tables cannot be joined.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def person(self, number: str) -> str:
        return self._mark("case-person", number.strip().upper())

    def request(self, nonce: str) -> str:
        return self._mark("case-request", nonce)

    def _mark(self, *parts: str) -> str:
        message = "\n".join(parts).encode("utf-8", "replace")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def _info(about: str) -> bytes:
    return f"kiosk/fleet/handling/{about}".encode()
