"""The trust folder: whose seals and whose QR codes are believed."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def roots(trust: Path) -> list[x509.Certificate] | None:
    """Every root in `root.pem`; None: the file is missing or damaged."""
    try:
        return x509.load_pem_x509_certificates((trust / "root.pem").read_bytes())
    except (OSError, ValueError):
        return None


def qr_keys(trust: Path) -> dict[bytes, Ed25519PublicKey] | None:
    """The keys of `keys.json` by kid; None: the file is missing or damaged."""
    try:
        listed = json.loads((trust / "keys.json").read_bytes())
        return {
            bytes.fromhex(kid): Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for kid, key in listed.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return None
