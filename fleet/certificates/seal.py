"""The seal on a certificate: a PAdES baseline signature whose picture covers the issue date.

It is a certification signature that permits no later change (DocMDP 1).
"""

from __future__ import annotations

import io
import threading

from cryptography.hazmat.primitives import serialization
from PIL import Image
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, SimpleBoxLayoutRule
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from fleet.certificates.keys import Keys

FIELD = "Seal"
MM = 72 / 25.4  # points
SEAL_CENTRE = (144.0, 66.5)  # mm from the left and from the foot of the page
DIAMETER = 42.0  # mm; a county bureau's seal
LAST = -1  # page: the foot of the certificate is there
RESERVED = 8192  # hex digits for the signature's container
_FILLED = SimpleBoxLayoutRule(
    AxisAlignment.ALIGN_MID,
    AxisAlignment.ALIGN_MID,
    inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
)


class Sealer:
    """Signs with the fleet's seal. Thread-safe; about 40 ms a page."""

    def __init__(self, keys: Keys, picture: Image.Image, reason: str = "") -> None:
        self._lock = threading.Lock()
        self._picture = picture
        self._reason = reason
        self._signer = _signer(keys)

    def seal(self, pdf: bytes, reason: str = "") -> bytes:
        """`pdf` with the seal on its last page. `reason`: what is certified."""
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            reason=reason or self._reason,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        with self._lock:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            style = StaticStampStyle(
                background=PdfImage(self._picture),
                background_layout=_FILLED,
                background_opacity=1.0,
                border_width=0,
            )
            signer = signers.PdfSigner(
                meta,
                signer=self._signer,
                stamp_style=style,
                new_field_spec=fields.SigFieldSpec(FIELD, box=_box(), on_page=LAST),
            )
            out = io.BytesIO()
            signer.sign_pdf(writer, output=out, bytes_reserved=RESERVED)
            return out.getvalue()


def _signer(keys: Keys) -> signers.SimpleSigner:
    """Embeds the seal's own certificate alone: the root must come from the trust folder."""
    certificate = keys.seal_certificate.public_bytes(serialization.Encoding.DER)
    private = keys.seal.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=next(iter(load_certs_from_pemder_data(certificate))),
        signing_key=load_private_key_from_pemder_data(private, passphrase=None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        embed_roots=False,
    )


def _box() -> tuple[int, int, int, int]:
    x, y = SEAL_CENTRE
    half = DIAMETER / 2
    return (
        round((x - half) * MM),
        round((y - half) * MM),
        round((x + half) * MM),
        round((y + half) * MM),
    )
