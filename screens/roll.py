"""A page in large type that is taller than its place: buttons turn it, and say what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.uix.widget import Widget

from kiosk.view import State
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.qr import QrCode
from screens.widgets.scroll import Scroll

SHARES = (1.0, 1.2, 1.4, 1.7, 2.0)  # of its place, that a page may be tall

# Nobody turns these: hands are busy, the camera looks, a phone does, the page soon goes by itself,
# or there is one number to be seen from afar.
_WHOLE = (
    State.ATTRACT, State.FACE, State.SIGN, State.SCAN, State.PIN, State.THANKS, State.STILL_THERE,
    State.TICKET, State.HOTLINE,
)  # fmt: skip


def may_roll(state: State, screen: Widget) -> bool:
    """Not what is typed on: keys and the words that they make are seen together. Nor a code for
    phones: half of one can't be read."""
    if state in _WHOLE:
        return False
    return not any(
        isinstance(one, QrCode) or getattr(one, "action", "").startswith("key:")
        for one in screen.walk()
    )


def rolls_within(screen: Widget) -> bool:
    """Does a list on this page turn by buttons of its own?"""
    return any(isinstance(one, Scroll) and one.bar.children for one in screen.walk())


class Roll(Scroll):
    """`share`: how many times its place the screen is tall."""

    def __init__(self, look: Look, screen: Screen[Any], share: float) -> None:
        self._share = share
        if screen.parent is not None:
            screen.parent.remove_widget(screen)
        screen.size_hint = (None, None)
        super().__init__(look, screen)
        edge, below = look.u(64), look.u(24)
        self.bar.padding, self.bar.height = (edge, 0, edge, below), self.bar.height + below
        self.bind(height=self._stretch)

    def _stretch(self, *_: object) -> None:
        self.window.content.height = self.height * self._share

    def say(self, say: Callable[[str], str]) -> None:
        self.name(say("page.up"), say("page.down"))

    def let_go(self) -> None:
        """The screen may stand elsewhere again, as high as its place."""
        screen = self.window.content
        self.window.remove_widget(screen)
        screen.size_hint = (1, 1)
