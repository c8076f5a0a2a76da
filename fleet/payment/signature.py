"""The provider's signature under what it says: Ed25519 over time, occasion and body.

`occasion` binds an answer to its request's nonce and tells answers from callbacks, so that nothing
that was recorded can be shown again as something else. Production providers use RSA or SM2 in the
same place.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HEADER = "X-Pay-Signature"
NONCE = "X-Pay-Nonce"  # of the request that is answered
CALLBACK = "callback"


def answer_to(nonce: str) -> str:
    return f"answer/{nonce}"


def sign(key: Ed25519PrivateKey, occasion: str, body: bytes, now: float) -> str:
    at = str(int(now))
    return f"{at}.{base64.b64encode(key.sign(_signed(at, occasion, body))).decode()}"


def holds(key: Ed25519PublicKey, occasion: str, body: bytes, header: str) -> bool:
    at, _, signature = header.partition(".")
    try:
        key.verify(base64.b64decode(signature, validate=True), _signed(at, occasion, body))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _signed(at: str, occasion: str, body: bytes) -> bytes:
    return f"{at}\n{occasion}\n".encode() + body
