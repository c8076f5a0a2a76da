"""Passive authentication (ICAO 9303-11, 5.1): were these data groups signed, and by whom?

Proven when `check` says None: the groups are as the issuer signed them, and one of `issuers` has
signed the signer's certificate. Not proven by it: that the chip is not a copy (active and chip
authentication are not done), and that no certificate was revoked since.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from drivers.chipcard import tlv

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_HASHES: Mapping[str, hashes.HashAlgorithm] = MappingProxyType(
    {
        "sha1": hashes.SHA1(),  # noqa: S303 (old passports; the choice is the issuer's)
        "sha224": hashes.SHA224(),
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }
)


# what the two libraries raise for bytes that are not what they should be
_NOT_READABLE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    x509.InvalidVersion,
)  # fmt: skip


class Doubt(StrEnum):
    """What speaks against a passport's data, the gravest first."""

    MALFORMED = "malformed"  # the security object cannot be read
    ALTERED = "altered"  # a data group is not the one that was signed
    BAD_SIGNATURE = "bad_signature"  # the signer did not sign this security object
    UNSUPPORTED = "unsupported"  # signed in a way that cannot be checked here
    UNKNOWN_ISSUER = "unknown_issuer"  # none of the issuers at hand vouches for the signer


class _GroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class SecurityObject(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("group_hashes", _GroupHashes),
        ("lds_version", core.Any, {"optional": True}),
    ]


def check(
    sod: bytes, groups: Mapping[int, bytes], issuers: Iterable[x509.Certificate]
) -> Doubt | None:
    """`groups`: number of a data group → its file, as read."""
    try:
        signed, signer, certificate = _open(sod)
        content = signed["encap_content_info"]["content"].native
        told = SecurityObject.load(content, strict=True)
        if _altered(told, groups):
            return Doubt.ALTERED
        return _verify(content, signer, certificate) or _vouched(certificate, issuers)
    except UnsupportedAlgorithm:
        return Doubt.UNSUPPORTED
    except _NOT_READABLE:
        return Doubt.MALFORMED


def _open(sod: bytes) -> tuple[Any, Any, x509.Certificate]:
    """Signed data, signer, and the signer's certificate, which the passport brings along."""
    message = tlv.find(sod, 0x77)
    info = cms.ContentInfo.load(message or b"", strict=False)
    signed = info["content"] if info["content_type"].dotted == _SIGNED_DATA else None
    if signed is None:
        raise ValueError("no signed data")
    if signed["encap_content_info"]["content_type"].dotted != _LDS_SECURITY_OBJECT:
        raise ValueError("signs something else")
    signer = signed["signer_infos"][0]
    for choice in signed["certificates"]:
        # the other kinds are of attributes, or long forgotten
        if choice.name == "certificate" and _is_signer(signer["sid"], choice.chosen):
            return signed, signer, x509.load_der_x509_certificate(choice.chosen.dump())
    raise ValueError("no certificate of the signer")


def _is_signer(sid: Any, certificate: Any) -> bool:
    if sid.name == "subject_key_identifier":
        return bool(certificate.key_identifier == sid.native)
    same_issuer = sid.chosen["issuer"] == certificate.issuer
    return bool(same_issuer and sid.chosen["serial_number"].native == certificate.serial_number)


def _altered(told: Any, groups: Mapping[int, bytes]) -> bool:
    name = told["hash_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise UnsupportedAlgorithm(name)
    signed = {one["number"].native: one["value"].native for one in told["group_hashes"]}
    return not all(
        hmac.compare_digest(hashlib.new(name, content).digest(), signed.get(number, b""))
        for number, content in groups.items()
    )


def _verify(content: bytes, signer: Any, certificate: x509.Certificate) -> Doubt | None:
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise UnsupportedAlgorithm(name)
    message = content
    if signer["signed_attrs"].native:
        digests = [
            attribute["values"][0].native
            for attribute in signer["signed_attrs"]
            if attribute["type"].native == "message_digest"
        ]
        if digests != [hashlib.new(name, content).digest()]:
            return Doubt.BAD_SIGNATURE
        message = signer["signed_attrs"].untag().dump(force=True)
    try:
        _verify_signature(signer, certificate, message, _HASHES[name])
    except InvalidSignature:
        return Doubt.BAD_SIGNATURE
    return None


def _verify_signature(
    signer: Any, certificate: x509.Certificate, message: bytes, digest: hashes.HashAlgorithm
) -> None:
    algorithm = signer["signature_algorithm"]
    signature, key = signer["signature"].native, certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pss":
        size = algorithm["parameters"]["salt_length"].native
        key.verify(signature, message, padding.PSS(padding.MGF1(digest), size), digest)
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), digest)
    else:
        raise UnsupportedAlgorithm("kind of key")


def _vouched(certificate: x509.Certificate, issuers: Iterable[x509.Certificate]) -> Doubt | None:
    for issuer in issuers:
        if issuer.subject != certificate.issuer:
            continue
        try:
            certificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        return None
    return Doubt.UNKNOWN_ISSUER
