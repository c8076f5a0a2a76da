"""The trust folder: whose seals and whose QR codes are believed, and which ones no more.

`root.pem` for seals; `keys.json` for QR codes; and, signed by a key of `anchors.json`, `list.cose`:
every QR key with the time in which it was in use, and the certificates that were revoked. Where
there are anchors, the list rules and must be whole: a damaged list means no trust, never less care.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.certificates import cose
from kiosk.errors import KioskError

ANCHORS, KEYS, LIST = "anchors.json", "keys.json", "list.cose"
LARGEST_LIST = 8 * 1024 * 1024  # bytes: 400,000 revoked certificates
_ALWAYS = 1 << 64  # epoch seconds
_HASH = 16  # bytes of a certificate number's hash


@dataclass(frozen=True, slots=True)
class QrKey:
    """In use from `since` to `until`. `revoked`: when it was withdrawn, 0 for never. Epoch s."""

    key: Ed25519PublicKey = field(repr=False)
    since: int = -_ALWAYS
    until: int = _ALWAYS
    revoked: int = 0

    def signed_in_time(self, issued: int) -> bool:
        """A withdrawn key vouches for nothing: whoever has it can write any date."""
        return not self.revoked and self.since <= issued <= self.until


@dataclass(frozen=True, slots=True)
class Trust:
    """`next_update`: when a newer list should be here (epoch s); None where there is no list."""

    keys: Mapping[bytes, QrKey]
    revoked: frozenset[bytes] = frozenset()
    serial: int = 0
    next_update: int | None = None

    def revokes(self, number: str) -> bool:
        return number_hash(number) in self.revoked


class ListRefusedError(KioskError):
    """An update of the list is not signed by a known anchor, or not newer. Says which."""


def number_hash(number: str) -> bytes:
    """How a certificate stands in the list: nobody can read the list for numbers."""
    return hashlib.sha256(f"certificate {number}".encode("utf-8", "replace")).digest()[:_HASH]


def roots(trust: Path) -> list[x509.Certificate] | None:
    """Every root in `root.pem`; None: the file is missing or damaged."""
    try:
        return x509.load_pem_x509_certificates((trust / "root.pem").read_bytes())
    except (OSError, ValueError):
        return None


def load(trust: Path) -> Trust | None:
    """What is believed of QR codes; None: files are missing or damaged."""
    if not (trust / ANCHORS).exists():
        keys = _keys(trust / KEYS)
        return Trust({kid: QrKey(key) for kid, key in keys.items()}) if keys is not None else None
    anchors = _keys(trust / ANCHORS)
    try:
        content = (trust / LIST).read_bytes()
    except OSError:
        return None
    return read_list(content, anchors) if anchors is not None else None


def read_list(content: bytes, anchors: Mapping[bytes, Ed25519PublicKey]) -> Trust | None:
    """The list in `content`; None: damaged, or signed by none of the anchors."""
    if len(content) > LARGEST_LIST:
        return None
    payload = cose.opened(content, anchors)
    if not isinstance(payload, bytes):
        return None
    try:
        return _list(cbor2.loads(payload))
    except Exception:  # noqa: BLE001 - whatever was signed may be no list
        return None


def update(trust: Path, content: bytes) -> Trust:
    """Put a newer list into the folder. Raises `ListRefusedError`, `OSError`."""
    known = read_list(content, _keys(trust / ANCHORS) or {})
    if known is None:
        raise ListRefusedError("the file is not a list that is signed for this trust folder")
    present = load(trust)
    if present is not None and known.serial < present.serial:
        raise ListRefusedError(f"the list is older than the one here (no. {present.serial})")
    fresh = trust / f".{LIST}.new"
    fresh.write_bytes(content)
    fresh.replace(trust / LIST)
    return known


def _list(given: dict[Any, Any]) -> Trust:
    keys = {
        bytes(kid): QrKey(Ed25519PublicKey.from_public_bytes(key), since, until, revoked)
        for kid, key, since, until, revoked in given["keys"]
    }
    revoked = frozenset(bytes(one) for one in given["certificates"])
    return Trust(keys, revoked, int(given["serial"]), int(given[4]))


def _keys(path: Path) -> dict[bytes, Ed25519PublicKey] | None:
    """Public keys by kid; None: the file is missing or damaged."""
    try:
        listed = json.loads(path.read_bytes())
        return {
            bytes.fromhex(kid): Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for kid, key in listed.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
