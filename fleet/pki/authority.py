"""The authority's folder: its root, its issuer, what the broker reads, and who has what.

root/       root.key, root.pem: needed only to make the issuer; keep the key elsewhere
issuing.*   the key that signs day by day
broker/     all that a broker reads: ca.pem, server.pem (with its key), crl.pem, acl
fleet.pem   the fleet manager's own key and certificate; ingestN.pem: of its workers
book.db     what was issued
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fleet.certificates import files
from fleet.errors import PkiError
from fleet.pki import certs
from fleet.pki.access import acl
from fleet.pki.book import Book, Entry
from fleet.pki.certs import DAY, EARLIER, Signer, Wanted
from fleet.pki.names import Role, common_name

MOST = 8  # live certificates of one name: more is somebody's mistake, or worse


@dataclass(frozen=True, slots=True)
class Terms:
    """Days. `reached`: names and addresses of broker and gateway."""

    root: float = 7300
    issuing: float = 3650
    terminal: float = 90
    server: float = 90
    crl: float = 30
    reached: tuple[str, ...] = ("127.0.0.1", "localhost")


class Authority:
    """Raises `PkiError`, and `KeyFileError` for keys that others can read. `clock`: epoch s."""

    def __init__(
        self, folder: Path, tenant: str, terms: Terms, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder, self.tenant, self.terms, self.clock = folder, tenant, terms, clock
        self.broker = folder / "broker"
        self._signer = _signer(folder / "issuing.key", folder / "issuing.pem")
        self.root = (folder / "root" / "root.pem").read_bytes()
        self.book = Book(folder / "book.db")

    def chain(self, certificate: x509.Certificate) -> bytes:
        return certs.pem(certificate) + certs.pem(self._signer.certificate)

    @property
    def issuer(self) -> x509.Certificate:
        return self._signer.certificate

    # ---- Giving ------------------------------------------------------------------------------

    def issue(self, name: str, public: ec.EllipticCurvePublicKey, role: Role) -> bytes:
        """A chain (PEM) for a key. The same key again: the same certificate, while it is fresh."""
        now, days = self.clock(), self._days(role)
        key = certs.key_id(public)
        known = self.book.entries(name)
        mine = [one for one in known if one.live(now)]
        for one in mine:
            if one.key == key and one.role == role and one.not_after - now > days * DAY / 2:
                return one.pem.encode()
        if role is Role.TERMINAL and len(mine) >= MOST:
            raise PkiError(f"{name} has {len(mine)} certificates that are good: revoke them first")
        until = min(now + days * DAY, self.issuer.not_valid_after_utc.timestamp())
        if until - now < DAY and days >= 1:
            raise PkiError("the issuer itself is at its end: make another with `pki init`")
        wanted = Wanted(name, self.tenant, role, now - EARLIER, until, self.terms.reached)
        made = certs.leaf(wanted, public, self._signer)
        chain = self.chain(made)
        serial = f"{made.serial_number:040x}"
        entry = Entry(serial, name, role, key, now - EARLIER, until, None, chain.decode())
        self.book.add(entry)
        if known and not mine:
            self.write_access()  # a name that was revoked may speak again
        return chain

    def issue_request(self, terminal: str, request: str) -> bytes:
        """For a terminal's own request (PKCS #10, PEM)."""
        name = common_name(Role.TERMINAL, self.tenant, terminal)
        public = certs.read_request(request, name)
        if public is None:
            raise PkiError(f"not a request of a P-256 key whose common name is {name}")
        return self.issue(name, public, Role.TERMINAL)

    def issue_with_key(self, role: Role, terminal: str = "") -> bytes:
        """A key made here, and its chain, in one PEM: of the fleet's own, or a demonstration's."""
        key = certs.new_key()
        name = common_name(role, self.tenant, terminal)
        return certs.key_pem(key) + self.issue(name, key.public_key(), role)

    def invite(self, terminal: str, hours: float) -> str:
        """A code, good once, for the terminal's first certificate; an earlier one is void."""
        name = common_name(Role.TERMINAL, self.tenant, terminal)
        code = secrets.token_urlsafe(24)
        self.book.invite(_digest(code), name, self.clock() + hours * 3600)
        return code

    def accepts(self, terminal: str, code: str, key: str) -> bool:
        """Uses the code up."""
        return self.book.accept(_digest(code), terminal, key, self.clock())

    # ---- Taking back -------------------------------------------------------------------------

    def revoke(self, name: str) -> int:
        """How many certificates end. The list and the access list are written at once."""
        ended = self.book.revoke(name, self.clock())
        self.write_lists()
        return ended

    def write_lists(self) -> None:
        """Revocation list and access list, for the broker to read again."""
        number, at = self.book.next_list(self.clock() - EARLIER)
        revoked = [
            (int(one.serial, 16), one.revoked)
            for one in self.book.entries()
            if one.revoked is not None and one.not_after > at
        ]
        times = (at, self.clock() + self.terms.crl * DAY)
        listed = certs.revocations(self._signer, revoked, times, number)
        files.write(self.broker / "crl.pem", listed, files.PUBLIC)
        self.write_access()

    def write_access(self) -> None:
        """A name without any good certificate is told nothing and heard no more, even on a
        connection that it opened before."""
        now, good, named = self.clock(), set[str](), set[str]()
        for one in self.book.entries():
            if one.role == Role.TERMINAL:
                named.add(one.name)
                if one.live(now):
                    good.add(one.name)
        content, file = acl(self.tenant, sorted(named - good)).encode(), self.broker / "acl"
        if not file.exists() or file.read_bytes() != content:
            files.write(file, content)

    # ---- Files -------------------------------------------------------------------------------

    def write_server(self) -> None:
        """A new key and certificate for broker and gateway, in one file: they change together."""
        key = certs.new_key()
        chain = self.issue(common_name(Role.SERVER, self.tenant), key.public_key(), Role.SERVER)
        files.write(self.broker / "ca.pem", certs.pem(self.issuer) + self.root, files.PUBLIC)
        files.write(self.broker / "server.pem", certs.key_pem(key) + chain)

    def write_fleet(self) -> None:
        files.write(self.folder / "fleet.pem", self.issue_with_key(Role.FLEET))

    def write_worker(self, number: int) -> None:
        made = self.issue_with_key(Role.INGEST, str(number))
        files.write(self.folder / worker_file(number), made)

    def _days(self, role: Role) -> float:
        return self.terms.terminal if role is Role.TERMINAL else self.terms.server


def worker_file(number: int) -> str:
    """A worker's own key and certificate, in the authority's folder."""
    return f"{Role.INGEST}{number}.pem"


def found(folder: Path, tenant: str, terms: Terms, passphrase: bytes = b"") -> None:
    """Make root (unless there is one) and issuer. An issuer that is there stays."""
    now = time.time()
    (folder / "broker").mkdir(parents=True, exist_ok=True, mode=0o700)
    root = folder / "root"
    root.mkdir(exist_ok=True, mode=0o700)
    with files.locked(folder):
        if (folder / "issuing.pem").exists():
            return
        if not (root / "root.pem").exists():
            key = certs.new_key()
            until = (now - EARLIER, now + terms.root * DAY)
            made = certs.authority("Link root of", tenant, until, key, None)
            files.write(root / "root.key", certs.key_pem(key, passphrase))
            files.write(root / "root.pem", certs.pem(made), files.PUBLIC)
        signer = _signer(root / "root.key", root / "root.pem", passphrase)
        key = certs.new_key()
        until = (now - EARLIER, now + terms.issuing * DAY)
        made = certs.authority("Link issuer of", tenant, until, key, signer)
        files.write(folder / "issuing.key", certs.key_pem(key))
        files.write(folder / "issuing.pem", certs.pem(made), files.PUBLIC)


def _signer(key_file: Path, file: Path, passphrase: bytes = b"") -> Signer:
    try:
        secret = files.read_secret(key_file)
        key = serialization.load_pem_private_key(secret, passphrase or None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("not an EC key")
        if key.public_key() != certificate.public_key():
            raise InvalidSignature
    except FileNotFoundError as error:
        raise PkiError(f"{error.filename}: there is no such file; begin with `pki init`") from None
    except (ValueError, TypeError, InvalidSignature):
        raise PkiError(f"{key_file}: not the key of {file.name}, or another passphrase") from None
    return Signer(key, certificate)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
