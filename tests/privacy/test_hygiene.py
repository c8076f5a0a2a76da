"""`kiosk.hygiene`: what is freed is overwritten, and what goes wrong says nothing of anybody."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import canaries
import canarypictures
import canarysearch
from canaries import Needles, Person
from kiosk import hygiene
from kiosk.ports import FrameSlot
from realhousehold import ROOT

FREEING = Path(__file__).with_name("freeing.py")
PATH = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
PLAIN = {**os.environ, "PYTHONPATH": PATH}
HARDENED = {**PLAIN, **hygiene.ENVIRONMENT}


def needles() -> Needles:
    plain = canarypictures.marked(np.full((20, 120, 3), 9, np.uint8), 0)
    return canaries.texts() | canarypictures.needles(plain)


@contextmanager
def freeing(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(FREEING), "407"], env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def says(process: subprocess.Popen[str], line: str = "") -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    if line:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


def test_what_is_freed_is_overwritten(tmp_path: Path) -> None:
    with freeing(HARDENED) as process:
        assert [says(process), says(process)] == ["overwrites", "full"]
        before = canarysearch.memory(process.pid, tmp_path, needles())
        kinds = {"name", "number", "address", "unit", "phone", "PIN", "picture"}
        assert {found.kind for found in before} == kinds
        assert says(process, "free it") == "empty"
        assert canarysearch.memory(process.pid, tmp_path, needles()) == []


def test_without_the_environment_it_stays_and_is_noticed(tmp_path: Path) -> None:
    with freeing(PLAIN) as process:
        assert [says(process), says(process)] == ["keeps", "full"]
        assert says(process, "free it") == "empty"
        assert canarysearch.memory(process.pid, tmp_path, needles()) != []


@pytest.mark.parametrize("missing", hygiene.ENVIRONMENT)
def test_half_an_environment_is_noticed(missing: str) -> None:
    env = {name: value for name, value in HARDENED.items() if name != missing}
    assert told("from kiosk import hygiene; print(hygiene.overwrites())", env) == "False"


def test_a_sealed_process_leaves_no_image_of_itself() -> None:
    script = (
        "import ctypes, resource; from kiosk import hygiene; hygiene.seal(); "
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    assert told(script, PLAIN) == "(1, 1) 0"
    forbidden = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
    assert told(forbidden + script, PLAIN) == "(0, 0) 0"


def test_what_lives_at_first_is_not_looked_at_again() -> None:
    script = (
        "import gc; from kiosk import hygiene; hygiene.starting(); print(gc.isenabled()); "
        "hygiene.started(); first = gc.get_freeze_count(); more = [[] for _ in range(9)]; "
        "hygiene.forget(); print(gc.isenabled(), first > 1000, gc.get_freeze_count() == first)"
    )
    assert told(script, PLAIN).split() == ["False", "True", "True", "True"]


def test_rings_are_freed() -> None:
    class Ring:
        """Points at itself."""

        def __init__(self) -> None:
            self.ring = self

    Ring()
    assert any(isinstance(thing, Ring) for thing in gc.get_objects())
    hygiene.forget()
    assert not any(isinstance(thing, Ring) for thing in gc.get_objects())


# ---- What goes wrong -------------------------------------------------------------------------

RAISE = {
    "in the main thread": "raise ValueError(name)",
    "in a thread": "import threading; t = threading.Thread(target=int, args=(name,)); t.start(); "
    "t.join()",
    "in a task that nobody waits for": "import asyncio\nasync def fail(): raise ValueError(name)\n"
    "async def main():\n asyncio.create_task(fail())\n await asyncio.sleep(0)\n"
    " await asyncio.sleep(0)\nasyncio.run(main())",
    "where nothing can be raised": "class A:\n def __del__(self): raise ValueError(name)\nA()",
    "and a library logs it": "import logging\ntry:\n int(name)\nexcept ValueError:\n"
    " logging.getLogger('any').exception('failed')",
}


@pytest.mark.parametrize("where", RAISE)
def test_an_error_tells_its_place_and_not_its_value(where: str) -> None:
    prelude = (
        "import sys; from kiosk import hygiene; from canaries import Person; hygiene.hush(); "
        "name = Person(407).name"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{prelude}\n{RAISE[where]}"], env=PLAIN, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert Person(407).name not in done.stderr
    assert canaries.MARKS["name"].encode("unicode_escape").decode() not in done.stderr
    assert "ValueError" in done.stderr or "never retrieved" in done.stderr


def told(script: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, text=True, capture_output=True, timeout=60,
        check=True,
    )  # fmt: skip
    return done.stdout.strip()


# ---- The mirror's pictures -------------------------------------------------------------------


def test_each_picture_is_written_over_the_one_before() -> None:
    slot = FrameSlot()
    slot.put(2, 1, b"abcdef")
    _, first = slot.newest()
    assert first == (2, 1, bytearray(b"abcdef"))
    slot.put(1, 2, b"ghijkl")
    assert first[2] == b"ghijkl"


@pytest.mark.parametrize("act", ["wipe", "another size"])
def test_a_picture_that_is_let_go_is_overwritten(act: str) -> None:
    slot = FrameSlot()
    slot.put(2, 1, memoryview(b"abcdef"))
    _, frame = slot.newest()
    assert frame is not None
    if act == "wipe":
        slot.wipe()
        assert slot.newest()[1] is None
    else:
        slot.put(1, 1, b"xyz")
    assert frame[2] == bytes(6)
