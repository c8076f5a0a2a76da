"""TLS of the link: 1.3 at least, our own root alone."""

from __future__ import annotations

import ssl
from pathlib import Path


def server() -> ssl.SSLContext:
    """Its certificate is loaded by its owner, and again when there is another."""
    return _context(ssl.PROTOCOL_TLS_SERVER)


def client(ca: Path) -> ssl.SSLContext:
    """The same; it trusts `ca` and checks names."""
    made = _context(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(cafile=ca)
    return made


def _context(protocol: ssl._SSLMethod) -> ssl.SSLContext:
    made = ssl.SSLContext(protocol)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    return made
