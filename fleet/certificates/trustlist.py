"""The signed list that goes with the public keys: their time in use, and what was revoked.

One COSE_Sign1 over a CBOR map: 6 issued, 4 next update (epoch s), "serial", "keys" as
[kid, public key, since, until, revoked or 0], "certificates" as hashes of their numbers, sorted.
The key behind it signs nothing else. The last list in `var` is the state: a new one follows from
it. What was revoked stays revoked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fleet.certificates import files, qr
from fleet.certificates.keys import KeysError, ed25519_key, kid_of, publish_key

ANCHORS, LIST = "anchors.json", "list.cose"
NEXT_UPDATE = timedelta(days=30)
RENEWED = timedelta(days=1)  # a list that is older is signed again
QR_YEARS = 10
_HASH = 16
_UNREAD = cbor2.CBORError


@dataclass(frozen=True, slots=True)
class Entry:
    """A QR key's public half, and when it is used (epoch s). `revoked`: when, or 0."""

    kid: bytes
    key: bytes
    since: int
    until: int
    revoked: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says. Order and duplicates mean nothing."""

    keys: tuple[Entry, ...] = ()
    certificates: frozenset[bytes] = frozenset()
    serial: int = 0
    issued: int = 0


Change = Callable[[Listed], Listed]


def publish(var: Path, trust: Path, now: datetime, change: Change = lambda known: known) -> Listed:
    """Sign and publish a new list when something changed, or when the last one is a day old.

    Raises `KeysError`, `KeyFileError`. Across processes; whole or not at all.
    """
    folder, moment = var / "keys", int(now.timestamp())
    with files.locked(folder), files.locked(trust, 0o755):
        signer = ed25519_key(folder / "list.key")
        anchors = publish_key(trust / ANCHORS, signer)
        known, message = _newest((folder / LIST, trust / LIST), anchors)
        wanted = change(_with_keys(known, trust / "keys.json", folder / "qr.key", moment))
        old = moment - known.issued > RENEWED.total_seconds()
        if (wanted.keys, wanted.certificates) != (known.keys, known.certificates) or old:
            known = replace(wanted, serial=known.serial + 1, issued=moment)
            message = _signed(known, signer)
        for path, mode in ((folder / LIST, files.SECRET), (trust / LIST, files.PUBLIC)):
            if not path.exists() or path.read_bytes() != message:
                files.write(path, message, mode)
        return known


def revoke(var: Path, trust: Path, now: datetime, numbers: Iterable[str]) -> Listed:
    """Take certificates back, by their numbers; doing so again changes nothing."""
    hashes = frozenset(number_hash(number) for number in numbers)
    return publish(var, trust, now, lambda k: replace(k, certificates=k.certificates | hashes))


def revoke_key(var: Path, trust: Path, now: datetime, kid: bytes) -> Listed:
    """A key was lost or copied: nothing that it signed is believed. Raises `KeysError`."""

    def change(known: Listed) -> Listed:
        if not any(entry.kid == kid for entry in known.keys):
            raise KeysError(f"there is no key {kid.hex()} in the list")
        moment = int(now.timestamp())
        return replace(known, keys=tuple(_withdrawn(e, kid, moment) for e in known.keys))

    return publish(var, trust, now, change)


def number_hash(number: str) -> bytes:
    """Nobody can read the list for numbers, but who has one can look it up."""
    return hashlib.sha256(f"certificate {number}".encode()).digest()[:_HASH]


def _withdrawn(entry: Entry, kid: bytes, moment: int) -> Entry:
    return replace(entry, revoked=moment) if entry.kid == kid and not entry.revoked else entry


def _with_keys(known: Listed, public: Path, own: Path, moment: int) -> Listed:
    """Every published QR key is listed; one that is not this fleet's own signs nothing more."""
    listed = {entry.kid for entry in known.keys}
    ours = kid_of(ed25519_key(own))
    fresh = [
        Entry(
            bytes.fromhex(kid),
            bytes.fromhex(key),
            moment - 86400 if bytes.fromhex(kid) == ours else 0,
            moment + (365 * QR_YEARS * 86400 if bytes.fromhex(kid) == ours else 0),
        )
        for kid, key in json.loads(public.read_bytes()).items()
        if bytes.fromhex(kid) not in listed
    ]
    return replace(known, keys=(*known.keys, *fresh))


def _signed(known: Listed, signer: Ed25519PrivateKey) -> bytes:
    until = known.issued + int(NEXT_UPDATE.total_seconds())
    payload = {
        6: known.issued,
        4: until,
        "serial": known.serial,
        "keys": [[e.kid, e.key, e.since, e.until, e.revoked] for e in known.keys],
        "certificates": sorted(known.certificates),
    }
    return qr.signed(cbor2.dumps(payload), signer, kid_of(signer))


def _newest(paths: tuple[Path, Path], anchors: dict[str, str]) -> tuple[Listed, bytes]:
    """The newest list that one of the anchors signed. What is damaged is said, never dropped."""
    found = [_read(path, anchors) for path in paths if path.exists()]
    return max(found, key=lambda one: one[0].serial, default=(Listed(), b""))


def _read(path: Path, anchors: dict[str, str]) -> tuple[Listed, bytes]:
    content = path.read_bytes()
    try:
        protected, _, payload, signature = cbor2.loads(content).value
        key = bytes.fromhex(anchors[cbor2.loads(protected)[4].hex()])
        message = cbor2.dumps(["Signature1", protected, b"", payload])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        given: dict[Any, Any] = cbor2.loads(payload)
    except (ValueError, LookupError, TypeError, AttributeError, _UNREAD, InvalidSignature):
        raise KeysError(f"{path}: damaged; restore it, or what was revoked is forgotten") from None
    keys = tuple(Entry(*entry) for entry in given["keys"])
    return Listed(keys, frozenset(given["certificates"]), given["serial"], given[6]), content
