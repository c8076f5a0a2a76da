"""A widget that several parts of a page show in turn."""

from __future__ import annotations

from kivy.uix.widget import Widget


def lend(parent: Widget, *widgets: Widget) -> None:
    """`parent` is about to hold them: they leave where they are, unless that is it."""
    for widget in widgets:
        if widget.parent is not None and widget.parent is not parent:
            widget.parent.remove_widget(widget)
