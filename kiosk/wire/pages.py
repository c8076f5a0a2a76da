"""Scanned pages: each sealed to the fleet's key, named by its hash, taken over HTTP.

`PUT {PAGES}/{digest}` with the sealed bytes. Who holds the key opens them, and shows it in the
answer (`mac` by `SealedPage.proof`): the terminal forgets a page on no other word.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.wire.messages import PREFIX

PAGES = "/api/v1/gateway/pages"
EARLIER, EARLIER_PURPOSE = "/api/v1/gateway/earlier", "earlier"  # asked sealed, as `IDENTITY`
MAX_PAGE = 8 * 1024 * 1024  # bytes of a picture
_PROOF = 32  # bytes
MAX_SEALED_PAGE = MAX_PAGE + _PROOF + 256  # HPKE adds a key and a tag
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class PageFault(StrEnum):
    """Why the fleet does not take a page."""

    BAD_SEAL = "bad_seal"  # not sealed to this fleet's key as this page
    WRONG_DIGEST = "wrong_digest"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"  # neither JPEG nor PNG
    NO_ROOM = "no_room"  # it can't be kept now: ask again


@dataclass(frozen=True, slots=True)
class SealedPage:
    """`digest`: SHA-256 (hex) of the picture. `proof` (hex) is inside `sealed`, too."""

    digest: str = field(repr=False)
    proof: str = field(repr=False)
    sealed: bytes = field(repr=False)


def seal_page(public_key: bytes, picture: bytes) -> SealedPage:
    """Encrypt a picture to the fleet's X25519 key (32 raw bytes)."""
    digest, proof = hashlib.sha256(picture).hexdigest(), secrets.token_bytes(_PROOF)
    key = X25519PublicKey.from_public_bytes(public_key)
    sealed = _HPKE.encrypt(proof + picture, key, _info(digest))
    return SealedPage(digest, proof.hex(), sealed)


def open_page(private_key: X25519PrivateKey, digest: str, sealed: bytes) -> tuple[str, bytes]:
    """Its proof (hex) and the picture. Raises `InvalidTag` or `ValueError`: it is not this page."""
    plain = _HPKE.decrypt(sealed, private_key, _info(digest))
    return plain[:_PROOF].hex(), plain[_PROOF:]


def page_fault(digest: str, picture: bytes) -> PageFault | None:
    """What is wrong with a page that could be opened."""
    if len(picture) > MAX_PAGE:
        return PageFault.TOO_LARGE
    if hashlib.sha256(picture).hexdigest() != digest:
        return PageFault.WRONG_DIGEST
    return None if picture.startswith(_PICTURES) else PageFault.NO_PICTURE


def _info(digest: str) -> bytes:
    return f"{PREFIX}/page/{digest}".encode()
