"""After a visit: nothing of it stays in what Kivy keeps."""

from __future__ import annotations

from collections.abc import Callable

from kivy.cache import Cache
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk import hygiene

_SECONDS = 0.5  # by then the session's last tasks have ended
_WITH_TEXT = ("textinput.label", "textinput.width", "kv.image", "kv.texture")


class Broom:
    """`built`: how many pages stay; 0 while somebody is here. On Kivy's thread."""

    def __init__(self, built: Callable[[], int]) -> None:
        self._built = built
        self._kept = 0  # pages
        self._later = Clock.create_trigger(self._sweep, _SECONDS)

    def forget(self) -> None:
        """The visit is over: no text or picture of it stays in Kivy's caches."""
        for category in _WITH_TEXT:
            Cache.remove(category)
        self._later()

    def _sweep(self, _seconds: float) -> None:
        """A little later: what points only at itself, and the frame that a buffer still holds."""
        hygiene.forget()
        self._keep()
        Window.canvas.ask_update()

    def _keep(self) -> None:
        """Pages built by now stay: looking for garbage among them would halt every thread."""
        built = self._built()
        if built > self._kept:
            self._kept = built
            hygiene.keep()
