"""The key that signs bundles, and the list of those that terminals believe.

The private key belongs to the office that publishes (Ed25519, PKCS8 in PEM, its owner's alone);
the trust folder has `catalogue.json`, `{"<kid hex>": "<public key hex>"}`, as `keys.json` has the
keys of QR codes. Taking a key off that list takes its bundles out of use.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.durable import locked, replace
from kiosk.errors import CatalogueError

TRUSTED = "catalogue.json"
_KID_BYTES = 8
_OTHERS = 0o077


def kid(key: Ed25519PublicKey) -> bytes:
    """8 bytes that name a key: the head of the SHA-256 of it."""
    return hashlib.sha256(key.public_bytes_raw()).digest()[:_KID_BYTES]


def open_key(path: Path, trust: Path) -> Ed25519PrivateKey:
    """Load the key, or make it at the first start, and see that `trust` lists it.

    Raises `CatalogueError` for a file that is no such key or that others can read.
    """
    with locked(path.parent, 0o700):
        if not path.exists():
            replace(path, _pem(Ed25519PrivateKey.generate()), 0o600)
        key = load_key(path)
    publish(key.public_key(), trust)
    return key


def load_key(path: Path) -> Ed25519PrivateKey:
    """Raises `CatalogueError`."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            raise CatalogueError(f"{path}: others can read or change this key; chmod 600 {path}")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        made = f"kiosk catalogue key --key {path}"
        raise CatalogueError(f"{path}: there is no such key; to make one: {made}") from None
    except (ValueError, TypeError):
        raise CatalogueError(f"{path}: damaged; restore it from a backup") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CatalogueError(f"{path}: not an Ed25519 key; restore it from a backup")
    return key


def publish(key: Ed25519PublicKey, trust: Path) -> None:
    """Add a public key to the trust folder's list; the others stay."""
    with locked(trust, 0o755):
        path = trust / TRUSTED
        try:
            known = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            known = {}
        except msgspec.DecodeError:
            raise CatalogueError(f"{path}: damaged; remove it and start again") from None
        if kid(key).hex() not in known:
            known[kid(key).hex()] = key.public_bytes_raw().hex()
            text = msgspec.json.format(msgspec.json.encode(known, order="sorted"), indent=1)
            replace(path, text + b"\n", 0o644)


def trusted(trust: Path) -> dict[bytes, Ed25519PublicKey]:
    """The listed keys by kid; empty when the list is missing or damaged."""
    try:
        listed = msgspec.json.decode((trust / TRUSTED).read_bytes(), type=dict[str, str])
        return {
            bytes.fromhex(name): Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for name, key in listed.items()
        }
    except (OSError, ValueError):
        return {}


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
