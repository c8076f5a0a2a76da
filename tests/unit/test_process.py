from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from camerawork import dead
from drivers.process import Backoff, Process, Spare

BOUND = 10


@pytest.fixture
def started() -> Iterator[list[Process]]:
    processes: list[Process] = []
    yield processes
    for process in processes:
        assert process.end(0)


def start(started: list[Process], entry: str) -> Process:
    started.append(Process(f"processes:{entry}"))
    started[-1].channel.settimeout(BOUND)
    return started[-1]


def test_messages_go_down_and_up(started: list[Process]) -> None:
    process = start(started, "echo")
    process.channel.send(b"abc")
    process.channel.send(b"de")
    assert (process.channel.recv(99), process.channel.recv(99)) == (b"ABC", b"DE")
    assert process.alive


def test_it_ends_in_good_order_when_its_channel_does(started: list[Process]) -> None:
    process = start(started, "echo")
    process.channel.send(b"a")
    process.channel.recv(1)
    assert process.end(BOUND)
    assert process.exit_code == 0
    assert process.end(0)  # once more: nothing happens


def test_it_inherits_nothing_and_leaves_no_core_file(started: list[Process]) -> None:
    process = start(started, "tell")
    told = json.loads(process.channel.recv(1 << 20))
    kinds = sorted(link.partition(":")[0] for link in told["links"].values())
    assert kinds == ["/dev/null"] * 3 + ["pipe", "socket"]
    assert not {"kivy", "cv2", "asyncio", "structlog"} & set(told["modules"])
    assert told["session"] == told["pid"] == process.pid
    assert told["dumpable"] == 0


def test_one_that_hangs_is_killed(started: list[Process]) -> None:
    process = start(started, "deaf")
    assert process.channel.recv(1) == b"R"
    assert process.end(0.05)
    assert process.exit_code == -signal.SIGKILL
    assert not process.alive


def test_one_that_hangs_dies_when_its_lifeline_closes(started: list[Process]) -> None:
    process = start(started, "deaf")
    assert process.channel.recv(1) == b"R"
    os.close(process._lifeline)
    process._lifeline = -1
    assert dead(process.pid)


def test_a_crash_ends_the_channel(started: list[Process]) -> None:
    process = start(started, "abort")
    assert process.channel.recv(1) == b""
    assert process.gone(BOUND)
    assert process.exit_code == -signal.SIGABRT


def test_an_entry_that_is_not_there_ends_the_channel(started: list[Process]) -> None:
    process = start(started, "no_such_entry")
    assert process.channel.recv(1) == b""
    assert process.gone(BOUND)


def test_no_descriptor_is_left(started: list[Process]) -> None:
    process = start(started, "echo")
    process.end(0)
    assert process.channel.fileno() == -1
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        Process("processes:echo").end(0)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_spare_is_taken_once() -> None:
    spare = Spare("processes:echo")
    spare.prepare()
    spare.prepare()
    first, second = spare.take(), spare.take()
    assert first.pid != second.pid
    spare.prepare()
    spare.close()
    spare.prepare()  # closed: none is started
    for process in (first, second):
        process.channel.settimeout(BOUND)
        process.channel.send(b"a")
        assert process.channel.recv(1) == b"A"
        assert process.end(0)
    assert spare._ready is None


def test_a_spare_that_dies_at_once_is_not_started_again_and_again() -> None:
    spare = Spare("processes:abort")
    pids = set()
    for _ in range(20):
        spare.prepare()
        if spare._ready is not None:
            pids.add(spare._ready.pid)
            assert spare._ready.gone(BOUND)
    spare.close()
    assert len(pids) == 1


def test_backoff_doubles_to_its_limit_and_forgets() -> None:
    now = 0.0
    backoff = Backoff(1, 5, lambda: now)
    pauses = []
    assert backoff.wait == 0
    for _ in range(4):
        backoff.failed()
        pauses.append(backoff.wait)
    assert pauses == [1, 2, 4, 5]
    now += 3
    assert backoff.wait == 2
    now += 3
    assert backoff.wait == 0
    backoff.worked()
    backoff.failed()
    assert backoff.wait == 1


def test_a_socket_of_the_parent_does_not_go_along(started: list[Process]) -> None:
    with socket.create_server(("127.0.0.1", 0)):
        told = json.loads(start(started, "tell").channel.recv(1 << 20))
    assert sum(link.startswith("socket") for link in told["links"].values()) == 1
