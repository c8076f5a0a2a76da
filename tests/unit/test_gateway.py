"""The gateway's client against a real server on loopback, and against everything that can break."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from structlog.testing import capture_logs

from kiosk.gateway import MAX_BODY, HttpGateway
from kiosk.ports import CaseProgress, CaseState

CASE = "KT0001-20261121-00042-7"
PDF = b"%PDF-1.7 sealed"
PATIENT, HASTY = 5.0, 0.3


class Stub:
    """A fleet that answers what the test says. `seen`: authorization header of each request."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.status, self.body, self.delay = 200, b"{}", 0.0
        self.headers: dict[str, str] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.app.get("/{path:path}")(self._answer)

    async def _answer(self, request: Request) -> Response:
        self.seen.append((request.url.path, request.headers.get("authorization")))
        await asyncio.sleep(self.delay)
        return Response(self.body, self.status, headers=self.headers)


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
async def gateway(url: str, tmp_path: Path) -> AsyncIterator[HttpGateway]:
    client = HttpGateway(url, tmp_path / "token")
    yield client
    await client.close()


def save(token_file: Path, token: str, mode: int = 0o600) -> None:
    token_file.write_text(f"{token}\n")
    token_file.chmod(mode)


@asynccontextmanager
async def nobody_there(tmp_path: Path) -> AsyncIterator[HttpGateway]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = HttpGateway(f"http://127.0.0.1:{port}", tmp_path / "token")
    yield client
    await client.close()


async def test_progress_comes_with_everything_that_the_fleet_tells(
    stub: Stub, gateway: HttpGateway
) -> None:
    stub.body = (
        f'{{"case_no":"{CASE}","state":"approved","due_date":"2026-11-23","certificate_no":"C1",'
        '"reason":"","result":[["余额","Balance","12.00"]],"newer":true}'
    ).encode()

    assert await gateway.progress(CASE, PATIENT) == CaseProgress(
        CASE, CaseState.APPROVED, "2026-11-23", "C1", "", (("余额", "Balance", "12.00"),)
    )
    assert stub.seen == [(f"/api/v1/gateway/cases/{CASE}", None)]


async def test_nulls_and_absent_keys_are_empty(stub: Stub, gateway: HttpGateway) -> None:
    stub.body = f'{{"case_no":"{CASE}","state":"received","due_date":null}}'.encode()

    assert await gateway.progress(CASE, PATIENT) == CaseProgress(CASE, CaseState.RECEIVED)


async def test_a_case_that_the_fleet_does_not_know_is_unknown(
    stub: Stub, gateway: HttpGateway
) -> None:
    stub.status = 404

    assert await gateway.progress(CASE, PATIENT) == CaseProgress(CASE, CaseState.UNKNOWN)
    assert await gateway.certificate(CASE, PATIENT) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"case_no":"KT0001-20261121-00042-7"}',
        b'{"case_no":"KT0001-20261121-00042-7","state":"finished"}',
        b'{"case_no":"KT0001-20261121-00042-7","state":"unknown"}',
        b'{"case_no":"KT0001-20261121-00099-1","state":"approved"}',
        b'{"case_no":"KT0001-20261121-00042-7","state":"approved","result":[["a","b"]]}',
        b'{"case_no":"KT0001-20261121-00042-7","state":"appro\xff"}',
        b'{"later":' + b"[" * 100_000,
    ],
)
async def test_a_malformed_answer_is_no_answer(
    stub: Stub, gateway: HttpGateway, body: bytes
) -> None:
    stub.body = body

    assert await gateway.progress(CASE, PATIENT) is None


@pytest.mark.parametrize("status", [302, 401, 403, 500, 503])
async def test_a_refusal_or_a_broken_fleet_is_no_answer(
    stub: Stub, gateway: HttpGateway, status: int
) -> None:
    stub.status, stub.headers = status, {"location": "/elsewhere"}

    assert await gateway.progress(CASE, PATIENT) is None
    assert await gateway.certificate(CASE, PATIENT) is None
    assert not await gateway.reachable(PATIENT)
    assert "/elsewhere" not in [path for path, _ in stub.seen]


async def test_the_certificate_arrives_byte_for_byte(stub: Stub, gateway: HttpGateway) -> None:
    stub.body = PDF + bytes(range(256)) * 4000

    assert await gateway.certificate(CASE, PATIENT) == stub.body


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b"%PDF-" + bytes(MAX_BODY)])
async def test_what_is_no_certificate_is_not_printed(
    stub: Stub, gateway: HttpGateway, body: bytes
) -> None:
    stub.body = body

    assert await gateway.certificate(CASE, PATIENT) is None


async def test_the_token_may_appear_and_change_while_the_terminal_runs(
    stub: Stub, gateway: HttpGateway, tmp_path: Path
) -> None:
    stub.status = 404
    for token in (None, "first", "second"):
        if token:
            save(tmp_path / "token", token)
        await gateway.progress(CASE, PATIENT)

    assert [sent for _, sent in stub.seen] == [None, "Bearer first", "Bearer second"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
async def test_a_token_that_others_can_get_at_is_not_used(
    stub: Stub, gateway: HttpGateway, tmp_path: Path, mode: int
) -> None:
    token = tmp_path / "token"
    save(token, "secret", mode)
    with capture_logs() as logs:
        for _ in range(3):
            assert await gateway.progress(CASE, PATIENT) is None
            assert await gateway.certificate(CASE, PATIENT) is None
            assert not await gateway.reachable(PATIENT)
    assert stub.seen == []
    assert [(one["event"], one["log_level"]) for one in logs] == [
        ("gateway.token_exposed", "error")
    ]
    assert "secret" not in str(logs)

    token.chmod(0o400)
    assert await gateway.reachable(PATIENT)
    token.chmod(mode)
    with capture_logs() as logs:
        assert not await gateway.reachable(PATIENT)
    assert [one["event"] for one in logs] == ["gateway.token_exposed"]


async def test_an_answer_that_comes_too_late_is_no_answer(stub: Stub, gateway: HttpGateway) -> None:
    stub.delay = 2 * HASTY

    assert await gateway.progress(CASE, HASTY) is None
    assert not await gateway.reachable(HASTY)

    stub.delay = 0
    assert await gateway.reachable(PATIENT)


async def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    async with nobody_there(tmp_path) as gateway:
        assert await gateway.progress(CASE, PATIENT) is None
        assert await gateway.certificate(CASE, PATIENT) is None
        assert not await gateway.reachable(PATIENT)


async def test_a_case_number_cannot_leave_its_place_in_the_address(
    stub: Stub, gateway: HttpGateway
) -> None:
    stub.status = 404
    await gateway.progress("../../terminals?x=1", PATIENT)

    assert stub.seen[0][0].startswith("/api/v1/gateway/cases/")


async def test_the_log_names_neither_case_nor_body(stub: Stub, gateway: HttpGateway) -> None:
    stub.body = b'{"name":"\xe5\xbc\xa0\xe4\xb8\x89"}'
    with capture_logs() as logs:
        await gateway.progress(CASE, PATIENT)

    assert [entry["event"] for entry in logs] == ["gateway.malformed"]
    assert CASE not in str(logs)
    assert "张三" not in str(logs)
