"""Certificates and revocation lists, as bytes and objects: nothing here opens a file.

EC P-256 throughout. Times are epoch seconds; each certificate begins an hour before it was made,
for clocks that are a little slow.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fleet.pki.names import Role

DAY = 86400.0
EARLIER = 3600.0
SHA = hashes.SHA256()
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Signer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Wanted:
    """`names`: of a server, where it is reached (host names and addresses)."""

    common_name: str
    tenant: str
    role: Role
    not_before: float
    not_after: float
    names: Sequence[str] = ()


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> bytes:
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, lock)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(_PEM)


def authority(
    words: str, tenant: str, until: tuple[float, float], key: ec.EllipticCurvePrivateKey,
    signer: Signer | None,
) -> x509.Certificate:  # fmt: skip
    """A root (signed by itself), or an issuer that may sign no further issuer."""
    subject = _subject(f"{words} {tenant}", tenant)
    issuer = signer.certificate.subject if signer else subject
    by = signer.key if signer else key
    uses = _usage(signs=True)
    return (
        _builder(subject, issuer, key.public_key(), until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0 if signer else 1), True)
        .add_extension(uses, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(_issued_by(by), False)
        .sign(by, SHA)
    )


def leaf(wanted: Wanted, public: ec.EllipticCurvePublicKey, signer: Signer) -> x509.Certificate:
    """Of a client, or of a server where it is reached."""
    server = wanted.role is Role.SERVER
    use = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
    subject = _subject(wanted.common_name, wanted.tenant)
    until = (wanted.not_before, wanted.not_after)
    builder = (
        _builder(subject, signer.certificate.subject, public, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(_usage(signs=False), True)
        .add_extension(x509.ExtendedKeyUsage([use]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(_issued_by(signer.key), False)
    )
    if server:
        names = x509.SubjectAlternativeName([_reached(name) for name in wanted.names])
        builder = builder.add_extension(names, False)
    return builder.sign(signer.key, SHA)


def revocations(
    signer: Signer, revoked: Iterable[tuple[int, float]], at: tuple[float, float], number: int
) -> bytes:
    """`revoked`: serial and when; `at`: of this list, and when the next must be there. PEM."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(_moment(at[0]))
        .next_update(_moment(at[1]))
        .add_extension(x509.CRLNumber(number), False)
        .add_extension(_issued_by(signer.key), False)
    )
    for serial, when in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial)
        builder = builder.add_revoked_certificate(entry.revocation_date(_moment(when)).build())
    return builder.sign(signer.key, SHA).public_bytes(_PEM)


def read_request(text: str, common_name: str) -> ec.EllipticCurvePublicKey | None:
    """The P-256 key of a request (PKCS #10) that bears this name and its own signature."""
    try:
        request = x509.load_pem_x509_csr(text.encode())
        key = request.public_key()
        ours = request.is_signature_valid and name_of(request) == common_name
    except (ValueError, TypeError, InvalidSignature):
        return None
    good = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    return key if good and ours and isinstance(key, ec.EllipticCurvePublicKey) else None


def name_of(named: x509.Certificate | x509.CertificateSigningRequest) -> str:
    """The common name; '' when there is not exactly one."""
    found = named.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if len(found) == 1 else ""


def reached(server: x509.Certificate) -> set[str]:
    """Names and addresses of a server's certificate."""
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    return {*names.get_values_for_type(x509.DNSName), *map(str, addresses)}


def key_id(public: ec.EllipticCurvePublicKey) -> str:
    return x509.SubjectKeyIdentifier.from_public_key(public).digest.hex()


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    until: tuple[float, float],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(until[0]))
        .not_valid_after(_moment(until[1]))
    )


def _subject(common_name: str, tenant: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, tenant),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ])  # fmt: skip


def _issued_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs, crl_sign=signs,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _reached(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _moment(when: float) -> datetime:
    return datetime.fromtimestamp(int(when), UTC)
