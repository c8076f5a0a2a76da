"""Certificates for terminals over HTTPS: the first by an invitation, the next by the one before.

The gateway's token opens neither: who steals one has no certificate, and gets none.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from fleet.errors import PkiError
from fleet.pki import certs
from fleet.pki.authority import Authority
from fleet.pki.book import Entry
from fleet.pki.names import Role
from kiosk import wire
from kiosk.wire import LinkRefusal

LONGEST = 8192
STATUS = {LinkRefusal.BAD_REQUEST: 422, LinkRefusal.TOO_MANY: 429}  # others: 403

log = structlog.get_logger("fleet.pki")


class EnrolShape(BaseModel):
    terminal: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    code: str = Field(max_length=128)
    request: str = Field(max_length=LONGEST)


class RenewShape(BaseModel):
    certificate: str = Field(max_length=LONGEST)
    request: str = Field(max_length=LONGEST)
    proof: str = Field(max_length=512)


def router(authority: Authority) -> APIRouter:
    routes = APIRouter(tags=["link"])
    refused: dict[int | str, dict[str, Any]] = {403: {"description": "Refused; `fault` says why"}}

    @routes.post(wire.ENROL, responses=refused)
    def enrol(asked: EnrolShape) -> Response:
        return _answer(_enrol(authority, asked), asked.terminal, "enrolled")

    @routes.post(wire.RENEW, responses=refused)
    def renew(asked: RenewShape) -> Response:
        name, answer = _renew(authority, asked)
        return _answer(answer, name, "renewed")

    return routes


def _enrol(authority: Authority, asked: EnrolShape) -> bytes | LinkRefusal:
    public = certs.read_request(asked.request, asked.terminal)
    if public is None:
        return LinkRefusal.BAD_REQUEST
    if not authority.accepts(asked.terminal, asked.code, certs.key_id(public)):
        return LinkRefusal.BAD_CODE
    return _issue(authority, asked.terminal, public)


def _renew(authority: Authority, asked: RenewShape) -> tuple[str, bytes | LinkRefusal]:
    entry = _ours(authority, asked.certificate)
    if entry is None or not _proven(asked):
        return "", LinkRefusal.BAD_PROOF
    if entry.revoked is not None:
        return entry.name, LinkRefusal.REVOKED
    if not entry.live(authority.clock()):
        return entry.name, LinkRefusal.EXPIRED
    public = certs.read_request(asked.request, entry.name)
    if public is None:
        return entry.name, LinkRefusal.BAD_REQUEST
    return entry.name, _issue(authority, entry.name, public)


def _issue(
    authority: Authority, name: str, public: ec.EllipticCurvePublicKey
) -> bytes | LinkRefusal:
    try:
        return authority.issue(name, public, Role.TERMINAL)
    except PkiError:
        return LinkRefusal.TOO_MANY


def _ours(authority: Authority, text: str) -> Entry | None:
    """A terminal's certificate out of our own book, byte for byte."""
    try:
        given = x509.load_pem_x509_certificate(text.encode())
        given.verify_directly_issued_by(authority.issuer)
    except (ValueError, TypeError, InvalidSignature):
        return None
    entry = authority.book.find(f"{given.serial_number:040x}")
    return entry if entry is not None and entry.role == Role.TERMINAL else None


def _proven(asked: RenewShape) -> bool:
    try:
        key = x509.load_pem_x509_certificate(asked.certificate.encode()).public_key()
        proof = base64.b64decode(asked.proof, validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(proof, wire.renewal_bytes(asked.request), ec.ECDSA(certs.SHA))
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return True


def _answer(given: bytes | LinkRefusal, name: str, what: str) -> Response:
    if isinstance(given, LinkRefusal):
        log.warning("certificate_refused", terminal=name, why=str(given))
        body, status = wire.encode(wire.Refused(given)), STATUS.get(given, 403)
    else:
        log.info(f"certificate_{what}", terminal=name)
        body, status = wire.encode(wire.Issued(given.decode())), 200
    headers = {"Cache-Control": "no-store"}
    return Response(body, status, headers, media_type="application/json")
