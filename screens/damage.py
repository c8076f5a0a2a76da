"""Where the window differs from its last frame, by what Kivy itself flags.

Every instruction that changes is flagged, with all canvases above it, until it is drawn. So the
widgets whose own instructions are flagged are all that can look different, as long as the tree of
widgets is the same and nothing moves what others draw. Whatever is not known for certain makes the
frame whole: another tree, a change in an instruction of another kind, a flag without a cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kivy.core.window import Window
from kivy.graphics import BindTexture, Canvas, Color, VertexInstruction
from kivy.graphics.instructions import CanvasBase
from kivy.uix.widget import Widget

Area = tuple[int, int, int, int]  # left, bottom, width, height in pixels of the window
Box = tuple[float, float, float, float]  # left, bottom, right, top

_PLAIN = (Color, BindTexture, VertexInstruction)  # what draws, or colours what its widget draws
_ROUND = 12  # pixels beside a widget: half of a line's width, its soft edge
_MOST = 3  # areas: each takes one walk through all instructions
_SHARE = 0.5  # of the window: above it, a whole frame costs no more


class _UnclearError(Exception):
    """What has changed cannot be told from the flags."""


class Damage:
    """Asked once a frame, before it is drawn."""

    def __init__(self) -> None:
        self._tree: list[object] = []
        self._boxes: dict[int, Box] = {}  # by the widget's uid: what it covered at its last change

    def areas(self) -> list[Area]:
        """What must be drawn; none: the whole."""
        widgets = list(_shown())
        tree: list[object] = [tuple(Window.size), tuple(Window.clearcolor)]
        tree += [(one.uid, one.opacity, len(one.children)) for one in widgets]
        same, self._tree = tree == self._tree, tree
        try:
            if same:
                return _areas(self._changed(widgets))
        except _UnclearError:
            pass
        self._boxes = {one.uid: _covered(one) for one in widgets}
        return []

    def _changed(self, widgets: Sequence[Widget]) -> list[Box]:
        if any(one.needs_redraw for one in Window.canvas.children if type(one) is not Canvas):
            raise _UnclearError
        found = []
        for widget in widgets:
            if widget.canvas.needs_redraw and _touched(widget.canvas):
                if type(widget).to_parent is not Widget.to_parent:
                    raise _UnclearError
                old, new = self._boxes[widget.uid], _covered(widget)
                found.append(_around(old, new))
                self._boxes[widget.uid] = new
        return found


def _shown() -> Iterator[Widget]:
    """Every widget of the window."""
    rest = list(Window.children)
    while rest:
        widget = rest.pop()
        yield widget
        rest += widget.children


def _touched(canvas: CanvasBase) -> bool:
    """Whether an instruction of its own, not only one of a child's canvas, is flagged."""
    flagged = [one for one in canvas.children if one.needs_redraw]
    if not flagged:
        raise _UnclearError
    own = [one for one in flagged if not isinstance(one, CanvasBase)]
    if not all(isinstance(one, _PLAIN) for one in own):
        raise _UnclearError
    return bool(own) or any(_touched(part) for part in flagged if type(part) is CanvasBase)


def _covered(widget: Widget) -> Box:
    """The widget, and what it draws beyond itself."""
    box = (widget.x, widget.y, widget.right, widget.top)
    for one in _own(widget.canvas):
        pos, size = getattr(one, "pos", None), getattr(one, "size", None)
        if pos is not None and size is not None:
            box = _around(box, (pos[0], pos[1], pos[0] + size[0], pos[1] + size[1]))
    return box


def _own(canvas: CanvasBase) -> Iterator[Any]:
    for one in canvas.children:
        if type(one) is CanvasBase:  # before, after
            yield from _own(one)
        elif isinstance(one, VertexInstruction):
            yield one


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
    )  # fmt: skip


def _areas(boxes: Sequence[Box]) -> list[Area]:
    """Few, apart from each other, and none if they are most of the window."""
    apart: list[Box] = []
    for box in boxes:
        apart = _joined(apart, box)
    while len(apart) > _MOST:
        apart = _joined(apart[2:], _around(apart[0], apart[1]))
    areas = [area for area in map(_pixels, apart) if area[2] > 0 and area[3] > 0]
    width, height = Window.size
    whole = sum(wide * high for _, _, wide, high in areas) > _SHARE * width * height
    return [] if whole else areas


def _joined(apart: Sequence[Box], box: Box) -> list[Box]:
    """`box` with all that it meets, until it meets nothing."""
    for other in apart:
        if box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]:
            return _joined([one for one in apart if one is not other], _around(box, other))
    return [*apart, box]


def _pixels(box: Box) -> Area:
    width, height = Window.size
    left, bottom = max(0, int(box[0]) - _ROUND), max(0, int(box[1]) - _ROUND)
    right, top = min(width, int(box[2]) + _ROUND), min(height, int(box[3]) + _ROUND)
    return left, bottom, right - left, top - bottom
