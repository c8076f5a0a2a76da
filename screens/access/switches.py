"""Two switches over the same stops: one goes on, one chooses. With one alone, time goes on.

A row of keys is one stop; chosen, it is gone through key by key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kivy.clock import Clock

from kiosk.model import Key
from screens.access.focus import Focus
from screens.widgets.press import Pressable

_ROUNDS = 3  # over all stops without a choice: then scanning by itself rests


class Switches:
    """`seconds` 0: it never goes on by itself."""

    def __init__(self, focus: Focus, seconds: float, moved: Callable[[], None]) -> None:
        self._focus, self._seconds, self._moved = focus, seconds, moved
        self.on = False
        self._steps = 0
        self._clock: Any = None

    @property
    def ringed(self) -> Sequence[Pressable]:
        """A whole row until it is chosen; otherwise one target."""
        stop, target = self._focus.stop, self._focus.target
        if stop is None or target is None:
            return ()
        return stop.members if self.on and not self._focus.inside else (target,)

    @property
    def running(self) -> bool:
        return self._clock is not None

    def key(self, key: Key) -> Pressable | None:
        """What is pressed by it."""
        self._steps = 0
        if key is Key.NEXT:
            self.stop()
            self._next()
            return None
        focus = self._focus
        if focus.row < 0:
            self._go_by_itself()
            self._next()
        elif focus.stop is not None and len(focus.stop.members) > 1 and not focus.inside:
            focus.inside, focus.column = True, 0
            self._moved()
        else:
            focus.inside = False
            return focus.target
        return None

    def stop(self) -> None:
        """Not by itself any more."""
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def begin(self) -> None:
        """Another page: scanning by itself goes on there, from its beginning."""
        self._steps = 0

    def end(self) -> None:
        self.stop()
        self.on = False
        self._focus.leave()

    def _next(self) -> None:
        focus = self._focus
        if focus.inside and focus.stop is not None and focus.column + 1 < len(focus.stop.members):
            focus.column += 1
        elif focus.inside:
            focus.inside, focus.column = False, 0
        else:
            focus.move(1)
        self._moved()

    def _go_by_itself(self) -> None:
        if self._seconds and self._clock is None:
            self._clock = Clock.schedule_interval(self._tick, self._seconds)

    def _tick(self, _seconds: float) -> None:
        self._steps += 1
        if self._steps > _ROUNDS * max(1, len(self._focus.stops)):
            self.stop()
            self._focus.leave()
        self._next() if self._clock is not None else self._moved()
