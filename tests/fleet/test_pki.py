"""The authority by itself: what it gives, to whom, and what it takes back. No broker here."""

from __future__ import annotations

import base64
import stat
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

import linkwork
from fleet.errors import KeyFileError, PkiError
from fleet.pki import authority as pki
from fleet.pki import certs, command
from fleet.pki.authority import Authority, Terms
from fleet.pki.names import Role, common_name
from linkwork import TENANT, request

NAME = "KT-0001"


@pytest.fixture
def office(tmp_path: Path) -> Authority:
    return linkwork.authority(tmp_path / "pki")


def first(chain: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificates(chain)[0]


def listed(office: Authority) -> x509.CertificateRevocationList:
    return x509.load_pem_x509_crl((office.broker / "crl.pem").read_bytes())


def test_a_chain_leads_to_the_root(office: Authority) -> None:
    key = certs.new_key()
    own, issuer = x509.load_pem_x509_certificates(office.issue_request(NAME, request(key)))
    root = x509.load_pem_x509_certificate(office.root)
    own.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(root)
    assert own.public_key() == key.public_key()
    assert certs.name_of(own) == NAME
    days = (own.not_valid_after_utc.timestamp() - time.time()) / 86400
    assert 89.9 < days <= 90
    assert own.not_valid_before_utc.timestamp() < time.time() - 3500, "for slow clocks"


def test_what_only_its_owner_may_read(office: Authority, tmp_path: Path) -> None:
    secret = [office.folder / name for name in (
        "root/root.key", "issuing.key", "fleet.pem", "book.db", "broker/server.pem")]  # fmt: skip
    assert {stat.S_IMODE(file.stat().st_mode) for file in secret} == {0o600}
    (office.folder / "issuing.key").chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        Authority(office.folder, TENANT, Terms())


def test_the_roots_key_may_be_locked_and_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "pki"
    pki.found(folder, TENANT, Terms(), b"long words")
    key = folder / "root" / "root.key"
    assert b"ENCRYPTED" in key.read_bytes()
    (folder / "issuing.pem").unlink()
    with pytest.raises(PkiError, match="another passphrase"):
        pki.found(folder, TENANT, Terms(), b"other words")
    pki.found(folder, TENANT, Terms(), b"long words")
    key.unlink()
    pki.found(folder, TENANT, Terms())
    Authority(folder, TENANT, Terms()).issue_with_key(Role.TERMINAL, NAME)


@pytest.mark.parametrize(
    "name", ["fleet", "Fleet", "a.b", "a/b", "+", "#", "", "x" * 33, "a b", "县"]
)
def test_no_terminal_has_such_an_id(office: Authority, name: str) -> None:
    with pytest.raises(PkiError):
        office.issue_with_key(Role.TERMINAL, name)
    with pytest.raises(PkiError):
        office.invite(name, 1)


def test_requests_that_are_none(office: Authority) -> None:
    good = request(certs.new_key())
    broken = base64.b64encode(b"x" * 200).decode()
    for text in (
        "", "x", good[:-40], request(certs.new_key(), "KT-0002"),
        request(rsa.generate_private_key(65537, 2048)),
        request(ec.generate_private_key(ec.SECP384R1())),
        f"-----BEGIN CERTIFICATE REQUEST-----\n{broken}\n-----END CERTIFICATE REQUEST-----\n",
    ):  # fmt: skip
        with pytest.raises(PkiError):
            office.issue_request(NAME, text)


def test_the_same_key_gets_the_same_certificate(office: Authority) -> None:
    """An answer may be lost on its way: who asks again is not somebody new."""
    asked = request(certs.new_key())
    assert office.issue_request(NAME, asked) == office.issue_request(NAME, asked)
    for _ in range(pki.MOST - 1):
        office.issue_request(NAME, request(certs.new_key()))
    with pytest.raises(PkiError, match="revoke them first"):
        office.issue_request(NAME, request(certs.new_key()))
    office.revoke(NAME)
    office.issue_request(NAME, request(certs.new_key()))


def test_the_revoked_are_listed_and_shut_out(office: Authority) -> None:
    before = listed(office)
    gone = first(office.issue_request(NAME, request(certs.new_key())))
    kept = first(office.issue_request("KT-0002", request(certs.new_key(), "KT-0002")))
    office.revoke(NAME)
    after = listed(office)
    assert after.get_revoked_certificate_by_serial_number(gone.serial_number) is not None
    assert after.get_revoked_certificate_by_serial_number(kept.serial_number) is None
    assert after.last_update_utc > before.last_update_utc, "a broker takes the newer one"
    assert after.is_signature_valid(office.issuer.public_key())  # type: ignore[arg-type]
    text = (office.broker / "acl").read_text()
    assert "user KT-0001\ntopic deny #" in text
    assert "user KT-0002" not in text
    office.issue_request(NAME, request(certs.new_key()))
    assert "user KT-0001" not in (office.broker / "acl").read_text()
    assert listed(office).get_revoked_certificate_by_serial_number(gone.serial_number) is not None


def test_the_command_line(
    office: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str]:
        code = command.run(command.parse(list(words)), office.folder, TENANT, office.terms)
        said = capsys.readouterr()
        return code, said.out + said.err

    (tmp_path / "request.pem").write_text(request(certs.new_key()))
    out = tmp_path / "out.pem"
    assert run("issue", NAME, "--request", str(tmp_path / "request.pem"), "--out", str(out))[0] == 0
    assert certs.name_of(first(out.read_bytes())) == NAME
    assert run("issue", "observer", "--with-key", "--out", str(out))[0] == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert certs.name_of(first(out.read_bytes())) == common_name(Role.OBSERVER, TENANT)
    assert len(run("invite", NAME)[1]) > 30
    assert run("rotate")[0] == 0
    assert "(89 days)" in run("list")[1]
    assert "1 ended" in run("revoke", NAME)[1]
    assert "revoked 20" in run("list")[1]
    assert run("revoke", NAME) == (2, f"fleet pki: {NAME} has no certificate that is good\n")
    assert run("issue", NAME, "--request", str(tmp_path / "no.pem"), "--out", str(out))[0] == 2
