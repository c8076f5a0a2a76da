"""The simulators' process: ready when it says so, gone when it should be."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.options import Site
from drivers.receipt.network import EscposNetworkPrinter
from kiosk.model import Receipt, TextLine

ROOT = Path(__file__).parents[2]
# A parent that starts the simulators, says their pid, and dies without stopping them.
CARELESS = (
    "import subprocess, sys, os, time;"
    "child = subprocess.Popen(sys.argv[1:]);"
    "print(child.pid, flush=True);"
    "time.sleep(60)"
)


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "drivers.simulators", "--folder", str(folder)]


def until(happens: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Runs, and is not a zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def simulators(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command(tmp_path), cwd=ROOT)
    assert until((tmp_path / "ready.json").exists)
    yield process
    process.kill()
    process.wait(10)


async def test_all_devices_listen_where_ready_says(
    simulators: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    ready = json.loads((tmp_path / "ready.json").read_text())
    assert ready["pid"] == simulators.pid
    for device in ("camera", "document", "doccam"):
        socket.create_connection(("127.0.0.1", ready[f"{device}_port"]), timeout=5).close()
    for line in ("idcard.tty", "scanner.tty", "sensors.tty", "ups.tty", "keypad.events"):
        assert (tmp_path / line).exists(), line
    options = EscposNetworkPrinter.Options(host="127.0.0.1", port=ready["receipt_port"])
    printer = EscposNetworkPrinter.build(options, Site())
    assert (await printer.print("job-1", Receipt((TextLine("示例"),)), lambda _: None)).done
    await printer.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly_when_asked(
    simulators: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals
) -> None:
    simulators.send_signal(number)
    assert simulators.wait(20) == 0
    assert not (tmp_path / "ready.json").exists()


def test_ends_by_itself_when_its_parent_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", CARELESS, *command(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    try:
        assert until((tmp_path / "ready.json").exists)
        parent.kill()
        parent.wait(10)
        assert until(lambda: not alive(child)), "still running"
    finally:
        parent.kill()
        parent.stdout.close()
        if alive(child):
            os.kill(child, signal.SIGKILL)


def test_a_port_that_is_taken_stops_everything_with_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*command(tmp_path), "--receipt-port", port],
            cwd=ROOT,
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert done.returncode != 0
    assert b"Address already in use" in done.stderr
    assert not (tmp_path / "ready.json").exists()
