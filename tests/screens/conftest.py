"""One display and one Kivy for all tests of screens; a stage for each orientation."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import heap
import release

LOCALES = Path(__file__).parents[2] / "config" / "locales"
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
DIAGONAL, LOWER_EDGE = 546, 790  # millimetres: the smallest panel that is common, 21.5 inches


def faults(app: Any) -> list[str]:
    """What is clipped, too small, outside its parent or outside the window."""
    from screens.fit import misfits

    top = app.frame.screens[app.frame.above] if app.frame.above else app.frame
    return misfits(top, app.look)


class Stage:
    """The real application in one window size, stepped frame by frame."""

    def __init__(self, size: tuple[int, int], fonts: Path) -> None:
        from kiosk.ports import FrameSlot
        from screens.app import KioskApp
        from screens.samples import SITE
        from screens.theme import Glass

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
            glass=Glass(*size, DIAGONAL, LOWER_EDGE),
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

        from screens.step import begin, frames, undrawn

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
        with undrawn():
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

        self.serial += 1
        view = sample(state, body, language, self.serial)
        self.app.show(view)
        self.settle()
        return view

    def settle(self) -> None:
        from screens.step import frames, undrawn

        with undrawn():
            frames(5)

    def let_go(self) -> None:
        """Pages that were built are some 300 MB; another test may have them built again."""
        from screens.step import frames

        if (frame := self.app.frame) is not None:
            for state in [one for one in frame.screens if one not in (frame.current, frame.above)]:
                del frame.screens[state]
            frames(1)

    def crowded(self) -> list[str]:
        from screens.fit import crowded

        return crowded(self.app.targets(), self.app.look)

    def draw(self) -> None:
        """Views are laid out, not drawn, until a test wants to see them."""
        from screens.step import frames

        frames(1)

    def faults(self) -> list[str]:
        return faults(self.app)

    def page(self) -> Any:
        """The screen that is shown."""
        return self.app.frame.screens[self.app.view.state]

    def said(self) -> list[str]:
        """Every text that can be seen, in no order."""
        from screens.widgets.text import Label

        labels = [w for w in self.page().walk(restrict=True) if isinstance(w, Label)]
        return [label.raw for label in labels if label.raw]

    def press(self, action: str) -> None:
        from screens.player import Finger, middle
        from screens.step import frames, undrawn

        while action not in (targets := self.app.targets()) and "page_down" in targets:
            self.press("page_down")  # as anybody does who does not see it yet
        self.app.gate.shown(new_page=False)
        finger = Finger(self.serial, *middle(targets[action]))
        with undrawn():
            finger.down()
            frames(1)
            finger.up()
            frames(2)

    def offered(self) -> set[str]:
        """What can be pressed on this page and on those below it; the last one is then shown."""
        found = set(self.app.targets())
        while "page_down" in self.app.targets():
            self.press("page_down")
            found |= set(self.app.targets())
        return found

    def type(self, keys: str) -> None:
        for key in keys:
            self.press(f"key:{key}")


_stages: dict[str, Stage] = {}


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Widgets that were set aside at the start of a file would never be collected."""
    if _stages and (nextitem is None or nextitem.path != item.path):
        gc.unfreeze()
    if _stages and release.leaves(item, nextitem):
        for stage in _stages.values():
            stage.let_go()
        release.trim()


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
        from kivy.core.text import LabelBase
        from kivy.uix.widget import Widget

        heap.watch(Widget, LabelBase)
        _stages.update({name: Stage(size, fonts) for name, size in SIZES.items()})
        yield _stages
        _stages.clear()
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
