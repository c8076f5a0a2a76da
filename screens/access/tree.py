"""The widgets of a page in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator

from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from screens.widgets.box import Box
from screens.widgets.press import Pressable
from screens.widgets.text import Label

_NEAR = 3  # widgets around a target in which the words beside it are looked for


def in_order(widget: Widget) -> list[Widget]:
    """Its children: of a box as it was filled, of anything else as they stand on the page."""
    children = list(reversed(widget.children))
    if isinstance(widget, Box):
        return children
    return sorted(children, key=lambda one: (-round(one.top), round(one.x)))


def labels_of(widget: Widget, *, plain: bool = False) -> Iterator[Label]:
    """Those that say anything. `plain`: without those of what can be pressed."""
    if isinstance(widget, Label) and widget.raw.strip():
        yield widget
    for child in in_order(widget):
        if not (plain and isinstance(child, Pressable)):
            yield from labels_of(child, plain=plain)


def beside(target: Pressable) -> str:
    """The first words near it that are not its own."""
    parent = target.parent
    for _ in range(_NEAR):
        near = (one.raw for one in labels_of(parent, plain=True) if letters(one.raw))
        if words := next(near, ""):
            return words
        parent = parent.parent
    return ""


def in_sight(widget: Widget) -> bool:
    """Is its middle inside every window in which it is scrolled?"""
    x, y = widget.center
    parent = widget.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, StencilView) and not parent.collide_point(x, y):
            return False
        parent = parent.parent
    return True


def letters(text: str) -> bool:
    return any(one.isalpha() for one in text)
