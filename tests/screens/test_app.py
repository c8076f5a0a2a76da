"""The window itself: newest view wins, no way out of it, a visit played by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.model import Language
from kiosk.view import State

ROOT = Path(__file__).parents[2]


def test_the_newest_view_wins_from_any_thread(portrait: Any) -> None:
    from screens.samples import bodies, sample
    from screens.step import frames

    first, second = bodies()["rating"], bodies()["check"]
    serial = portrait.serial
    portrait.serial += 2
    late = sample(*first, Language.ZH, serial + 1)
    newest = sample(*second, Language.ZH, serial + 2)

    def deliver() -> None:
        portrait.app.show(newest)
        portrait.app.show(late)

    thread = threading.Thread(target=deliver)
    thread.start()
    thread.join()
    frames(2)
    assert portrait.app.view is newest


def test_every_page_gets_a_frame_of_its_own(portrait: Any) -> None:
    """A page that lasts for a moment only is seen all the same; of one page only the newest is."""
    from screens.samples import bodies, sample

    serial = portrait.serial
    portrait.serial += 4
    for number, name in enumerate(("check", "submitting", "submitting", "rating")):
        portrait.app.show(sample(*bodies()[name], Language.ZH, serial + number))
    shown: list[int] = []
    portrait.app.on_shown = lambda view: shown.append(view.serial - serial)
    wait(lambda: bool(shown) and shown[-1] == 3)
    portrait.app.on_shown = None
    assert shown == [0, 2, 3]


def test_no_key_and_no_window_manager_closes_it(portrait: Any) -> None:
    from kivy.core.window import Window

    portrait.show("check", Language.ZH)
    assert Window.dispatch("on_request_close")
    for key in (27, 282, 292, 293, 285):  # Esc, F1, F11, F12, F4
        assert Window.dispatch("on_keyboard", key, 0, None, ["alt"])
    assert portrait.app.open_settings() is False


def test_a_visit_plays_by_itself(stage: Any, tmp_path: Path) -> None:
    """A small session of four pages answers the player's touches."""
    from screens.player import Player
    from screens.samples import bodies, sample

    order = ["attract", "services", "question-phone", "papers-ready", "thanks"]
    presses = {
        State.ATTRACT: ["start"],
        State.SERVICES: ["service:T6"],
        State.QUESTION: ["key:5", "continue"],
        State.PAPERS: ["papers_done"],
    }
    steps: list[str] = []
    serial = stage.serial + 10
    stage.serial += 100

    def view(number: int) -> Any:
        state, body = bodies()[order[number]]
        body = replace(body, value="139") if state is State.QUESTION else body
        return sample(state, body, Language.ZH, serial + number)

    stage.app.show(view(0))
    wait(lambda: stage.app.view is not None and stage.app.view.state is State.ATTRACT)
    player = Player(
        stage.app, lambda v: presses.get(v.state, []), tmp_path, lambda what, _s: steps.append(what)
    )
    try:
        run(stage, lambda done: stage.app.show(view(done)), len(order))
    finally:
        player.close()
    assert [type(e).__name__ for e in stage.posted] == [
        "Touched", "ServiceChosen", "Answered", "PapersCollected",
    ]  # fmt: skip
    assert stage.posted[2].value == "1395"
    pictures = sorted(path.name for path in tmp_path.iterdir())
    assert pictures == [
        "01-attract.png", "02-services.png", "03-question.png", "04-papers.png", "05-thanks.png",
    ]  # fmt: skip
    assert "services: service:T6" in steps


def wait(done: Callable[[], bool]) -> None:
    from screens.step import frames

    until = time.monotonic() + 30
    while time.monotonic() < until and not done():
        frames(1)


def run(stage: Any, advance: Any, pages: int) -> None:
    """Step until the last page has been shown; each event brings the next page."""
    from screens.step import frames

    done = 0
    until = time.monotonic() + 30
    while time.monotonic() < until:
        frames(1)
        if len(stage.posted) > done:
            done = len(stage.posted)
            advance(done)
        if done == pages - 1 and stage.app.view.state is State.THANKS:
            frames(4)
            return
    pytest.fail(f"stopped after {done} events: {stage.posted}")


def test_the_player_names_what_is_missing(portrait: Any) -> None:
    from screens.player import Player, TargetMissingError

    portrait.show("rating", Language.ZH)
    player = Player(portrait.app, lambda _v: ["no_such"], None, lambda *_: None)
    try:
        with pytest.raises(TargetMissingError, match=r"no_such.*rate:1"):
            wait(lambda: False)
    finally:
        player.close()


def test_settings_come_before_kivy_and_leave_the_home_folder_alone(tmp_path: Path) -> None:
    from screens.xvfb import display

    home = tmp_path / "home"
    home.mkdir()
    code = (
        "from pathlib import Path; from screens.settings import prepare;"
        "prepare(Path('kivy'), 540, 960); import kivy.core.window as w; print(w.Window.size);"
        "prepare(Path('kivy'), 540, 960)"
    )
    with display(540, 960) as number:
        environment = {**os.environ, "HOME": str(home), "DISPLAY": number, "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
    assert "(540, 960)" in result.stdout
    assert "must run before Kivy" in result.stderr
    assert list(home.iterdir()) == []


RUN = """
import os, signal, sys, threading, time
from pathlib import Path
from screens.settings import prepare
prepare(Path(sys.argv[1]), 540, 960)
from kiosk.model import Language
from kiosk.ports import FrameSlot
from screens.app import KioskApp
from screens.samples import SITE, bodies, sample
shown = []
app = KioskApp(print, FrameSlot(), Path("config/locales"), Path(sys.argv[2]), size=(540, 960),
               site=SITE, on_shown=lambda view: shown.append(view.state.value))
signal.signal(signal.SIGTERM, lambda *_: app.stop())
def later():
    while not shown: time.sleep(0.05)
    app.show(sample(*bodies()["check"], Language.EN, 1))
    while len(shown) < 2: time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=later, daemon=True).start()
app.run()
print(shown)
"""


def test_it_runs_until_it_is_told_to_stop(tmp_path: Path, fonts: Path) -> None:
    from screens.xvfb import display

    with display(540, 960) as number:
        result = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path / "kivy"), str(fonts)], cwd=ROOT,
            env={**os.environ, "DISPLAY": number}, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "['out_of_service', 'check']" in result.stdout
