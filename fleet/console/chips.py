"""A row of buttons of which one is chosen: a filter, or one of a few values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from fleet.console.parts import Watched, button


class Chips:
    """`label`: for screen readers. Drawn again only when names or choice change; focus stays on
    what was pressed."""

    def __init__(self, label: str, press: Callable[[str], Any], classes: str = "k-about") -> None:
        self._press = press
        box = ui.element("div").props("role=group").classes(classes)
        box.props["aria-label"] = label
        with box:
            self._row = Watched(self._draw, "k-row")
        self._made: dict[str, Any] = {}

    def show(self, choices: tuple[tuple[str, str], ...], chosen: str) -> None:
        """`choices`: value and name."""
        self._row.show(choices)
        self.choose(chosen)

    def choose(self, chosen: str) -> None:
        for value, made in self._made.items():
            made.props(f"aria-pressed={'true' if value == chosen else 'false'}")

    def _draw(self, choices: tuple[tuple[str, str], ...]) -> None:
        self._made = {
            value: button(name, partial(self._press, value)).classes("k-chip")
            for value, name in choices
        }
