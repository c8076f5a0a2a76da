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

from kiosk.processes import free_port

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = [sys.executable, "-m", "fleet", "--settings"]


@pytest.fixture
def http() -> int:
    return free_port()


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
    assert (console.status_code, console.headers["location"]) == (303, "/sign-in")
    sign_in = httpx.get(f"http://127.0.0.1:{http}/sign-in", trust_env=False)
    assert (sign_in.status_code, sign_in.headers["content-type"][:9]) == (200, "text/html")
    terminal = new_terminal(port)
    terminal.wait_for_fleet()
    process.send_signal(number)
    assert process.wait(30) == 0
    # A Mosquitto that is stopped before it has read the goodbye says the will as well.
    assert [state.online for state in terminal.hosts[:2]] == [True, False]
    assert not any(state.online for state in terminal.hosts[2:])
    assert len({state.session for state in terminal.hosts}) == 1
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
    other = tmp_path / "other.toml"
    other.write_text(path.read_text().replace(f"port = {http}", f"port = {free_port()}"))
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
    key.touch(0o600)
    key.write_text("not a key")
    assert "case.key: not an X25519 key" in fails(settings(port, http))
    assert key.read_text() == "not a key"


@pytest.mark.parametrize("name", ["case.key", "identity.key", "seal.key"])
def test_a_key_that_others_can_read_stops_the_start(
    start_fleet: Start, settings: Any, port: int, http: int, tmp_path: Path, name: str
) -> None:
    path = settings(port, http)
    first = start_fleet(path)
    first.terminate()
    assert first.wait(30) == 0
    (tmp_path / "var" / "keys" / name).chmod(0o644)
    said = fails(path)
    assert f"{name}: others may read or change it (mode 644)" in said
    assert "chmod 600" in said


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
    assert found.platform.day_seconds == 20, "short days, for the demonstration"
    platform = found.platform.model_copy(update={"day_seconds": 0})
    assert found.model_copy(update={"platform": platform}) == type(found)()
