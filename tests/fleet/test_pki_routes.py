"""Certificates over HTTPS: by an invitation, by the certificate before, and for nobody else."""

from __future__ import annotations

import stat
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import linkwork
from fleet.pki import certs, routes
from fleet.pki.authority import Authority
from kiosk import wire
from kiosk.agent.enrolment import Enrolment, Office
from kiosk.agent.identity import Identity
from linkwork import request

NAME = "KT-0001"


@pytest.fixture
def office(tmp_path: Path) -> Authority:
    return linkwork.authority(tmp_path / "pki")


@pytest.fixture
def http(office: Authority) -> TestClient:
    app = FastAPI()
    app.include_router(routes.router(office))
    return TestClient(app)


def told(answer: Any) -> str:
    return str(answer.json().get("fault", "given"))


def test_an_invitation_is_good_once_for_one_key(office: Authority, http: TestClient) -> None:
    code, key = office.invite(NAME, 1), certs.new_key()
    mine = {"terminal": NAME, "code": code, "request": request(key)}
    assert told(http.post(wire.ENROL, json=mine | {"terminal": "KT-0002"})) == "bad_request"
    other = {"terminal": "KT-0002", "request": request(key, "KT-0002")}
    assert told(http.post(wire.ENROL, json=mine | other)) == "bad_code"
    assert told(http.post(wire.ENROL, json=mine | {"code": "x"})) == "bad_code"
    given = http.post(wire.ENROL, json=mine)
    assert told(given) == "given"
    assert http.post(wire.ENROL, json=mine).json() == given.json(), "its answer was lost"
    thief = mine | {"request": request(certs.new_key())}
    assert told(http.post(wire.ENROL, json=thief)) == "bad_code"


def test_an_invitation_ends(office: Authority, http: TestClient) -> None:
    old, new = office.invite(NAME, 1), office.invite(NAME, 1)
    asked = {"terminal": NAME, "request": request(certs.new_key())}
    assert told(http.post(wire.ENROL, json=asked | {"code": old})) == "bad_code"
    office.clock = lambda: time.time() + 3601
    assert told(http.post(wire.ENROL, json=asked | {"code": new})) == "bad_code"
    office.clock = time.time
    code = office.invite(NAME, 1)
    office.issue_request(NAME, request(certs.new_key()))
    office.revoke(NAME)
    assert told(http.post(wire.ENROL, json=asked | {"code": code})) == "bad_code"


class Own:
    """A terminal's key and certificate."""

    def __init__(self, folder: Path, office: Authority) -> None:
        self.identity = Identity(folder / "link.pem", office.folder / "root/root.pem", NAME)
        chain = office.issue_request(NAME, self.identity.request())
        assert self.identity.adopt(chain.decode())

    def ask(self, http: TestClient, **changes: str) -> Any:
        renewal = self.identity.renewal()
        assert renewal is not None
        body = {"certificate": renewal.certificate, "request": renewal.request,
                "proof": renewal.proof}  # fmt: skip
        return http.post(wire.RENEW, json=body | changes)


def test_the_next_certificate_for_who_has_one(
    office: Authority, http: TestClient, tmp_path: Path
) -> None:
    own = Own(tmp_path / "own", office)
    before = own.identity.certificate
    given = own.ask(http)
    assert told(given) == "given"
    assert own.identity.adopt(given.json()["chain"])
    assert own.identity.certificate != before
    assert not (tmp_path / "own/link.next.key").exists()
    assert stat.S_IMODE((tmp_path / "own/link.pem").stat().st_mode) == 0o600


def test_and_for_nobody_else(office: Authority, http: TestClient, tmp_path: Path) -> None:
    own = Own(tmp_path / "own", office)
    foreign = linkwork.authority(tmp_path / "other")
    stranger = Own(tmp_path / "stranger", foreign)
    assert told(stranger.ask(http)) == "bad_proof"
    assert told(own.ask(http, request=request(certs.new_key()))) == "bad_proof"
    assert told(own.ask(http, proof="")) == "bad_proof"
    assert told(own.ask(http, proof="!")) == "bad_proof"
    seen = office.issue_request("KT-0002", request(certs.new_key(), "KT-0002")).decode()
    assert told(own.ask(http, certificate=seen)) == "bad_proof", "a certificate is no secret"
    fleet = (office.folder / "fleet.pem").read_text()
    assert told(own.ask(http, certificate=fleet[fleet.index("-----BEGIN CERT") :])) == "bad_proof"
    office.clock = lambda: time.time() + 91 * 86400
    assert told(own.ask(http)) == "expired"
    office.clock = time.time
    office.revoke(NAME)
    assert told(own.ask(http)) == "revoked"


def test_carried_by_hand(office: Authority, tmp_path: Path) -> None:
    """No code, no gateway: a request lies there, and what is laid beside it is taken."""
    identity = Identity(tmp_path / "link.pem", office.folder / "root/root.pem", NAME)
    nowhere = Office("https://127.0.0.1:1", office.folder / "root/root.pem", tmp_path / "none")
    changes: list[int] = []
    enrolment = Enrolment(identity, nowhere, NAME, changed=lambda: changes.append(1))
    enrolment.once()
    asked = (tmp_path / "link.request.pem").read_text()
    (tmp_path / "link.chain.pem").write_bytes(office.issue_request(NAME, asked))
    enrolment.once()
    assert changes == [1]
    assert identity.days_left(time.time()) == 89


def test_a_terminal_takes_only_what_is_its_own(office: Authority, tmp_path: Path) -> None:
    own = Own(tmp_path / "own", office)
    before = own.identity.file.read_bytes()
    asked = own.identity.request()
    foreign = linkwork.authority(tmp_path / "other")
    for chain in (
        "", "x", foreign.issue_request(NAME, asked).decode(),
        office.issue_request(NAME, request(certs.new_key())).decode(),
        office.root.decode(),
    ):  # fmt: skip
        assert not own.identity.adopt(chain)
    assert own.identity.file.read_bytes() == before
    brought = own.identity.file.with_suffix(".chain.pem")
    brought.write_bytes(office.issue_request(NAME, asked))
    assert own.identity.take_brought()
    assert not brought.exists()
    assert own.identity.file.read_bytes() != before
