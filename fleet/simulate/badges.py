"""What simulated stations have from the fleet that they meet: certificates, keys of commands."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

from fleet.certificates import files
from fleet.commands import KEYS
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


def command_keys(trust: Path) -> Mapping[str, str]:
    """By id, hex; {} before the fleet's first start."""
    try:
        known: dict[str, str] = json.loads((trust / KEYS).read_text("ascii"))
    except (OSError, ValueError):
        return {}
    return known
