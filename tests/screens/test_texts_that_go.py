"""A text that is wiped leaves no lines, no drawing and no picture in Kivy."""

from __future__ import annotations

from typing import Any

import pytest

CANARY = "7391846205"


@pytest.fixture
def label(portrait: Any) -> Any:
    """In the window and drawn."""
    from screens.step import frames
    from screens.widgets.text import Label

    made = Label(portrait.app.look, "head", box=True)
    made.size_hint, made.size, made.pos = (None, None), (600, 120), (40, 40)
    portrait.app.frame.add_widget(made)
    made.say(CANARY)
    frames(3)
    yield made
    portrait.app.frame.remove_widget(made)


def words(label: Any) -> str:
    lines = label._label._cached_lines
    return "".join(word.text for line in lines for word in line.words)


@pytest.mark.parametrize("way", ["wipe", "say nothing"])
def test_nothing_of_it_is_left(label: Any, way: str) -> None:
    core = label._label
    picture = core.texture
    assert words(label) == CANARY
    assert any(picture.pixels), "it was drawn, or the test proves nothing"
    if way == "wipe":
        label.wipe()
    else:
        label.say("")
    assert words(label) == label.text == core.text == ""
    assert core.texture is None
    assert core._surface is None
    assert not any(picture.pixels), "on the graphics side it is overwritten"


def test_it_can_be_said_again(label: Any) -> None:
    from screens.step import frames

    label.wipe()
    label.say(CANARY)
    frames(3)
    assert words(label) == CANARY
    assert any(label._label.texture.pixels)


def test_a_static_label_keeps_what_it_says(portrait: Any) -> None:
    from screens.widgets.text import Label

    made = Label(portrait.app.look, "head", box=True, static=True)
    made.size = (600, 120)
    made.say("7")
    made.wipe()
    assert made.raw == "7"
