"""The roster among processes: none gets a free try by dying, and none loses what another wrote."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.identity.lockout import Instant
from kiosk.identity.numbers import resident_check
from kiosk.identity.roster import Roster
from kiosk.identity.rosterfile import RosterFile
from kiosk.model import Level, SecretFault, StaffRole

LI, PIN, WRONG = "445299195410121019", "830471", "830472"
PATIENCE = 60

START = """
import sys
from pathlib import Path
from kiosk.identity.lockout import Instant
from kiosk.identity.roster import Roster
from kiosk.errors import RosterError
from kiosk.model import Level, StaffRole
path, *words = sys.argv[1:]
path = Path(path)
"""
# Answers a line for each PIN that it reads.
CHECK = """
roster = Roster.load(path)
for pin in sys.stdin:
    answer = roster.check(roster.members()[0], pin.strip())
    print(answer.fault or "accepted", answer.tries_left, answer.wait, flush=True)
"""
# Dies at the given call of a function of the system, just before or just after it.
DIE = """
import hashlib, os, signal
module, name = words[0].split(".")
count, when, pin = int(words[1]), words[2], words[3]
whole = getattr(sys.modules[module], name)
def deadly(*given, **named):
    global count
    count -= 1
    if count == 0 and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = whole(*given, **named)
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
roster = Roster.load(path)
setattr(sys.modules[module], name, deadly)
print(roster.check(roster.members()[0], pin), flush=True)
"""
# No disk space: nothing can be written, and so nothing is compared.
FULL = """
import hashlib, resource
def looked(*given, **named):
    print("the PIN was looked at", flush=True)
hashlib.scrypt = looked
roster = Roster.load(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    print(roster.check(roster.members()[0], words[0]))
except RosterError as error:
    print("RosterError")
"""
# Wrong PINs at a clock for which every lock is long over.
MANY = """
import itertools, os
starts = itertools.count()
roster = Roster.load(path, lambda: Instant(f"{os.getpid()} {next(starts)}", 1e9))
member = roster.members()[0]
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(words[0])):
    roster.check(member, "830472")
"""
ADD = """
print("ready", flush=True)
sys.stdin.readline()
for number in words:
    print(Roster.load(path).add("某", number, StaffRole.HELPER, Level.TOWN, "830471").id)
"""


@contextmanager
def child(program: str, path: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-c", START + program, str(path), *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def said(program: str, path: Path, *words: str) -> tuple[int, str]:
    with child(program, path, *words) as process:
        told, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, told.strip()


def ask(process: subprocess.Popen[str], pin: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{pin}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def at_once(program: str, path: Path, *each: tuple[str, ...]) -> list[str]:
    """What processes say that begin together."""
    with child(program, path, *each[0]) as one, child(program, path, *each[1]) as other:
        both = (one, other)
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in both:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=PATIENCE)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0]
    return said


def failures(path: Path) -> int:
    return RosterFile(path).read().content.entries[0].lockout.failures


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "terminal" / "staff.json"
    Roster.load(path).add("李小田", LI, StaffRole.HELPER, Level.VILLAGE, PIN)
    return path


def test_kill_between_tries_gives_no_free_one(path: Path) -> None:
    answers = []
    for _ in range(3):
        with child(CHECK, path) as process:
            answers.append(ask(process, WRONG))
            process.kill()
            assert process.wait(PATIENCE) == -9
    assert answers[:2] == ["wrong 2 0", "wrong 1 0"]
    assert answers[2] == "locked 0 30"
    with child(CHECK, path) as process:
        fault, left, wait = ask(process, PIN).split()
    assert (fault, left) == ("locked", "0")
    assert 0 < int(wait) <= 30


WRITES = [("os.fsync", 1), ("os.replace", 1), ("os.fsync", 2)]
COUNTED = [("os.replace", 1, "after"), ("os.fsync", 2, "before"), ("os.fsync", 2, "after")]
RESET = [("os.fsync", 3), ("os.replace", 2), ("os.fsync", 4)]


@pytest.mark.parametrize("pin", [PIN, WRONG])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "count"), [*WRITES, ("hashlib.scrypt", 1)])
def test_killed_amid_a_try(path: Path, call: str, count: int, when: str, pin: str) -> None:
    """Whatever was compared was counted before, and nothing was answered."""
    assert said(DIE, path, call, str(count), when, pin) == (-9, "")
    counted = call == "hashlib.scrypt" or (call, count, when) in COUNTED
    assert failures(path) == int(counted)
    roster = Roster.load(path)
    assert roster.check(roster.members()[0], PIN).fault is None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("call", "count"), RESET)
def test_killed_while_a_right_pin_resets_the_count(
    path: Path, call: str, count: int, when: str
) -> None:
    assert said(DIE, path, call, str(count), when, PIN) == (-9, "")
    reset = (call, when) == ("os.replace", "after") or count == 4
    assert failures(path) == (0 if reset else 1)


@pytest.mark.parametrize("pin", [PIN, WRONG])
def test_a_full_disk_gives_no_free_try(path: Path, pin: str) -> None:
    before = path.read_bytes()
    assert said(FULL, path, pin) == (0, "RosterError")
    assert path.read_bytes() == before


def test_two_processes_lose_no_count(path: Path) -> None:
    at_once(MANY, path, ("8",), ("8",))
    assert failures(path) == 16


def test_threads_lose_no_count(path: Path) -> None:
    starts = iter(range(100))
    roster = Roster.load(path, lambda: Instant(str(next(starts)), 1e9))
    member = roster.members()[0]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: roster.check(member, WRONG), range(12)))
    assert failures(path) == 12
    assert [one.fault for one in answers].count(SecretFault.WRONG) == 2


def test_two_processes_begin_the_same_roster(tmp_path: Path) -> None:
    """They make its key at the same moment, and neither loses what the other added."""
    first = [f"44529919900307{place:03d}" for place in range(6)]
    numbers = [one + resident_check(one) for one in first]
    path = tmp_path / "terminal" / "staff.json"
    ids = "".join(at_once(ADD, path, tuple(numbers[:3]), tuple(numbers[3:]))).split()
    assert sorted(ids) == [f"H-{number:02d}" for number in range(1, 7)]
    roster = Roster.load(path)
    found = [roster.find(number) for number in numbers]
    assert [one.id for one in found if one] == ids
    assert len(list(path.parent.iterdir())) == 2
