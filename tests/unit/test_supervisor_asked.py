"""The agent may ask for a fresh start, or for another version, by the code that it ends with."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from kiosk.supervisor import RESTART, SWITCH, Child, Supervisor

STAYS = "import time; time.sleep(1000)"


def ends_once(mark: Path, code: int) -> str:
    """Ends with `code` at its first start, and stays at the next."""
    return (
        f"import pathlib, sys, time\nmark = pathlib.Path({str(mark)!r})\n"
        f"if mark.exists(): time.sleep(1000)\nmark.touch()\nsys.exit({code})"
    )


def family(mark: Path, code: int) -> list[Child]:
    scripts = {"agent": ends_once(mark, code), "screen": STAYS, "fleet": STAYS}
    return [Child(name, [sys.executable, "-c", text]) for name, text in scripts.items()]


def pid(supervisor: Supervisor, name: str) -> int:
    process = supervisor.child(name).process
    assert process is not None
    return process.pid


def test_screen_and_agent_are_started_anew_and_nobody_else(tmp_path: Path) -> None:
    with Supervisor(family(tmp_path / "mark", RESTART)) as supervisor:
        before = {name: pid(supervisor, name) for name in ("agent", "screen", "fleet")}
        assert supervisor.run(
            lambda: (
                pid(supervisor, "screen") != before["screen"]
                and supervisor.child("agent").alive
                and pid(supervisor, "agent") != before["agent"]
            ),
            seconds=60,
        )
        assert pid(supervisor, "fleet") == before["fleet"]
        assert supervisor.code == 0


@pytest.mark.parametrize(("code", "ends"), [(SWITCH, True), (1, False)])
def test_another_version_means_that_everything_ends(tmp_path: Path, code: int, ends: bool) -> None:
    with Supervisor(family(tmp_path / "mark", code)) as supervisor:
        began = time.monotonic()
        supervisor.run(seconds=60 if ends else 3)
        assert supervisor.stopping is ends
        assert supervisor.code == (SWITCH if ends else 0)
        assert time.monotonic() - began < 59
