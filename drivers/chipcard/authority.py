"""The sample issuing state: a country's certificate, a signer, and its signed EF.SOD."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drivers.chipcard import tlv
from drivers.chipcard.trust import SecurityObject

_YEARS = timedelta(days=365 * 12)


class Authority:
    """`country`: two letters. Keys are made anew for each."""

    def __init__(self, country: str) -> None:
        root_key, self._key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = _name(country, f"Sample CSCA {country}")
        self.certificate = _certificate(root, root, root_key.public_key(), root_key)
        signer = _name(country, f"Sample Document Signer {country}")
        self._signer = _certificate(signer, root, self._key.public_key(), root_key)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, groups: Mapping[int, bytes]) -> bytes:
        """EF.SOD over the data groups."""
        content = SecurityObject(
            {
                "version": 0,
                "hash_algorithm": {"algorithm": "sha256"},
                "group_hashes": [
                    {"number": number, "value": hashlib.sha256(file).digest()}
                    for number, file in groups.items()
                ],
            }
        ).dump()
        info = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(content)})
        return tlv.build(0x77, info.dump())

    def _signed(self, content: bytes) -> dict[str, Any]:
        certificate = asn1_x509.Certificate.load(
            self._signer.public_bytes(serialization.Encoding.DER)
        )
        kind = "2.23.136.1.1.1"
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": [kind]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
            ]
        )
        signer = {
            "version": "v1",
            "sid": cms.IssuerAndSerialNumber(
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        return {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": kind, "content": content},
            "certificates": [certificate],
            "signer_infos": [signer],
        }


def _name(country: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signs: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
        .sign(signs, hashes.SHA256())
    )
