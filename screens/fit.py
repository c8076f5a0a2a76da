"""What is clipped, too small, or outside of its place: for a page in large type, and for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from screens.theme import GAP_MM, TOUCH_MM, Look
from screens.widgets.marks import Busy, Medallion, Ring
from screens.widgets.press import Pressable
from screens.widgets.qr import QrCode
from screens.widgets.scroll import Window
from screens.widgets.text import Label

_SIGNS = (Medallion, Ring, Busy)
_LEAST_TARGET = 94  # design pixels
_LEAST_WINDOW = 110  # the same, at 100 %: two lines
_LONG = 260  # the same: a row this high is a text, and may be read in parts
_LEAST_CODE_MM = 40.0  # a phone reads it from half a metre


def misfits(root: Widget, look: Look) -> list[str]:
    """One sentence for each; none: everything can be read and pressed, if need be after the page
    that `root` is was turned."""
    return list(_below(root, look, scrolled=False))


def _below(widget: Any, look: Look, *, scrolled: bool) -> Iterator[str]:
    inside = scrolled or isinstance(widget, StencilView)
    if isinstance(widget, Label) and widget.text:
        yield from _of_label(widget, look, scrolled=scrolled)
    if isinstance(widget, Pressable) and widget.action:
        yield from _of_target(widget, look, scrolled=scrolled)
    if isinstance(widget, Window):
        yield from _of_window(widget, look)
    if isinstance(widget, QrCode) and min(widget.size) < _LEAST_CODE_MM * look.pitch:
        yield f"a code is only {min(widget.size):.0f} wide"
    if isinstance(widget, _SIGNS) and not scrolled:
        yield from _outside(widget, look, type(widget).__name__, widget.height / 10)
    for child in widget.children:
        yield from _below(child, look, scrolled=inside)


def _of_label(label: Label, look: Look, *, scrolled: bool) -> Iterator[str]:
    name = f"{label.raw!r}"
    if label.clipped:
        yield f"{name} is clipped"
    wide, high = label.texture_size
    if wide > label.width + 1 or high > label.height + 1:
        yield f"{name}: {label.texture_size} in a box of {label.size}"
    if _sticks_out(label):
        yield f"{name} sticks out sideways"
    if label.font_size < look.least_type:
        yield f"{name} is smaller than {look.least_type} px"
    if not scrolled:
        yield from _outside(label, look, name)


def _of_target(target: Pressable, look: Look, *, scrolled: bool) -> Iterator[str]:
    least = max(look.u(_LEAST_TARGET), TOUCH_MM * look.pitch)
    if target.height < least:
        yield f"{target.action} is only {target.height} high"
    if target.width < TOUCH_MM * look.pitch:
        yield f"{target.action} is only {target.width} wide"
    if not scrolled:
        yield from _outside(target, look, target.action)


def _of_window(window: Window, look: Look) -> Iterator[str]:
    """A list that must be turned shows something of itself: where it has rows, any of them."""
    tallest = max((row.height for row in window.rows), default=0.0) if window.by_rows else 0.0
    least = max(look.tall(_LEAST_WINDOW), min(tallest - 1, look.tall(_LONG)))
    if window.hidden > 1 and window.height < least:
        yield f"a list shows only {window.height:.0f} of {window.content.height:.0f}"


def _outside(widget: Any, look: Look, name: str, slack: float = 2) -> Iterator[str]:
    """`slack`: pixels by which it may stand over its row or column; of a sign, some more."""
    below = widget.y < -1 and not _turned(widget)
    if widget.x < -1 or below or widget.right > look.width + 1:
        yield f"{name} leaves the window: {widget.pos} {widget.size}"
    parent = widget.parent
    through = BoxLayout | AnchorLayout if isinstance(widget, _SIGNS) else BoxLayout
    while isinstance(parent, through):
        over = widget.y < parent.y - slack or widget.top > parent.top + slack
        if over and isinstance(parent, BoxLayout):
            yield f"{name} leaves {type(parent).__name__} at {parent.pos} {parent.size}"
            return
        parent = parent.parent


def _sticks_out(widget: Any) -> bool:
    """Of a row or column that it stands in."""
    parent = widget.parent
    while isinstance(parent, BoxLayout | AnchorLayout):
        if widget.x < parent.x - 2 or widget.right > parent.right + 2:
            return True
        parent = parent.parent
    return False


def _turned(widget: Any) -> bool:
    """Is it on a page that is taller than its place?"""
    while widget is not None and widget is not widget.parent:
        if isinstance(widget, StencilView):
            return True
        widget = widget.parent
    return False


def crowded(targets: Mapping[str, Pressable], look: Look) -> list[str]:
    """Which of them a finger can't tell apart: between any two there must be some millimetres."""
    seen = {name: _visible(target) for name, target in targets.items()}
    return [
        f"{one} and {other} are {gap / look.pitch:.1f} mm apart"
        for one, other in combinations(seen, 2)
        if not _within(targets[one], targets[other])
        and (gap := _gap(seen[one], seen[other])) < GAP_MM * look.pitch - 1
    ]


def _within(one: Widget, other: Widget) -> bool:
    """A field holds the cross that empties it."""
    return one in other.walk(restrict=True) or other in one.walk(restrict=True)


def _visible(target: Pressable) -> tuple[float, float, float, float]:
    """Left, lower, right and upper edge of what can be seen of it."""
    left, low, right, top = target.x, target.y, target.right, target.top
    parent = target.parent
    while parent is not None and parent is not parent.parent:
        if isinstance(parent, StencilView):
            left, right = max(left, parent.x), min(right, parent.right)
            low, top = max(low, parent.y), min(top, parent.top)
        parent = parent.parent
    return left, low, right, top


def _gap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Between their edges, the wider of both ways; below nothing where they overlap."""
    across = max(one[0] - other[2], other[0] - one[2])
    upward = max(one[1] - other[3], other[1] - one[3])
    return max(across, upward)
