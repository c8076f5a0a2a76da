"""TLS to the fleet: its own root alone is trusted, names are checked, 1.3 is the least."""

from __future__ import annotations

import ssl
from pathlib import Path


def context(ca: Path) -> ssl.SSLContext:
    """Raises `OSError`: there is no such file, or it holds no certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_verify_locations(cafile=ca)
    return made
