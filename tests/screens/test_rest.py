"""The sleeping loop, in a window of its own on a virtual display: it wakes for what comes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import json, sys, threading, time
from pathlib import Path
from screens.settings import prepare
prepare(Path(sys.argv[1]), 200, 100, left=0, cursor=False)
from kivy.base import EventLoop, runTouchApp
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget
from screens import rest

found = {"begun": rest.begin()}
rest._LONGEST = 50  # by itself the loop would sleep on

def another_thread():
    time.sleep(2)
    asked = time.monotonic()
    def came(_seconds):
        found["woken"] = time.monotonic() - asked
        Clock.schedule_once(rang, 1.5)
        found["set"] = time.monotonic()
    Clock.schedule_once(came, 0)

def rang(_seconds):
    found["timer"] = time.monotonic() - found.pop("set")
    EventLoop.close()

loops = []
tick = Clock.tick
Clock.tick = lambda: (loops.append(1), tick())
threading.Thread(target=another_thread, daemon=True).start()
runTouchApp(Widget())
print(json.dumps(found | {"loops": len(loops)}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    from screens.xvfb import display

    folder = tmp_path_factory.mktemp("kivy")
    with display(200, 100) as number:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(folder)], cwd=ROOT, check=True, timeout=60,
            capture_output=True, text=True,
            env={"DISPLAY": number, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin",
                 "LP_NUM_THREADS": "1"},
        )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_window_of_a_terminal_lets_the_loop_sleep(found: dict[str, float]) -> None:
    assert found["begun"]
    assert found["loops"] < 100, "it looks again and again"


def test_another_thread_wakes_it(found: dict[str, float]) -> None:
    assert found["woken"] < 20


def test_a_timer_fires_when_it_is_due(found: dict[str, float]) -> None:
    assert 1.4 < found["timer"] < 20
