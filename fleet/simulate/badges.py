"""Certificates for simulated stations, from the authority of the fleet that they meet."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from fleet.certificates import files
from fleet.pki import tls
from fleet.pki.authority import Authority, Terms
from fleet.pki.names import Role


def badges(var: Path, tenant: str) -> Callable[[str], ssl.SSLContext]:
    """A station's id → its own TLS context; made once, kept in `var/simulate`."""
    authority = Authority(var / "pki", tenant, Terms())
    kept = var / "simulate"
    kept.mkdir(mode=0o700, exist_ok=True)
    root = var / "pki" / "root" / "root.pem"

    def badge(station: str) -> ssl.SSLContext:
        file = kept / f"{station}.pem"
        if not file.exists():
            files.write(file, authority.issue_with_key(Role.TERMINAL, station))
        context = tls.client(root)
        context.load_cert_chain(file)
        return context

    return badge
