"""A row of buttons of which one is chosen: a filter, or one of a few values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from fleet.console.parts import button


class Chips:
    """`label`: for screen readers. Buttons stay while their values do, so that the keyboard's focus
    outlives new names."""

    def __init__(self, label: str, press: Callable[[str], Any], classes: str = "k-about") -> None:
        self._press = press
        self._made: dict[str, TextElement] = {}
        self._row = ui.element("div").props("role=group").classes(f"k-row {classes}")
        self._row.props["aria-label"] = label

    def show(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """`choices`: value and name."""
        if [value for value, _ in choices] != list(self._made):
            self._row.clear()
            with self._row:
                self._made = {
                    value: button("", partial(self._press, value)).classes("k-chip")
                    for value, _ in choices
                }
        for value, name in choices:
            self._made[value].text = name
        self.choose(chosen)

    def choose(self, chosen: str) -> None:
        for value, made in self._made.items():
            made.props(f"aria-pressed={'true' if value == chosen else 'false'}")
