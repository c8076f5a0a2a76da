"""kill -9 at any moment: nothing lost, nothing doubled, and a case is decided once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("stub_fleet.py")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_fleet(tmp_path: Path, port: int) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(end: str = "never") -> subprocess.Popen[str]:
        command = [sys.executable, str(SCRIPT), str(tmp_path), str(port), end]
        with (tmp_path / "log").open("a") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        running.append(process)
        assert process.stdout is not None
        assert any(line == "ready\n" for line in process.stdout), (tmp_path / "log").read_text()
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(20)


def test_records_survive_kills_between_batches(
    start_fleet: Start,
    new_terminal: Any,
    database: Any,
    rows_of: Any,
    tmp_path: Path,
    port: int,
    until: Any,
) -> None:
    """Three kills in the middle of a flood; the terminal only ever sends again from its ack."""
    process = start_fleet()
    terminal = new_terminal(port)
    terminal.write_many(3000)
    store = database(tmp_path / "var" / "fleet.db")
    held = 0
    for _ in range(3):
        terminal.wait_for_fleet()
        for at in range(held, 3000, 25):
            terminal.send(*terminal.chain[at : at + 25])
            if not terminal.acks.empty():
                break
            time.sleep(0.01)
        until(lambda: not terminal.acks.empty())
        kill(process)
        acked = max([held, *(ack.through for ack in drain(terminal))])
        on_disk = {row[0] for row in store.records()}
        assert on_disk >= set(range(1, acked + 1)), "acknowledged, yet not there"
        held = acked
        terminal.hosts.clear()
        process = start_fleet()
    terminal.wait_for_fleet()
    assert 0 < held < 3000
    for at in range(held, 3000, 25):
        terminal.send(*terminal.chain[at : at + 25])
    assert terminal.wait_ack(3000).missing == []
    assert store.records() == rows_of(terminal.chain)
    assert store.rows("SELECT * FROM alarms") == []
    sessions = store.rows("SELECT value FROM counters WHERE name = 'host.session'")
    assert sessions[0]["value"] >= 4


def drain(terminal: Any) -> list[Any]:
    found = []
    while (ack := terminal.next_ack(0.3)) is not None:
        found.append(ack)
    return found


def test_a_kill_between_platform_and_commit_gives_the_same_answer(
    start_fleet: Start, new_terminal: Any, database: Any, tmp_path: Path, port: int, until: Any
) -> None:
    process = start_fleet("platform")
    terminal = new_terminal(port)
    terminal.wait_for_fleet()
    key = bytes.fromhex((tmp_path / "trust" / "case.pub").read_text())
    terminal.send(terminal.write_case(key, "A-1"), terminal.write_case(key, "A-2"))
    assert process.wait(20) == -9
    store = database(tmp_path / "var" / "fleet.db")
    states = "SELECT case_no, state, certificate_no FROM cases ORDER BY case_no"
    received = {"state": "received", "certificate_no": ""}
    assert store.rows(states) == [{"case_no": "A-1", **received}, {"case_no": "A-2", **received}]
    terminal.hosts.clear()
    start_fleet()
    terminal.wait_for_fleet()
    terminal.send(*terminal.chain)
    terminal.wait_ack(2)
    until(lambda: all(row["state"] == "approved" for row in store.rows(states)))
    assert [row["certificate_no"] for row in store.rows(states)] == ["C-1", "C-2"]
    assert (tmp_path / "calls").read_text().split() == ["A-1", "A-1", "A-2"]
    papers = store.rows("SELECT case_no, number FROM certificates ORDER BY case_no")
    assert papers == [{"case_no": "A-1", "number": "C-1"}, {"case_no": "A-2", "number": "C-2"}]


def test_a_decided_case_is_not_handed_over_again(
    start_fleet: Start, new_terminal: Any, database: Any, tmp_path: Path, port: int, until: Any
) -> None:
    process = start_fleet()
    terminal = new_terminal(port)
    terminal.wait_for_fleet()
    key = bytes.fromhex((tmp_path / "trust" / "case.pub").read_text())
    terminal.send(terminal.write_case(key, "A-1"))
    terminal.wait_ack(1)
    store = database(tmp_path / "var" / "fleet.db")
    until(lambda: store.rows("SELECT 1 FROM cases WHERE state = 'approved'"))
    kill(process)
    terminal.hosts.clear()
    start_fleet()
    terminal.wait_for_fleet()
    terminal.send(*terminal.chain)
    terminal.send(terminal.write_case(key, "A-2"))
    terminal.wait_ack(2)
    until(lambda: len(store.rows("SELECT 1 FROM cases WHERE state = 'approved'")) == 2)
    assert (tmp_path / "calls").read_text().split() == ["A-1", "A-2"]
