"""Codes and PINs in a whole fleet: nothing tells who asked, and a kill forgives nobody."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from identitywork import LI, PATIENT, PIN, ZHANG, Window, other, post, request, sealed
from kiosk import wire
from kiosk.gateway import HttpCredentials
from kiosk.gateway.proven import ProvenLine
from kiosk.model import CodeSent, SecretAnswer, SecretFault
from kiosk.processes import free_port

DIGEST = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def window(tmp_path: Path) -> Window:
    return Window(tmp_path)


async def test_nothing_tells_who_asked_or_what_the_code_was(
    window: Window, capfd: pytest.CaptureFixture[str]
) -> None:
    people, secret = [ZHANG, LI, "13800138000", "13800138001"], [PIN, "918273"]
    shown: list[str] = []
    with window.open() as url, capture_logs() as logs:
        terminal = window.terminal(url)
        for number in (ZHANG, LI):
            sent = await terminal.send_code(number, PATIENT)
            assert isinstance(sent, CodeSent)
            secret.append(window.code)
            shown.append(repr(sent))
            await terminal.check_code(sent.challenge, other(window.code), PATIENT)
        await terminal.check_code(sent.challenge, window.code, PATIENT)
        for tried in ("918273", "918273", PIN):
            await terminal.check_pin(ZHANG, tried, PATIENT)
        with httpx.Client(base_url=url, trust_env=False) as http:
            http.headers["Authorization"] = f"Bearer {window.token.read_text()}"
            told = post(http, "codes", sealed(window, request(window, ZHANG), wire.SEND_CODE))
            shown += [told.text, str(told.headers), http.get("/openapi.json").text]
        await terminal.close()
        file = b"".join(path.read_bytes() for path in window.folder.glob("fleet.db*"))
        values = values_of(window.database)
    shown += [*capfd.readouterr(), *map(str, logs), window.metrics.text().decode()]
    assert [entry["outcome"] for entry in logs if entry["event"] == "identity"][-1] == "too_soon"
    for one in people:
        assert one not in "".join(shown)
        assert one.encode() not in file
    # Six digits may stand by chance within a digest, or in the seconds of a clock.
    assert len(values) > 20
    for code in secret:
        assert not [v for v in values if code in v and not DIGEST.fullmatch(v)]
        assert not re.search(rf"(?<![0-9a-f.]){code}(?![0-9a-f.])", "".join(shown))


def values_of(database: Path) -> list[str]:
    """Every value of every table."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = [row for (name,) in tables.fetchall() for row in connection.execute(
            f'SELECT * FROM "{name}"')]  # fmt: skip
    return [str(value) for row in rows for value in row]


def test_a_request_shows_nothing_of_the_person(window: Window) -> None:
    said = request(window)
    assert ZHANG not in repr(said) + str(said)
    assert said.nonce not in repr(said)


def test_the_api_describes_itself(fleet: Any) -> None:
    found = fleet.api.get("/api/v1/openapi.json").json()["paths"]
    for path in ("codes", "codes/{challenge}", "pins"):
        asked = found[f"{wire.IDENTITY}/{path}"]["post"]
        assert asked["security"] == [{"HTTPBearer": []}]
        assert set(asked["responses"]) >= {"200", "400", "401", "403", "404", "409", "429"}


async def test_a_whole_fleet_sends_and_checks_a_code(fleet: Any) -> None:
    url, token = str(fleet.api.base_url), fleet.place.trust / "terminal.token"
    terminal = HttpCredentials(ProvenLine(url, token, lambda: fleet.case_key))
    sent = await terminal.send_code(ZHANG, PATIENT)
    assert isinstance(sent, CodeSent)
    code = fleet.phone.read_text("utf-8").partition('"code": "')[2][:6]
    assert await terminal.check_code(sent.challenge, code, PATIENT) == SecretAnswer()
    assert await terminal.check_pin(ZHANG, PIN, PATIENT) == SecretAnswer()
    await terminal.close()
    assert 'fleet_identity_requests_total{outcome="ok",what="pin"} 1.0' in (
        fleet.api.get("/metrics").text
    )


async def test_a_kill_keeps_a_lock(settings: Any, port: int, tmp_path: Path) -> None:
    """`python -m fleet` as people start it, killed and started again."""
    free = free_port()
    path = settings(port, free)
    path.write_text(f'{path.read_text()}[identity]\nphone_file = "{tmp_path}/phone.json"\n')
    trust = tmp_path / "trust"
    terminal = HttpCredentials(
        ProvenLine(
            f"http://127.0.0.1:{free}",
            trust / "terminal.token",
            lambda: bytes.fromhex((trust / "case.pub").read_text()),
        )
    )
    with running(path, signal.SIGKILL):
        told = [await terminal.check_pin(LI, "000000", PATIENT) for _ in range(3)]
        assert [one.fault for one in told] == ["wrong", "wrong", "locked"]
        assert isinstance(await terminal.send_code(LI, PATIENT), CodeSent)
    with running(path, signal.SIGTERM):
        last = await terminal.check_pin(LI, "000000", PATIENT)
        while last.fault is SecretFault.WRONG:  # a slow start has outlasted the first lock
            last = await terminal.check_pin(LI, "000000", PATIENT)
    assert last.fault is SecretFault.LOCKED
    assert last.wait in range(1, 30) or last.wait == 60
    await terminal.close()


@contextmanager
def running(settings: Path, end: signal.Signals) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "fleet", "--settings", str(settings)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("fleet ready")
        yield
    finally:
        process.send_signal(end)
        process.wait(30)
        process.stdout.close()
