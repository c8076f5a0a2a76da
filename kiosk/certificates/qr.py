"""Checking a certificate's QR code: `KC1:` + base45 of a COSE_Sign1 (RFC 9052), Ed25519.

Strict on purpose: only the one encoding that the fleet makes is accepted, so that no two texts
mean the same certificate and every changed character is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.certificates import trust as trusted
from kiosk.certificates.verdict import Reason, Verdict

PREFIX = "KC1:"
LONGEST = 4296  # the most that a QR code holds
SIGN1 = 18
EDDSA = -8
SKEW = 300  # seconds that a clock may be slow
CHINA = timezone(timedelta(hours=8))

# Claim in the map -> our name, type.
_CLAIMS: dict[int | str, tuple[str, type[int] | type[str]]] = {
    1: ("authority", str),
    4: ("valid_until", int),
    6: ("issued", int),
    "no": ("number", str),
    "task": ("task", str),
    "holder": ("holder", str),
    "id": ("id", str),
    "sum": ("sum", str),
}


def verify_qr(text: str, trust: Path, now: datetime | None = None) -> Verdict:
    """Check the text of a QR code. `now` is aware; None: the machine's clock. Never raises."""
    text = text.strip()  # base45 has a space, but never at its end
    if not text.startswith(PREFIX):
        return Verdict(Reason.NOT_A_CERTIFICATE)
    keys = trusted.qr_keys(trust)
    if keys is None:
        return Verdict(Reason.NO_TRUST)
    found = _open(text[len(PREFIX) :], keys)
    if isinstance(found, Reason):
        return Verdict(found)
    claims = _claims(found)
    if claims is None:
        return Verdict(Reason.NOT_A_CERTIFICATE)
    return Verdict(_in_time(claims, now or datetime.now(UTC)), claims, _summary(claims))


def _open(code: str, keys: Mapping[bytes, Ed25519PublicKey]) -> bytes | Reason:
    """The signed payload."""
    if len(code) > LONGEST:
        return Reason.CHANGED
    try:
        sealed = base45.b45decode(code)
        protected, _, payload, signature = cbor2.loads(sealed).value
        header = cbor2.loads(protected)
        kid = header[4]
        exact = _exactly(kid, payload, signature) == sealed and base45.b45encode(sealed) == (
            code.encode()
        )
        if not exact:
            return Reason.CHANGED
        if kid not in keys:
            return Reason.UNKNOWN_ISSUER
        keys[kid].verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))
    except InvalidSignature:
        return Reason.CHANGED
    except Exception:  # noqa: BLE001 - a stranger's bytes: decoders may raise anything
        return Reason.CHANGED
    return bytes(payload)


def _exactly(kid: bytes, payload: bytes, signature: bytes) -> bytes:
    """The one message that the fleet would have made of these parts."""
    protected = cbor2.dumps({1: EDDSA, 4: bytes(kid)})
    parts = [protected, {}, bytes(payload), bytes(signature)]
    return cbor2.dumps(cbor2.CBORTag(SIGN1, parts))


def _claims(payload: bytes) -> dict[str, str | int] | None:
    """None: signed, but not these claims."""
    try:
        given: Any = cbor2.loads(payload)
    except Exception:  # noqa: BLE001 - whatever was signed may be no CBOR
        return None
    if not isinstance(given, dict):
        return None
    claims: dict[str, str | int] = {}
    for claim, (name, kind) in _CLAIMS.items():
        value = given.get(claim)
        if not isinstance(value, kind) or isinstance(value, bool):
            return None
        claims[name] = value
    return claims


def _in_time(claims: Mapping[str, str | int], now: datetime) -> Reason:
    moment = now.timestamp()
    if moment > int(claims["valid_until"]):
        return Reason.EXPIRED
    if moment + SKEW < int(claims["issued"]):
        return Reason.NOT_YET_VALID
    return Reason.OK


def _summary(claims: Mapping[str, str | int]) -> tuple[tuple[str, str, str], ...]:
    return (
        ("编号", "Certificate no.", str(claims["number"])),
        ("机关", "Issued by", str(claims["authority"])),
        ("姓名", "Name", str(claims["holder"])),
        ("证件号码", "Number", str(claims["id"])),
        ("内容", "Certifies", str(claims["sum"])),
        ("签发日期", "Issued", _day(int(claims["issued"]))),
        ("有效期至", "Valid until", _day(int(claims["valid_until"]))),
    )


def _day(epoch: int) -> str:
    """A date in the authority's time zone; beyond the calendar, the bare number."""
    try:
        return datetime.fromtimestamp(epoch, CHINA).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return str(epoch)
