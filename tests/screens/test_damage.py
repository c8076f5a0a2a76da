"""A frame of which only what changed was drawn is the same, pixel by pixel, as a whole one."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.model import Language

LONG = bool(os.environ.get("KIOSK_LONG"))
SEED = int(os.environ.get("KIOSK_SEED", "1"))
PAGES = ("question-phone", "question-choice", "question-date", "services", "pin", "attract",
         "rating")  # fmt: skip
PRESSES = 3
SLOW = ("appear", "language", "leave")


class Counted:
    """How many frames were drawn in parts, and how many whole."""

    def __init__(self, swift: Any) -> None:
        self.parts = self.whole = 0
        self._drawn = swift._drawn
        swift._drawn = self

    def __call__(self, window: Any) -> bool:
        done = bool(self._drawn(window))
        self.parts, self.whole = self.parts + done, self.whole + (not done)
        return done


@pytest.fixture
def counted(portrait: Any) -> Iterator[Counted]:
    from screens.swift import Swift

    portrait.use().show("question-phone", Language.ZH)
    swift = Swift()
    count = Counted(swift)
    swift.begin()
    portrait.draw()
    yield count
    swift.end()


def same_when_drawn_whole(counted: Counted) -> bool:
    """Drawn again at the same moment: what moves by itself has not moved on."""
    from kivy.core.window import Window

    from tests.screens.test_swift import pixels

    parts, before = pixels(), counted.whole
    Window.dispatch("on_draw")
    assert counted.whole == before + 1
    return bool(parts.tobytes() == pixels().tobytes())


def names() -> list[str]:
    from screens.samples import bodies

    return sorted(bodies()) if LONG else [name for name in PAGES if name in bodies()]


@pytest.mark.timeout(3600 if LONG else 120)
def test_no_stale_pixel_after_any_press(portrait: Any, counted: Counted) -> None:
    dice = random.Random(SEED)
    for name in names():
        portrait.show(name, dice.choice(list(Language)))
        portrait.draw()
        for _ in range(PRESSES * (5 if LONG else 1)):
            targets = {a: t for a, t in portrait.app.targets().items() if a not in SLOW}
            if not targets:
                break
            action = dice.choice(sorted(targets))
            targets[action].act()
            portrait.draw()
            assert same_when_drawn_whole(counted), (name, action, SEED)


def test_what_is_typed_is_drawn_alone(portrait: Any, counted: Counted) -> None:
    for key in "1380":
        portrait.app.targets()[f"key:{key}"].act()
        portrait.draw()
    before = counted.parts
    for key in "0138":
        portrait.app.targets()[f"key:{key}"].act()
        portrait.draw()
    assert counted.parts == before + 4
    assert same_when_drawn_whole(counted)


def test_the_clock_is_drawn_alone(portrait: Any, counted: Counted) -> None:
    from screens.widgets.text import Label

    clock = next(one for one in portrait.app.frame.walk() if isinstance(one, Label)
                 and one.raw[2:3] == ":")  # fmt: skip
    before = counted.parts, counted.whole
    clock.say("08:88" if clock.raw != "08:88" else "18:88")
    portrait.draw()
    assert counted.parts > before[0]
    assert same_when_drawn_whole(counted)


def test_a_widget_that_moves_leaves_nothing_behind(portrait: Any, counted: Counted) -> None:
    from screens.widgets.text import Label

    label = next(one for one in portrait.page().walk(restrict=True)
                 if isinstance(one, Label) and one.raw)  # fmt: skip
    before = counted.parts
    label.y -= 150
    portrait.draw()
    assert counted.parts > before
    assert same_when_drawn_whole(counted)


def test_another_tree_is_drawn_whole(portrait: Any, counted: Counted) -> None:
    page = portrait.page()
    child = page.children[0]
    before = counted.whole
    page.remove_widget(child)
    portrait.draw()
    assert counted.whole > before
    assert same_when_drawn_whole(counted)
    page.add_widget(child)
    child.opacity = 0.5
    portrait.draw()
    assert same_when_drawn_whole(counted)
    child.opacity = 1
    portrait.draw()
    assert same_when_drawn_whole(counted)


def test_what_is_drawn_on_the_window_itself_is_drawn_whole(portrait: Any, counted: Counted) -> None:
    from kivy.core.window import Window
    from kivy.graphics import Color, Rectangle

    with Window.canvas.after:
        tint, spot = Color(1, 0, 0, 1), Rectangle(pos=(5, 5), size=(50, 50))
    portrait.draw()
    for change in (lambda: setattr(tint, "g", 1), lambda: setattr(spot, "pos", (500, 500)),
                   Window.canvas.after.clear):  # fmt: skip
        before = counted.whole
        change()
        portrait.draw()
        assert counted.whole == before + 1
        assert same_when_drawn_whole(counted)


def test_the_camera_s_picture_is_drawn_alone(portrait: Any, counted: Counted) -> None:
    portrait.show("face", Language.ZH)
    for number in range(3):
        before = counted.parts, counted.whole
        portrait.slot.put(320, 240, bytes([40 * number] * 320 * 240 * 3))
        mirror = next(one for one in portrait.page().walk() if type(one).__name__ == "Mirror")
        mirror._look(0)
        portrait.draw()
    assert (counted.parts, counted.whole) == (before[0] + 1, before[1])
    assert same_when_drawn_whole(counted)


def test_the_waiting_sign_is_drawn_alone(portrait: Any, counted: Counted) -> None:
    from screens.widgets.marks import Busy

    portrait.show("submitting", Language.ZH)
    sign = next(one for one in portrait.page().walk() if isinstance(one, Busy))
    for _ in range(3):
        before = counted.parts, counted.whole
        sign._turn(0.3)
        portrait.draw()
    assert (counted.parts, counted.whole) == (before[0] + 1, before[1])
    assert same_when_drawn_whole(counted)


def test_after_a_press_that_changes_nothing_else_no_whole_frame_follows(
    portrait: Any, counted: Counted
) -> None:
    from screens.swift import WHOLE_SECONDS
    from tests.screens.test_swift import later, press

    before = counted.whole
    finger = press(portrait, "key:5")
    portrait.draw()
    assert same_when_drawn_whole(counted)
    later(portrait, WHOLE_SECONDS)
    assert counted.whole == before + 1, "more than the one drawn to compare"
    finger.up()
    portrait.draw()
