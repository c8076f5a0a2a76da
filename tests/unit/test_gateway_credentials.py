"""The client for codes and PINs: what it sends, and what it never takes for an answer."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi import FastAPI, Request, Response
from structlog.testing import capture_logs

from kiosk import wire
from kiosk.gateway import MAX_BODY, HttpCredentials
from kiosk.gateway.proven import ProvenLine
from kiosk.model import CodeSent, SecretAnswer, SecretFault
from kiosk.ports import Credentials

NUMBER, CODE, PIN = "445299199003072043", "246813", "135790"
PATIENT, HASTY = 10.0, 0.3
NOW = 1_800_000_000.0
UNREACHABLE = SecretAnswer(SecretFault.UNREACHABLE)


class Stub:
    """A fleet with a real key that answers what the test says. `opened`: path and request."""

    def __init__(self) -> None:
        self.key = X25519PrivateKey.generate()
        self.app = FastAPI()
        self.status, self.delay = 200, 0.0
        self.body = b'{"fault":null,"tries_left":null,"wait":0}'
        self.mac: str | None = None  # None: the right one
        self.bodies: list[bytes] = []
        self.opened: list[tuple[str, wire.IdentityRequest]] = []
        self.app.post("/{path:path}")(self._answer)

    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    async def _answer(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        path = request.url.path.removeprefix(wire.IDENTITY)
        purposes = {"/codes": wire.SEND_CODE, "/pins": wire.CHECK_PIN}
        purpose = purposes.get(path) or wire.check_code(path.removeprefix("/codes/"))
        said = wire.unseal_identity(self.key, purpose, json.loads(self.bodies[-1])["sealed"])
        self.opened.append((path, said))
        await asyncio.sleep(self.delay)
        mac = wire.mac(said.nonce, self.body) if self.mac is None else self.mac
        return Response(self.body, self.status, headers={wire.ANSWER_MAC: mac})


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def url(stub: Stub) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(stub.app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()
    assert not thread.is_alive()


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text("token")
    return path


@pytest.fixture
async def credentials(stub: Stub, url: str, token: Path) -> AsyncIterator[HttpCredentials]:
    client = HttpCredentials(ProvenLine(url, token, stub.public, lambda: NOW))
    yield client
    await client.close()


async def everything(credentials: Credentials, seconds: float = PATIENT) -> list[Any]:
    return [
        await credentials.send_code(NUMBER, seconds),
        await credentials.check_code("c1", CODE, seconds),
        await credentials.check_pin(NUMBER, PIN, seconds),
    ]


NOTHING = [UNREACHABLE] * 3


async def test_what_is_sent_can_be_opened_by_the_fleet_alone(
    stub: Stub, credentials: HttpCredentials
) -> None:
    await everything(credentials)
    await everything(credentials)
    asked = [(path, said.number, said.secret, said.time) for path, said in stub.opened]
    assert asked == 2 * [
        ("/codes", NUMBER, "", NOW),
        ("/codes/c1", "", CODE, NOW),
        ("/pins", NUMBER, PIN, NOW),
    ]
    assert len({said.nonce for _, said in stub.opened}) == 6
    assert len(set(stub.bodies)) == 6
    for body in stub.bodies:
        assert list(json.loads(body)) == ["sealed"]
        for secret in (NUMBER, CODE, PIN):
            assert secret.encode() not in body


async def test_a_code_on_its_way(stub: Stub, credentials: HttpCredentials) -> None:
    stub.body = b'{"challenge":"c1","phone":"138****8000","seconds":300,"again":60,"newer":1}'
    found = await credentials.send_code(NUMBER, PATIENT)
    assert found == CodeSent("c1", "138****8000", 300, 60)
    assert "c1" not in repr(found)
    assert "8000" not in repr(found)


@pytest.mark.parametrize("fault", list(SecretFault))
async def test_every_fault_arrives_whatever_its_status(
    stub: Stub, credentials: HttpCredentials, fault: SecretFault
) -> None:
    stub.status = 418
    stub.body = json.dumps({"fault": fault, "tries_left": 2, "wait": 7}).encode()
    told = SecretAnswer(fault, 2, 7)
    assert await everything(credentials) == [told] * 3


async def test_accepted_is_accepted(credentials: HttpCredentials) -> None:
    assert await everything(credentials) == [
        UNREACHABLE,  # no code was promised
        SecretAnswer(),
        SecretAnswer(),
    ]


@pytest.mark.parametrize("mac", ["", "00" * 32, "\u00e9" * 8])
async def test_an_answer_of_somebody_else_counts_for_nothing(
    stub: Stub, credentials: HttpCredentials, mac: str
) -> None:
    stub.mac = mac
    assert await everything(credentials) == NOTHING


async def test_a_recorded_answer_counts_for_nothing(
    stub: Stub, credentials: HttpCredentials
) -> None:
    assert await credentials.check_pin(NUMBER, PIN, PATIENT) == SecretAnswer()
    stub.mac = wire.mac(stub.opened[-1][1].nonce, stub.body)
    assert await credentials.check_pin(NUMBER, PIN, PATIENT) == UNREACHABLE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"<html>",
        b'{"fault":"newer"}',
        b'{"tries_left":2,"wait":0}',
        b'{"challenge":"c1"}',
        b'{"fault":"\xff"}',
        b'{"later":' + b"[" * 100_000,
        b" " * (MAX_BODY + 1),
    ],
)
async def test_a_malformed_answer_is_no_answer(
    stub: Stub, credentials: HttpCredentials, body: bytes
) -> None:
    stub.body = body
    assert await everything(credentials) == NOTHING


async def test_an_answer_that_comes_too_late_is_no_answer(
    stub: Stub, credentials: HttpCredentials
) -> None:
    stub.delay = 5.0
    begun = time.monotonic()
    assert await everything(credentials, HASTY) == NOTHING
    assert time.monotonic() - begun < stub.delay


async def test_nobody_there_is_no_answer(stub: Stub, token: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    credentials = HttpCredentials(ProvenLine(f"http://127.0.0.1:{port}", token, stub.public))
    assert await everything(credentials) == NOTHING
    await credentials.close()


@pytest.mark.parametrize("key", [None, b"", b"short", bytes(33), bytes(32)])
async def test_without_the_fleets_key_nothing_is_sent(
    stub: Stub, url: str, token: Path, key: bytes | None
) -> None:
    credentials = HttpCredentials(ProvenLine(url, token, lambda: key))
    with capture_logs() as logs:
        assert await everything(credentials) == NOTHING
    assert [one["event"] for one in logs] == ["gateway.no_case_key"] * 3
    assert stub.bodies == []
    await credentials.close()


async def test_a_token_that_others_can_get_at_sends_nothing(
    stub: Stub, credentials: HttpCredentials, token: Path
) -> None:
    token.chmod(0o644)
    with capture_logs() as logs:
        assert await everything(credentials) == NOTHING
    assert [one["event"] for one in logs] == ["gateway.token_exposed"]
    assert stub.bodies == []


async def test_a_challenge_cannot_leave_its_place_in_the_address(
    stub: Stub, credentials: HttpCredentials
) -> None:
    stub.app.router.routes.clear()
    seen: list[str] = []

    @stub.app.post("/{path:path}")
    async def note(request: Request) -> Response:
        seen.append(request.scope["raw_path"].decode())
        return Response(status_code=404)

    assert await credentials.check_code("../pins?x=1", CODE, PATIENT) == UNREACHABLE
    assert seen == [f"{wire.IDENTITY}/codes/..%2Fpins%3Fx%3D1"]


async def test_the_log_names_nobody(stub: Stub, credentials: HttpCredentials) -> None:
    challenge = secrets.token_urlsafe(18)
    with capture_logs() as logs:
        for stub.mac, stub.status in ((None, 200), ("00", 500)):
            await credentials.send_code(NUMBER, PATIENT)
            await credentials.check_code(challenge, CODE, PATIENT)
            await credentials.check_pin(NUMBER, PIN, PATIENT)
    assert [one["event"] for one in logs] == ["gateway.refused"] * 3
    for secret in (NUMBER, CODE, PIN, challenge):
        assert secret not in str(logs)
