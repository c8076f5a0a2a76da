"""Where the focus is: a stop, and in a row of keys one of them."""

from __future__ import annotations

from screens.access.reading import Stop, Words
from screens.widgets.press import Pressable


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
