"""`python -m fleet` as people start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = [sys.executable, "-m", "fleet", "--settings"]


@pytest.fixture
def http() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def start_fleet(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(path: Path, **environment: str) -> subprocess.Popen[str]:
        with (tmp_path / "log").open("a") as log:
            process = subprocess.Popen(
                [*COMMAND, str(path)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **environment},
            )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("fleet ready http://127.0.0.1:"), (
            tmp_path / "log"
        ).read_text()
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def fails(path: Path) -> str:
    """What a fleet manager that cannot start says."""
    command = [*COMMAND, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_stops_cleanly(
    start_fleet: Start, settings: Any, new_terminal: Any, port: int, http: int, number: int
) -> None:
    process = start_fleet(settings(port, http))
    assert httpx.get(f"http://127.0.0.1:{http}/healthz", trust_env=False).status_code == 200
    console = httpx.get(f"http://127.0.0.1:{http}/", trust_env=False)
    assert (console.status_code, console.headers["content-type"][:9]) == (200, "text/html")
    terminal = new_terminal(port)
    terminal.wait_for_fleet()
    process.send_signal(number)
    assert process.wait(30) == 0
    assert [state.online for state in terminal.hosts] == [True, False]
    assert terminal.hosts[0].session == terminal.hosts[1].session
    assert not listens(port)
    assert not listens(http)


def test_it_starts_again_after_a_kill(
    start_fleet: Start, settings: Any, port: int, http: int, until: Any
) -> None:
    path = settings(port, http)
    first = start_fleet(path)
    first.kill()
    first.wait(20)
    second = start_fleet(path)
    second.terminate()
    assert second.wait(30) == 0


def test_it_ends_with_its_parent(settings: Any, port: int, http: int, until: Any) -> None:
    """The parent is a shell that is killed; the fleet and its broker go too."""
    path = settings(port, http)
    shell = subprocess.Popen(
        ["/bin/sh", "-c", f"{sys.executable} -m fleet --settings {path}; true"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "KIOSK_DIE_WITH_PARENT": "1"},
    )
    assert shell.stdout is not None
    assert shell.stdout.readline().startswith("fleet ready")
    shell.kill()
    shell.wait(20)
    shell.stdout.close()
    until(lambda: not listens(port) and not listens(http))


def test_a_second_one_in_the_same_place_is_refused(
    start_fleet: Start, settings: Any, port: int, http: int, tmp_path: Path
) -> None:
    path = settings(port, http)
    start_fleet(path)
    assert f"http port {http}" in fails(path)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        free = sock.getsockname()[1]
    other = tmp_path / "other.toml"
    other.write_text(path.read_text().replace(f"port = {http}", f"port = {free}"))
    assert "another fleet manager is running" in fails(other)


def test_a_broker_port_in_use_is_named(settings: Any, http: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"port {port} on 127.0.0.1 is in use" in fails(settings(port, http))
    assert not listens(http)


def test_wrong_settings_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "fleet.toml"
    path.write_text("[broker]\nprot = 1\n")
    assert "did you mean 'port'?" in fails(path)
    assert "no such file" in fails(tmp_path / "none.toml")


def test_a_damaged_key_is_not_replaced(settings: Any, port: int, http: int, tmp_path: Path) -> None:
    key = tmp_path / "var" / "keys" / "case.key"
    key.parent.mkdir(parents=True)
    key.write_text("not a key")
    assert "case.key" in fails(settings(port, http))
    assert key.read_text() == "not a key"


def test_a_database_that_is_none_is_named(
    settings: Any, port: int, http: int, tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "fleet.db").write_bytes(b"not a database at all" * 100)
    assert "database" in fails(settings(port, http))


def test_the_settings_that_come_with_the_project_are_valid() -> None:
    from config import load

    root = Path(__file__).resolve().parents[2]
    found = load.fleet(root / "config" / "fleet.toml")
    assert found == type(found)()
