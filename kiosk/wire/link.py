"""Certificates of the link: how a terminal asks for its first one and for the next, over HTTPS.

The terminal makes its key itself; only the request (PKCS #10) leaves it. The first is asked for
with an invitation's code, every later one with a signature by the key of the one before.
"""

from __future__ import annotations

from enum import StrEnum

from kiosk.wire.messages import PREFIX, Message

ENROL = "/api/v1/link/enrol"
RENEW = "/api/v1/link/renew"


class Enrol(Message, frozen=True):
    """`request`: PKCS #10 in PEM, its common name the terminal's id."""

    terminal: str
    code: str
    request: str

    def __repr__(self) -> str:
        return f"Enrol({self.terminal!r}, ...)"


class Renew(Message, frozen=True):
    """`certificate`: the one in use (PEM). `proof`: base64, `renewal_bytes` signed by its key
    (ECDSA, SHA-256)."""

    certificate: str
    request: str
    proof: str


class Issued(Message, frozen=True):
    """`chain`: the terminal's certificate, then its issuer's (PEM)."""

    chain: str


class LinkRefusal(StrEnum):
    """Why no certificate is given."""

    BAD_REQUEST = "bad_request"  # no PKCS #10 of a P-256 key, or another name in it
    BAD_CODE = "bad_code"  # unknown, used, or expired
    BAD_PROOF = "bad_proof"
    REVOKED = "revoked"
    EXPIRED = "expired"  # nothing is left to renew: it needs an invitation
    TOO_MANY = "too_many"


class Refused(Message, frozen=True):
    fault: LinkRefusal


def renewal_bytes(request: str) -> bytes:
    """What the old key signs."""
    return f"{PREFIX}/renew\n{request}".encode()
