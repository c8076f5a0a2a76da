"""The terminal's key and certificate. The key is made here and never leaves this folder.

link.pem           key and chain in use, in one file: they change together
link.next.key      the key of the certificate that is being asked for
link.request.pem   that request, for those who carry it by hand
link.chain.pem     the answer, carried back by hand: taken over and removed
"""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk import durable, wire

DAY = 86400.0
YOUNG = 1 / 3  # renewed when less of its life is left
_PEM = serialization.Encoding.PEM


class Identity:
    """`file`: `link.pem`; `ca`: the fleet's root."""

    def __init__(self, file: Path, ca: Path, terminal: str) -> None:
        self.file, self._ca, self._terminal = file, ca, terminal
        self._next = file.with_suffix(".next.key")
        self._brought = file.with_suffix(".chain.pem")

    @property
    def certificate(self) -> x509.Certificate | None:
        """None: there is none, or none that can be read."""
        try:
            return x509.load_pem_x509_certificate(self.file.read_bytes())
        except (OSError, ValueError):
            return None

    def days_left(self, now: float) -> int | None:
        """Negative when it is over."""
        found = self.certificate
        return None if found is None else int((found.not_valid_after_utc.timestamp() - now) // DAY)

    def due(self, now: float) -> bool:
        """Is it time to ask for the next? Not by a clock that is before its beginning."""
        found = self.certificate
        if found is None:
            return True
        begin, end = found.not_valid_before_utc.timestamp(), found.not_valid_after_utc.timestamp()
        return end - now < (end - begin) * YOUNG

    @property
    def since(self) -> float:
        """When the certificate in use was made: that time is past. 0: there is none."""
        found = self.certificate
        return 0.0 if found is None else found.not_valid_before_utc.timestamp()

    @property
    def asked(self) -> bool:
        """A request lies here for those who carry it by hand."""
        return self.file.with_suffix(".request.pem").exists()

    def request(self) -> str:
        """For the next certificate (PKCS #10, PEM); its key is kept until the answer is here."""
        key = _key(self._next)
        if key is None:
            key = ec.generate_private_key(ec.SECP256R1())
            _write(self._next, _key_pem(key))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self._terminal)])
        builder = x509.CertificateSigningRequestBuilder().subject_name(name)
        text = builder.sign(key, hashes.SHA256()).public_bytes(_PEM)
        _write(self.file.with_suffix(".request.pem"), text, 0o644)
        return text.decode()

    def renewal(self) -> wire.Renew | None:
        """With proof by the key in use; None: nothing is in use."""
        found, key = self.certificate, _key(self.file)
        if found is None or key is None:
            return None
        request = self.request()
        proof = key.sign(wire.renewal_bytes(request), ec.ECDSA(hashes.SHA256()))
        text = found.public_bytes(_PEM).decode()
        return wire.Renew(text, request, base64.b64encode(proof).decode())

    def adopt(self, chain: str) -> bool:
        """Use what was answered; False: it is not ours, and nothing has changed."""
        key = _key(self._next)
        if key is None or not self._good(chain, key):
            return False
        _write(self.file, _key_pem(key) + chain.encode())
        for file in (self._next, self.file.with_suffix(".request.pem")):
            file.unlink(missing_ok=True)
        return True

    def take_brought(self) -> bool:
        """A certificate that somebody has carried here."""
        try:
            chain = self._brought.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return False
        taken = self.adopt(chain)
        with contextlib.suppress(OSError):
            self._brought.rename(self._brought.with_suffix(".taken" if taken else ".refused"))
        return taken

    def _good(self, chain: str, key: ec.EllipticCurvePrivateKey) -> bool:
        """Ours, of our key, of an issuer that our fleet's root has signed."""
        try:
            own, issuer, *_ = x509.load_pem_x509_certificates(chain.encode())
            root = x509.load_pem_x509_certificate(self._ca.read_bytes())
            own.verify_directly_issued_by(issuer)
            issuer.verify_directly_issued_by(root)
        except (OSError, ValueError, TypeError, InvalidSignature):
            return False
        names = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        named = [name.value for name in names] == [self._terminal]
        return named and own.public_key() == key.public_key()


def _key(file: Path) -> ec.EllipticCurvePrivateKey | None:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form, lock = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(_PEM, form, lock)


def _write(file: Path, content: bytes, mode: int = 0o600) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(file, content, mode)
