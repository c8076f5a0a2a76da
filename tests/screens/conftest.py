"""One display and one Kivy for all tests of screens; a stage for each orientation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

LOCALES = Path(__file__).parents[2] / "config" / "locales"
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


@contextmanager
def undrawn() -> Iterator[None]:
    """Frames that lay out everything but do not draw: the last one of each view draws."""
    from kivy.core.window import Window

    Window.on_draw = Window.on_flip = lambda: None
    try:
        yield
    finally:
        del Window.on_draw, Window.on_flip
        Window.canvas.ask_update()


class Stage:
    """The real application in one window size, stepped frame by frame."""

    def __init__(self, size: tuple[int, int], fonts: Path) -> None:
        from kiosk.ports import FrameSlot
        from screens.app import KioskApp
        from screens.samples import SITE

        self.posted: list[Any] = []
        self.shown: list[Any] = []
        self.touches = 0
        self.slot = FrameSlot()
        self.serial = 0
        self.app = KioskApp(
            self.posted.append,
            self.slot,
            LOCALES,
            fonts,
            size=size,
            site=SITE,
            strict=True,
            on_touch=self._count,
            on_shown=self.shown.append,
        )

    def _count(self) -> None:
        self.touches += 1

    def use(self) -> Stage:
        """Put this orientation into the window, as after a start."""
        from kivy.base import EventLoop
        from kivy.core.window import Window

        from screens.step import begin, frames

        for child in [c for c in Window.children if c is not self.app.frame]:
            Window.remove_widget(child)
        if EventLoop.status == "idle":
            begin(self.app)
        elif self.app.frame is None:
            self.app._run_prepare()
        elif self.app.frame.parent is None:
            Window.size = (self.app.look.width, self.app.look.height)
            Window.add_widget(self.app.frame)
        self.posted.clear()
        self.shown.clear()
        frames(2)
        return self

    def show(self, name: str, language: Any, /, **changes: Any) -> Any:
        """A sample view by its name; `changes` replace fields of its body."""
        from dataclasses import replace

        from screens.samples import bodies

        state, body = bodies()[name]
        return self.show_body(state, replace(body, **changes), language)

    def show_body(self, state: Any, body: Any, language: Any) -> Any:
        from screens.samples import sample
        from screens.step import frames

        self.serial += 1
        view = sample(state, body, language, self.serial)
        self.app.show(view)
        with undrawn():
            frames(4)
        frames(1)
        return view

    def press(self, action: str) -> None:
        from screens.player import Finger, middle
        from screens.step import frames

        self.app.gate.shown(new_page=False)
        finger = Finger(self.serial, *middle(self.app.targets()[action]))
        with undrawn():
            finger.down()
            frames(1)
            finger.up()
            frames(2)

    def type(self, keys: str) -> None:
        for key in keys:
            self.press(f"key:{key}")


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, fonts: Path) -> Iterator[dict[str, Stage]]:
    from screens.xvfb import display

    with display(1920, 1920) as number:
        os.environ["DISPLAY"] = number
        os.environ["SDL_VIDEODRIVER"] = "x11"
        from screens.settings import prepare

        prepare(tmp_path_factory.mktemp("kivy"), *SIZES["portrait"], cursor=False)
        yield {name: Stage(size, fonts) for name, size in SIZES.items()}
        from kivy.base import EventLoop
        from kivy.core.window import Window

        Window.close()
        EventLoop.close()


@pytest.fixture(params=list(SIZES))
def stage(request: pytest.FixtureRequest, stages: dict[str, Stage]) -> Stage:
    return stages[request.param].use()


@pytest.fixture
def portrait(stages: dict[str, Stage]) -> Stage:
    return stages["portrait"].use()
