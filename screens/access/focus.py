"""Where the focus is: a stop, and in a row of keys one of them; and the ring around it."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, SmoothLine
from kivy.uix.widget import Widget

from screens.access.reading import Stop, Words
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


class Focus:
    """`row` -1: nowhere. `inside`: in the row, from key to key, as two switches go."""

    def __init__(self) -> None:
        self.stops: tuple[Stop, ...] = ()
        self.leave()

    def leave(self) -> None:
        self.row, self.column, self.inside = -1, 0, False

    def take(self, stops: tuple[Stop, ...]) -> None:
        """The page changed under it: it stays with its target, or else with its place."""
        kept, self.stops = self.target, stops
        if self.row < 0:
            return
        for row, stop in enumerate(stops):
            if kept in stop.members:
                self.row, self.column = row, stop.members.index(kept)
                return
        self.inside = False
        self.row = min(self.row, len(stops) - 1)
        members = len(self.stop.members) if self.stop else 0
        self.column = max(0, min(self.column, members - 1))

    @property
    def stop(self) -> Stop | None:
        return self.stops[self.row] if 0 <= self.row < len(self.stops) else None

    @property
    def target(self) -> Pressable | None:
        return self.stop.members[self.column] if self.stop else None

    @property
    def words(self) -> Words | None:
        return self.stop.words[self.column] if self.stop else None

    def move(self, way: int) -> None:
        """To the next stop, or the one before; from nowhere to the first or the last."""
        if self.stops:
            start = -1 if self.row < 0 and way > 0 else max(self.row, 0)
            self.row = (start + way) % len(self.stops)
            self.column, self.inside = 0, False

    def slide(self, way: int) -> bool:
        """Along the row. False: it has one key alone."""
        if self.stop is None or len(self.stop.members) < 2:
            return False
        self.column = (self.column + way) % len(self.stop.members)
        return True

    def go(self, row: int) -> bool:
        """To a stop by its number, from 0."""
        if not 0 <= row < len(self.stops):
            return False
        self.row, self.column, self.inside = row, 0, False
        return True
