"""A screen for each state, in the largest type in which its page can be shown whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kivy.clock import Clock

from kiosk.view import State
from screens.fit import misfits
from screens.made import Made
from screens.screen import Kit, Screen

Make = Callable[[Kit], Screen[Any]]
_SETTLED = 32  # rounds of Kivy's layout until a page rests


class Screens(Made[State, Screen[Any]]):
    """Each is built when it is first shown. A page that is too full for the citizen's text size
    takes the next smaller one, before it is drawn; another page begins with the full size again.

    `exchange(old, new)` is told when that happens.
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
        self._state, self._rounds = State.ATTRACT, 0
        self._look_again = Clock.create_trigger(self._settle, -1)

    def begin(self, state: State) -> Screen[Any]:
        """The screen of this state for another page, in full size."""
        return self._take(state, self._kit.look.text)

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
        screen = self[self._state]
        smaller = screen.look.smaller()
        if smaller and misfits(screen, screen.look):
            self._exchange(screen, self._take(self._state, smaller[0].text))
            self.check(self._state)

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
