"""Mosquitto as a child: started, restarted, never left behind, never killed by mistake."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fleet.broker import Broker
from fleet.errors import BrokerError
from fleet.link import Link
from kiosk.processes import free_port


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def accepts(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def test_it_accepts_when_started_and_is_gone_when_stopped(tmp_path: Path, port: int) -> None:
    broker = Broker(tmp_path / "broker", "127.0.0.1", port)
    broker.start()
    pid = broker.pid
    assert accepts(port)
    assert alive(pid)
    broker.stop()
    assert not accepts(port)
    assert not alive(pid)
    assert broker.pid == 0


def test_it_is_restarted_when_it_dies(tmp_path: Path, port: int, until: Callable[..., Any]) -> None:
    broker = Broker(tmp_path / "broker", "127.0.0.1", port)
    broker.start()
    first = broker.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: broker.pid not in (0, first) and accepts(port))
    broker.stop()
    assert not accepts(port)


ORPHAN = """
import sys, time
from pathlib import Path
from fleet.broker import Broker
broker = Broker(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2]))
broker.start()
print("pid", broker.pid, flush=True)
time.sleep(60)
"""


def test_it_ends_with_a_killed_parent(tmp_path: Path, port: int, until: Callable[..., Any]) -> None:
    command = [sys.executable, "-c", ORPHAN, str(tmp_path / "broker"), str(port)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = next(int(line.split()[1]) for line in parent.stdout if line.startswith("pid "))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not alive(pid))


def test_a_leftover_of_ours_is_replaced(
    tmp_path: Path, port: int, until: Callable[..., Any]
) -> None:
    """As if the kernel had not ended it with its parent."""
    folder = tmp_path / "broker"
    first = Broker(folder, "127.0.0.1", port)
    first.start()
    first.stop()
    config = folder / "mosquitto.conf"
    leftover = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(config)])
    (folder / "mosquitto.pid").write_text(f"{leftover.pid}\n")
    second = Broker(folder, "127.0.0.1", port)
    try:
        until(lambda: accepts(port))
        second.start()
        assert leftover.wait(10) is not None
        assert accepts(port)
        assert second.pid != leftover.pid
    finally:
        second.stop()
        leftover.kill()
        leftover.wait()


def test_a_foreign_program_on_the_port_is_left_alone(tmp_path: Path) -> None:
    """Its pid is in our file, as after a pid was given out again; it is not ours."""
    folder = tmp_path / "broker"
    folder.mkdir()
    other = subprocess.Popen(["/bin/sleep", "60"])
    (folder / "mosquitto.pid").write_text(f"{other.pid}\n")
    try:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(BrokerError, match=rf"port {port} .* in use"):
                Broker(folder, "127.0.0.1", port).start()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_without_passwords_it_stays_on_loopback(tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=r"broker\.start = false"):
        Broker(tmp_path, "0.0.0.0", 1883)


def test_a_broker_that_dies_is_found_again(fleet: Any, terminal: Any, rows_of: Any) -> None:
    before = terminal.hosts[-1].session
    terminal.send(*terminal.write_many(3))
    terminal.wait_ack(3)
    terminal.hosts.clear()
    fleet.restart_broker()
    assert terminal.wait_for_fleet().session > before
    terminal.send(*terminal.write_many(3))
    assert terminal.wait_ack(6).missing == []
    assert fleet.database.records() == rows_of(terminal.chain)


def test_a_link_that_was_stopped_leaves_nothing_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    links = [Link(("127.0.0.1", free_port()), "t", put=print, next_session=lambda: 1)
             for _ in range(5)]  # fmt: skip
    for link in links:
        assert not link.start(0.05)
        link.stop()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
