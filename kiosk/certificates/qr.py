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

from kiosk.certificates import cose
from kiosk.certificates import trust as trusted
from kiosk.certificates.trust import QrKey, Trust
from kiosk.certificates.verdict import Reason, Verdict

PREFIX = "KC1:"
LONGEST = 4296  # the most that a QR code holds
SKEW = 300  # seconds that a clock may be slow
_HUGE = 1 << 64  # what CBOR's own numbers hold; larger ones may be too long even to print
CHINA = timezone(timedelta(hours=8))
NO_END = 253_402_185_600  # 9999-12-31 in China: a certificate without an end
_BLANK = " \t\r\n"
_FAULTS = {
    cose.Fault.CHANGED: Reason.CHANGED,
    cose.Fault.UNKNOWN_KEY: Reason.UNKNOWN_ISSUER,
}

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
    text = text.strip(_BLANK)  # base45 has a space, but never at its end
    if not text.startswith(PREFIX):
        return Verdict(Reason.NOT_A_CERTIFICATE)
    believed = trusted.load(trust)
    if believed is None:
        return Verdict(Reason.NO_TRUST)
    found = _open(text[len(PREFIX) :], believed)
    if isinstance(found, Reason):
        return Verdict(found)
    key, payload = found
    claims = _claims(payload)
    if claims is None:
        return Verdict(Reason.NOT_A_CERTIFICATE)
    now = now or datetime.now(UTC)
    stale = believed.next_update is not None and now.timestamp() > believed.next_update
    return Verdict(_standing(claims, key, believed, now), claims, _summary(claims), stale)


def _open(code: str, believed: Trust) -> tuple[QrKey, bytes] | Reason:
    """The key that signed, and the signed payload."""
    if len(code) > LONGEST:
        return Reason.CHANGED
    try:
        sealed = base45.b45decode(code)
        exact = base45.b45encode(sealed) == code.encode()
    except Exception:  # noqa: BLE001 - a stranger's text: the decoder may raise anything
        return Reason.CHANGED
    keys = {kid: known.key for kid, known in believed.keys.items()}
    payload = cose.opened(sealed, keys) if exact else cose.Fault.CHANGED
    if isinstance(payload, cose.Fault):
        return _FAULTS[payload]
    return believed.keys[cose.key_of(sealed) or b""], payload


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
        if isinstance(value, int) and not -_HUGE <= value < _HUGE:
            return None
        claims[name] = value
    return claims


def _standing(
    claims: Mapping[str, str | int], key: QrKey, believed: Trust, now: datetime
) -> Reason:
    if not key.signed_in_time(int(claims["issued"])):
        return Reason.KEY_REVOKED
    if believed.revokes(str(claims["number"])):
        return Reason.REVOKED
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
    if epoch >= NO_END:
        return "长期 Without an end"
    try:
        return datetime.fromtimestamp(epoch, CHINA).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return str(epoch)
