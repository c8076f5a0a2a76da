"""Where the broker is, and how the connection to it is secured."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from kiosk.agent.faults import LinkFault
from kiosk.agent.identity import Identity
from kiosk.gateway import trust


@dataclass(frozen=True, slots=True)
class Broker:
    """`ca` and `identity`: for TLS; None: in clear."""

    host: str
    port: int
    ca: Path | None = None
    identity: Identity | None = None


def secured(broker: Broker) -> ssl.SSLContext | LinkFault | None:
    """Read anew for each connection: root and certificate may have come, or changed.

    None: in clear.
    """
    ca, identity = broker.ca, broker.identity
    if ca is None or identity is None:
        return None
    try:
        context = trust.context(ca)
    except OSError:
        return LinkFault.NO_TRUST
    try:
        context.load_cert_chain(identity.file)
    except OSError:
        return LinkFault.NO_CERTIFICATE
    return context
