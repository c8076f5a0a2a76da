"""The ring around what has the focus."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, SmoothLine
from kivy.uix.widget import Widget

from screens.frame import Frame
from screens.theme import Look
from screens.widgets.press import Pressable

# Two strokes, one dark and one light: one of them stands out from any ground.
_OUTER, _INNER, _AWAY = 7, 4, 9  # design pixels
_CORNER = 26


class Ring:
    """Drawn over everything on `window`."""

    def __init__(self, look: Look, window: Widget) -> None:
        self._look = look
        with window.canvas.after:
            self._dark = Color(*look.colour("ink"))
            self._outer = SmoothLine(width=look.u(_OUTER))
            self._light = Color(*look.colour("paper"))
            self._inner = SmoothLine(width=look.u(_INNER) / 2)
        self.at: tuple[float, float, float, float] | None = None

    def show(self, targets: Sequence[Pressable]) -> None:
        """Around all of them; none: nowhere."""
        boxes = [(*one.to_window(*one.pos), *one.size) for one in targets if one.parent]
        if not boxes:
            self.at, self._outer.points, self._inner.points = None, [], []
            return
        away = self._look.u(_AWAY)
        left, low = min(b[0] for b in boxes) - away, min(b[1] for b in boxes) - away
        right = max(b[0] + b[2] for b in boxes) + away
        top = max(b[1] + b[3] for b in boxes) + away
        self.at = (left, low, right - left, top - low)
        for line in (self._outer, self._inner):
            line.rounded_rectangle = (*self.at, self._look.u(_CORNER))


class Rings:
    """One in whichever frame the window shows; made when the first is needed."""

    def __init__(self) -> None:
        self._made: tuple[Frame, Ring] | None = None

    def show(self, frame: Frame | None, targets: Sequence[Pressable]) -> None:
        if frame is None or (self._made is None and not targets):
            return
        if self._made is None or self._made[0] is not frame:
            self._made = frame, Ring(frame.look, frame)
        self._made[1].show(targets)
