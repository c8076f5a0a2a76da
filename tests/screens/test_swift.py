"""What is pressed is drawn first and alone; the whole page follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.model import Language


@pytest.fixture
def swift(portrait: Any) -> Iterator[Any]:
    """On the list of services, drawn."""
    from screens.swift import Swift

    portrait.use().show("services", Language.ZH)
    made = Swift()
    portrait.draw()
    made.begin()
    portrait.draw()
    yield made
    made.end()


def pixels() -> Any:
    """As the window is now: nothing is drawn for it."""
    from kivy.core.window import Window
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
    from PIL import Image

    width, height = Window.system_size
    raw = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    return Image.frombytes("RGB", (width, height), raw).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def press(stage: Any, action: str) -> Any:
    """Its finger, which is still down."""
    from screens.player import Finger, middle

    finger = Finger(1, *middle(stage.app.targets()[action]))
    finger.down()
    return finger


def test_the_display_keeps_what_was_drawn(swift: Any) -> None:
    assert swift.keeps is True


def test_only_the_pressed_target_is_drawn_and_then_the_whole(portrait: Any, swift: Any) -> None:
    from PIL import ImageChops

    from screens.swift import WHOLE_SECONDS
    from screens.widgets.text import Label

    before, tile = pixels(), portrait.app.targets()["service:T1"]
    elsewhere = next(
        one
        for one in portrait.page().walk(restrict=True)
        if isinstance(one, Label) and one.raw and not tile.collide_point(*one.center)
    )
    finger = press(portrait, "service:T1")
    elsewhere.color = (1, 0, 0, 1)
    portrait.draw()
    changed = ImageChops.difference(before, pixels()).getbbox()
    assert changed, "the press is not seen"
    left, top, right, bottom = changed
    assert left >= tile.x - 8
    assert right <= tile.right + 8
    assert bottom - top <= tile.height + 16
    later(portrait, WHOLE_SECONDS)
    whole = ImageChops.difference(before, pixels()).getbbox()
    assert whole != changed, "what else had changed is not drawn"
    finger.up()
    portrait.draw()


def test_on_a_display_that_keeps_nothing_the_whole_is_drawn(portrait: Any, swift: Any) -> None:
    from kivy.core.window import Window

    swift.keeps = False
    drawn: list[object] = []
    whole = Window.on_draw
    Window.on_draw = lambda: (drawn.append(1), whole())
    try:
        finger = press(portrait, "service:T1")
        portrait.draw()
        assert drawn == [1]
        finger.up()
        portrait.draw()
    finally:
        del Window.on_draw


def later(stage: Any, seconds: float) -> None:
    import time

    until = time.monotonic() + seconds + 0.1
    while time.monotonic() < until:
        stage.draw()
        time.sleep(0.01)
