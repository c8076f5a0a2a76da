"""The fleet's own secrets, made at the first start: case key, identity key, gateway tokens.

A file of them that others can read or write is refused (`KeyFileError`). Private keys are under
`var/keys` alone; `trust` gets what terminals need.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fleet.certificates import files
from fleet.errors import StartError

DEMONSTRATION = "demonstration"
IDENTITY_BYTES = 32


class Tokens:
    """Who may use the gateway: name -> SHA-256 of a token. The tokens themselves are not kept."""

    def __init__(self, digests: dict[str, str]) -> None:
        self._digests = digests

    def owner(self, token: str) -> str:
        """'' for a token that nobody has. Takes the same time for every token."""
        digest = _digest(token)
        found = ""
        for name, known in self._digests.items():
            if hmac.compare_digest(digest, known):
                found = name
        return found


def case_key(var: Path, trust: Path) -> X25519PrivateKey:
    """The key that opens sealed cases; its public half goes to `trust/case.pub`."""
    path = var / "keys" / "case.key"
    if path.exists():
        try:
            key = X25519PrivateKey.from_private_bytes(_unhex(path))
        except ValueError:
            raise StartError(f"{path}: not an X25519 key; restore it from a backup") from None
    else:
        key = X25519PrivateKey.generate()
        write(path, key.private_bytes_raw().hex(), files.SECRET)
    write(trust / "case.pub", key.public_key().public_bytes_raw().hex(), files.PUBLIC)
    return key


def identity_key(var: Path) -> bytes:
    """32 bytes under which the numbers of people and their codes are hashed; never shared."""
    path = var / "keys" / "identity.key"
    if not path.exists():
        write(path, secrets.token_hex(IDENTITY_BYTES), files.SECRET)
    try:
        key = _unhex(path)
    except ValueError:
        key = b""
    if len(key) != IDENTITY_BYTES:
        raise StartError(f"{path}: damaged; restore it from a backup, or remove it")
    return key


def tokens(var: Path, trust: Path) -> Tokens:
    """The known tokens, that of the demonstration terminal (`trust/terminal.token`) among them."""
    path, shared = var / "keys" / "tokens.json", trust / "terminal.token"
    try:
        digests = msgspec.json.decode(files.read_secret(path), type=dict[str, str])
    except FileNotFoundError:
        digests = {}
    except msgspec.DecodeError:
        raise StartError(f"{path}: damaged; restore it from a backup") from None
    if not shared.exists():
        write(shared, secrets.token_urlsafe(32), files.SECRET)
    digests[DEMONSTRATION] = _digest(files.read_secret(shared).decode("ascii").strip())
    write(path, msgspec.json.encode(digests).decode(), files.SECRET)
    return Tokens(digests)


def write(path: Path, text: str, mode: int) -> None:
    """Whole or not at all, and never readable by more than `mode` says."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _unhex(path: Path) -> bytes:
    return bytes.fromhex(files.read_secret(path).decode("ascii"))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
