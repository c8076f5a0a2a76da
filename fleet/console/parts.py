"""The small pieces of pages. A state is always a shape and a word, and only then a colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Tone(StrEnum):
    """How a state feels; the value is its CSS class."""

    GOOD = "k-good"
    WARN = "k-warn"
    BAD = "k-bad"
    DIM = "k-dim"


SHAPES = {
    Tone.GOOD: "check_circle",
    Tone.WARN: "warning",
    Tone.BAD: "report",
    Tone.DIM: "help_outline",
}


def text(tag: str, words: str, classes: str = "") -> TextElement:
    return TextElement(tag=tag, text=words).classes(classes)


def icon(name: str) -> None:
    ui.icon(name).props("aria-hidden=true")


def button(words: str, press: Callable[[], object]) -> TextElement:
    made = text("button", words, "k-button").props("type=button")
    return made.on("click", press, args=[])


def enable(pressable: TextElement, yes: bool) -> None:
    pressable.props(remove="disabled") if yes else pressable.props("disabled")


def pill(tone: Tone, words: str, shape: str = "") -> None:
    with ui.element("span").classes(f"k-pill {tone}"):
        icon(shape or SHAPES[tone])
        text("span", words)


@contextmanager
def panel(heading: str, classes: str = "") -> Iterator[ui.element]:
    """A titled box; yields the head's right side, for tools. Fill the box inside the block."""
    with (
        ui.element("section").classes(f"k-panel {classes}").props(f'aria-label="{heading}"') as box
    ):
        with ui.element("div").classes("k-head"):
            text("h2", heading)
            tools = ui.element("div").classes("k-tools")
        with box:
            yield tools


class Watched:
    """A box that is drawn again only when its value changes."""

    def __init__(self, draw: Callable[[Any], None], classes: str = "") -> None:
        self._draw = draw
        self._value: Any = self  # equals no value
        self._box = ui.element("div").classes(classes)

    def show(self, value: Any) -> None:
        if value != self._value:
            self._value = value
            self._box.clear()
            with self._box:
                self._draw(value)


class Vacancy:
    """Says why a list is empty: of its named states at most one is seen at a time."""

    def __init__(self, **states: ui.element) -> None:
        self._states = states

    def say(self, name: str) -> None:
        for one, element in self._states.items():
            element.set_visibility(one == name)


def empty(shape: str, heading: str, more: str = "", steps: tuple[str, ...] = ()) -> ui.element:
    """What stands where a list would be, and what to do about it."""
    with ui.element("div").classes("k-empty") as box:
        icon(shape)
        text("b", heading)
        if more:
            text("p", more)
        if steps:
            with ui.element("ol"):
                for step in steps:
                    text("li", step)
    return box
