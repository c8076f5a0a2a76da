"""What is random, how it is hashed, and the two keys that the record of acts and codes need."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fleet import keys
from fleet.certificates import files
from fleet.errors import StartError

KEY_BYTES = 32
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """`audit`: chains what was done; `seal`: hides second factors in the database."""

    audit: bytes
    seal: bytes


def load(var: Path) -> Keys:
    """Made at the first start, in `var/keys`. Raises `StartError`."""
    return Keys(_key(var / "keys" / "audit.key"), _key(var / "keys" / "people.key"))


def _key(path: Path) -> bytes:
    if not path.exists():
        keys.write(path, secrets.token_hex(KEY_BYTES), files.SECRET)
    try:
        key = bytes.fromhex(files.read_secret(path).decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StartError(f"{path}: damaged; restore it from a backup")
    return key


def token() -> str:
    return secrets.token_urlsafe(32)


def digest(*parts: str) -> str:
    """64 hex digits. For what is random alone: a password is hashed by `passwords`."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def seal(key: bytes, what: str, about: str) -> str:
    """Only `opened` with the same `about` gives it back."""
    nonce = secrets.token_bytes(_NONCE)
    hidden = AESGCM(key).encrypt(nonce, what.encode(), about.encode())
    return urlsafe_b64encode(nonce + hidden).decode()


def opened(key: bytes, sealed: str, about: str) -> str:
    """'' when it was not sealed by this key about this."""
    try:
        raw = urlsafe_b64decode(sealed.encode())
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
    except (ValueError, InvalidTag):
        return ""
