"""The fleet's keys for certificates: a sample root, the seal under it, the QR codes' key.

Made at the first start under `var/keys`; their public halves go to the trust folder. What exists
is never changed: a start that was killed half-way is completed by the next one, and when the
fleet's `var` was lost, new public keys are added beside the old, so that old papers stay valid.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet.certificates import authority, files

KID_BYTES = 8
_YEARS = {"root": 30, "seal": 10}
_DAY = timedelta(days=1)
_Key = EllipticCurvePrivateKey | Ed25519PrivateKey


class KeysError(RuntimeError):
    """A key file is damaged, or does not belong to the others. Names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`seal` is certified by `seal_certificate`, whose issuer is `root_certificate`."""

    root_certificate: x509.Certificate
    seal_certificate: x509.Certificate
    seal: EllipticCurvePrivateKey = field(repr=False)
    qr: Ed25519PrivateKey = field(repr=False)

    @property
    def kid(self) -> bytes:
        """What names the QR key."""
        return kid_of(self.qr)


def kid_of(key: Ed25519PrivateKey) -> bytes:
    """8 bytes that name a key: the head of the SHA-256 of its public half."""
    return hashlib.sha256(key.public_key().public_bytes_raw()).digest()[:KID_BYTES]


def open_keys(var: Path, trust: Path, authority_zh: str, now: datetime) -> Keys:
    """Load the keys, making whatever is missing, valid since the day before `now`. Once there are
    both certificates, the root's key may be elsewhere.

    Raises `KeysError`, and `KeyFileError` for a key that others can read or write.
    """
    folder = var / "keys"
    with files.locked(folder):
        root_key = _root_key(folder)
        seal_key = _curve_key(folder / "seal.key")
        qr_key = ed25519_key(folder / "qr.key")
        root, seal = _certificates(folder, root_key, seal_key, authority_zh, now)
        keys = Keys(root, seal, seal_key, qr_key)
    with files.locked(trust, 0o755):
        _publish_root(trust / "root.pem", root)
        publish_key(trust / "keys.json", keys.qr)
    return keys


def _root_key(folder: Path) -> EllipticCurvePrivateKey | None:
    """None: the root has done all that it is needed for, and its key is elsewhere."""
    path = folder / "root.key"
    if path.exists() or not (folder / "root.pem").exists():
        return _curve_key(path)
    if all((folder / name).exists() for name in ("seal.pem", "seal.key")):
        return None
    raise KeysError(f"{path}: needed to sign the seal; bring it from where it is kept")


def _certificates(
    folder: Path,
    root_key: EllipticCurvePrivateKey | None,
    seal_key: EllipticCurvePrivateKey,
    authority_zh: str,
    now: datetime,
) -> tuple[x509.Certificate, x509.Certificate]:
    now = now.astimezone(UTC).replace(microsecond=0)
    if root_key and not (folder / "root.pem").exists():
        made = authority.root(root_key, now - _DAY, now + 365 * _YEARS["root"] * _DAY)
        files.write(folder / "root.pem", _pem(made))
    root = _certificate(folder / "root.pem", root_key)
    if root_key and not (folder / "seal.pem").exists():
        until = now + 365 * _YEARS["seal"] * _DAY
        made = authority.seal(authority_zh, seal_key, root, root_key, since=now - _DAY, until=until)
        files.write(folder / "seal.pem", _pem(made))
    seal = _certificate(folder / "seal.pem", seal_key)
    try:
        seal.verify_directly_issued_by(root)
    except Exception as error:
        raise KeysError(f"{folder / 'seal.pem'}: not issued by root.pem beside it") from error
    return root, seal


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(path: Path, key: EllipticCurvePrivateKey | None) -> x509.Certificate:
    """`key`: that it has to belong to; None: it is elsewhere."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        raise KeysError(f"{path}: not a certificate; restore it, or remove it") from None
    if key and certificate.public_key() != key.public_key():
        raise KeysError(f"{path}: does not belong to {path.with_suffix('.key').name}")
    return certificate


def _curve_key(path: Path) -> EllipticCurvePrivateKey:
    if not path.exists():
        _save_key(path, generate_private_key(SECP256R1()))
    key = _load_key(path)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise KeysError(f"{path}: not a P-256 key; restore it from a backup")
    return key


def ed25519_key(path: Path) -> Ed25519PrivateKey:
    """The key in `path`, made when there is none. Raises `KeysError`, `KeyFileError`."""
    if not path.exists():
        _save_key(path, Ed25519PrivateKey.generate())
    key = _load_key(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysError(f"{path}: not an Ed25519 key; restore it from a backup")
    return key


def _load_key(path: Path) -> object:
    try:
        return serialization.load_pem_private_key(files.read_secret(path), password=None)
    except (ValueError, TypeError):
        raise KeysError(f"{path}: damaged; restore it from a backup") from None


def _save_key(path: Path, key: _Key) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files.write(path, pem)


def _publish_root(path: Path, root: x509.Certificate) -> None:
    """`root.pem` holds one or more roots; this one is added when it is not among them."""
    known = path.read_bytes() if path.exists() else b""
    try:
        roots = x509.load_pem_x509_certificates(known) if known else []
    except ValueError:
        raise KeysError(f"{path}: damaged; remove it and start again") from None
    if root not in roots:
        files.write(path, known + _pem(root), files.PUBLIC)


def publish_key(path: Path, key: Ed25519PrivateKey) -> dict[str, str]:
    """Add the public half to those in `path`; all of them in hex, by kid. Raises `KeysError`."""
    try:
        known = json.loads(path.read_bytes()) if path.exists() else {}
    except ValueError:
        known = None
    if not isinstance(known, dict):
        raise KeysError(f"{path}: damaged; remove it and start again")
    kid = kid_of(key).hex()
    if kid not in known:
        known[kid] = key.public_key().public_bytes_raw().hex()
        files.write(path, json.dumps(known, indent=1).encode() + b"\n", files.PUBLIC)
    return known
