"""A screen for each state, in the largest type in which its page can be read and pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.view import State
from screens.fit import misfits
from screens.made import Made
from screens.roll import SHARES, Roll, may_roll, rolls_within
from screens.screen import Kit, Screen

Make = Callable[[Kit], Screen[Any]]
_SETTLED = 32  # rounds of Kivy's layout until a page rests


class Screens(Made[State, Screen[Any]]):
    """Each is built when it is first shown. A page that is too full for the citizen's text size
    becomes taller than its place, and is turned by buttons; one that can't be takes the next
    smaller size. All before it is drawn; another page begins with the full size again.

    `exchange(old, new)` is told when that happens; they are the same when only the height is new.
    """

    def __init__(
        self,
        kit: Kit,
        makers: Mapping[State, Make],
        exchange: Callable[[Screen[Any], Screen[Any]], None],
    ) -> None:
        super().__init__({state: partial(make, kit) for state, make in makers.items()})
        self._kit, self._make, self._exchange = kit, makers, exchange
        self._aside: dict[tuple[State, int], Screen[Any]] = {}
        self._rolls: dict[State, Roll] = {}
        self._state, self._rounds, self._share = State.ATTRACT, 0, 0
        self._look_again = Clock.create_trigger(self._settle, -1)

    def begin(self, state: State) -> Screen[Any]:
        """The screen of this state for another page, in full size."""
        self.unroll()
        return self._take(state, self._kit.look.text)

    def placed(self, state: State) -> Widget:
        """What is put into the page's place: the screen, or a window upon its part."""
        return self._rolls.get(state, self[state])

    def check(self, state: State) -> None:
        """Something was written on it: does it still fit?"""
        self._state, self._rounds = state, 0
        if self[state].look.smaller():
            self._look_again()

    def _settle(self, _seconds: float) -> None:
        self._rounds += 1
        if self._rounds < _SETTLED:
            self._look_again()
            return
        screen, rolled = self[self._state], self._state in self._rolls
        if not screen.look.smaller():
            return
        if misfits(screen, screen.look) or (rolled and rolls_within(screen)):
            self._next_try(screen)
            self.check(self._state)

    def _next_try(self, screen: Screen[Any]) -> None:
        """Taller first, then smaller."""
        state, share = self._state, self._share + 1
        self.unroll()
        if share < len(SHARES) and may_roll(state, screen):
            self._share, other = share, screen
            self._rolls[state] = Roll(screen.look, screen, SHARES[share])
        else:
            other = self._take(state, screen.look.smaller()[0].text)
        self._exchange(screen, other)

    def unroll(self) -> None:
        """The page that was taller than its place is left."""
        self._share = 0
        while self._rolls:
            self._rolls.popitem()[1].let_go()

    def _take(self, state: State, text: int) -> Screen[Any]:
        """From now on this state is shown in this text size."""
        screen = self[state]
        if screen.look.text != text:
            self._aside[state, screen.look.text] = screen
            other = self._aside.pop((state, text), None)
            self[state] = screen = other or self._sized(state, text)
        return screen

    def _sized(self, state: State, text: int) -> Screen[Any]:
        look = replace(self._kit.look, text=text)
        return self._make[state](replace(self._kit, look=look))
