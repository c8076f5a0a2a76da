"""Checking a sealed PDF: one PAdES signature over every byte, by a seal under a trusted root."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from kiosk.certificates import trust as trusted
from kiosk.certificates.qr import verify_qr
from kiosk.certificates.verdict import Reason, Verdict

MAGIC = b"%PDF-"

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # the verdict says it all


def verify_pdf(pdf: bytes, trust: Path, now: datetime | None = None) -> Verdict:
    """Check a certificate's file. `now` is aware; None: the machine's clock. Never raises.

    Takes some tens of milliseconds; may be called from any thread, also from an event loop's.
    """
    if not pdf.startswith(MAGIC):
        return Verdict(Reason.NOT_A_CERTIFICATE)
    roots = trusted.roots(trust)
    if roots is None:
        return Verdict(Reason.NO_TRUST)
    now = now or datetime.now(UTC)
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        signatures = reader.embedded_signatures
        text = str(reader.trailer_view["/Info"].get("/Keywords", ""))
    except Exception:  # noqa: BLE001 - a stranger's file: the parser may raise anything
        return Verdict(Reason.UNREADABLE)
    if not signatures:
        return Verdict(Reason.NOT_A_CERTIFICATE)
    reason = _seal(pdf, signatures, roots, now)
    # The claims travel in the file's keywords, under the seal, exactly as printed in the code.
    return verify_qr(text, trust, now) if reason is Reason.OK else Verdict(reason)


def count_pages(pdf: bytes) -> int:
    """By the page tree, which a seal's second version of a page does not count; 1 if that tells
    nothing. Never raises."""
    try:
        return max(1, int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"]))
    except Exception:  # noqa: BLE001 - a stranger's file: the parser may raise anything
        return 1


def _seal(
    pdf: bytes,
    signatures: list[EmbeddedPdfSignature],
    roots: list[x509.Certificate],
    now: datetime,
) -> Reason:
    if len(signatures) > 1:
        return Reason.CHANGED
    [signature] = signatures
    certificates = [root.public_bytes(Encoding.PEM) for root in roots]
    context = ValidationContext(
        trust_roots=list(load_certs_from_pemder_data(b"".join(certificates))),
        moment=now,
        allow_fetching=False,
    )
    try:
        if not _exact(pdf, signature):
            return Reason.CHANGED
        status = _run(async_validate_pdf_signature(signature, context, skip_diff=True))
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        if not (status.intact and status.valid and whole):
            return Reason.CHANGED
        return Reason.OK if status.trusted else _untrusted(signature, now)
    except Exception:  # noqa: BLE001 - the signature's own structure is broken
        return Reason.CHANGED


def _untrusted(signature: EmbeddedPdfSignature, now: datetime) -> Reason:
    validity = signature.signer_cert["tbs_certificate"]["validity"]
    if now > validity["not_after"].native:
        return Reason.EXPIRED
    if now < validity["not_before"].native:
        return Reason.NOT_YET_VALID
    return Reason.UNKNOWN_ISSUER


def _exact(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Is the signature's own container, which no signature covers, exactly as the fleet makes it?

    Otherwise bytes could be changed there (letter case, padding, unsigned fields) unnoticed.
    """
    start, end = signature.byte_range[1], signature.byte_range[2]
    digits = _container(signature).hex().upper().encode()
    return pdf[start:end] == b"<" + digits.ljust(end - start - 2, b"0") + b">"


def _container(signature: EmbeddedPdfSignature) -> bytes:
    """The CMS message (DER) that belongs to these signed attributes and this certificate."""
    certificate, given = signature.signer_cert, signature.signer_info
    sha256 = {"algorithm": "sha256"}
    signer = {
        "version": "v1",
        "sid": cms.IssuerAndSerialNumber(
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        ),
        "digest_algorithm": sha256,
        "signed_attrs": given["signed_attrs"],
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": given["signature"],
    }
    signed = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    message = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
    return bytes(message.dump())


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run pyHanko's coroutine to its end on a thread of its own: ours may have a loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
