"""A page by key and by ear: what each key does, and what is said then.

Nothing is read while nobody uses keys or speech, so that others pay nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock

from kiosk.model import Key
from kiosk.view import State, View
from screens.access.focus import Focus
from screens.access.narrator import DIGITS, MAIN, NOBODY, STAYING, Narrator
from screens.access.page import Host, words_in
from screens.access.ring import Rings
from screens.access.switches import Switches
from screens.access.voice import Speak, Teller
from screens.widgets.keys import ERASE
from screens.widgets.keys import Key as ScreenKey
from screens.widgets.press import Pressable

_SETTLE_SECONDS = 0.15  # until a page has found its places
_ALONE_SECONDS = 90.0  # without a key on the idle page: whoever listened has left
_ADJUST = (Key.D2, Key.D4, Key.D6, Key.D8)  # pressed again and again; the others end the help


class Access:
    """All on Kivy's thread. `speak` says it, through whatever there is."""

    def __init__(self, host: Host, speak: Speak, scan_seconds: float) -> None:
        self._host = host
        self.focus = Focus()
        self.teller = Teller(speak, words_in(host))
        self._narrator = Narrator(host, self.focus, self.teller)
        self.page = self._narrator.page
        self._switches = Switches(self.focus, scan_seconds, self._moved)
        self._helping = self._fresh = self._trying = False
        self._waiting = self._answered = False  # for what becomes of an answer; the page stayed
        self._rings = Rings()
        self._state: State | None = None
        self.settle = Clock.create_trigger(self._settled, _SETTLE_SECONDS)
        self._alone = Clock.create_trigger(lambda _dt: self._end_alone(), _ALONE_SECONDS)
        tell = self.teller
        self._acts: dict[Key, Callable[[], None]] = {
            Key.UP: lambda: self._move(-1), Key.DOWN: lambda: self._move(1),
            Key.LEFT: lambda: self._slide(-1), Key.RIGHT: lambda: self._slide(1),
            Key.ENTER: self._enter, Key.CANCEL: self._back, Key.CLEAR: self._erase,
        }  # fmt: skip
        self._helps: dict[Key, Callable[[], None]] = {
            Key.D1: self._tell_page, Key.D5: tell.repeat, Key.D7: tell.go_on,
            Key.D2: lambda: tell.louder(1), Key.D8: lambda: tell.louder(-1),
            Key.D3: self._try_keys, Key.D4: lambda: tell.faster(-1), Key.D6: lambda: tell.faster(1),
            Key.D9: lambda: self._press_one("language"), Key.D0: self._silent,
        }  # fmt: skip

    # ---- What happens ------------------------------------------------------------------------

    def shown(self, view: View, *, new_page: bool) -> None:
        was, self._state = self._state, view.state
        other = self.teller.language is not view.language
        self.teller.language = view.language
        if new_page and view.state in NOBODY and was not in NOBODY:
            self._end()
        if new_page or other:
            self._fresh, self._helping, self._trying = True, False, False
            self.teller.forget()
            self._switches.begin()
            self.focus.leave()
        else:
            self._narrator.count()
        self._answered = self._waiting and not new_page
        self._waiting = False
        if self.used:
            self.settle()
        self._draw()

    def plugged(self, plugged: bool) -> None:
        """Headphones: with them speech begins."""
        if plugged:
            self._begin()
        elif self._state in NOBODY:
            self._end()
        else:
            self._narrator.tell("aloud.unplugged")

    def touched(self) -> None:
        """A finger: no ring is needed, but what it does is told."""
        self._switches.stop()
        self.focus.leave()
        self._draw()
        if self.teller.on:
            self.settle()

    def key(self, key: Key) -> None:
        if self._host.view is None:
            return
        self._alone()
        if self.teller.on:
            self.teller.hush()
        starts = key is Key.ENTER and self._state in NOBODY and self.focus.row < 0
        if self._trying:
            self._trying = key is not Key.HELP
            self._narrator.explain(key)
        elif not self.teller.on and (starts or key is Key.HELP):
            self._begin()
        elif key is Key.HELP:
            self._helping = not self._helping
            self._narrator.tell("aloud.help" if self._helping else "aloud.help.end")
        elif self._helping and key in self._helps:
            self._helping = key in _ADJUST
            self._helps[key]()
        else:
            self._act(key)

    # ---- The keys ----------------------------------------------------------------------------

    def _try_keys(self) -> None:
        """Until Help is pressed again, each key says what it does, and does nothing."""
        self._trying = True
        self._narrator.tell("aloud.try")

    def _act(self, key: Key) -> None:
        self._helping = False
        self._switches.on = key in (Key.NEXT, Key.CHOOSE)
        self._look()
        if self._switches.on:
            self._press(self._switches.key(key))
            return
        self._switches.stop()
        if key in DIGITS:
            self._digit(key)
        else:
            self._acts[key]()

    def _move(self, way: int) -> None:
        self.focus.move(way)
        self._moved()

    def _slide(self, way: int) -> None:
        """Where there is no row: the page again, or what was said last."""
        if self.focus.slide(way):
            self._moved()
        elif way > 0:
            self._tell_page()
        else:
            self.teller.repeat()

    def _enter(self) -> None:
        main = self.page.offered(*(MAIN if self.page.types else STAYING))
        chosen = self.focus.target or main
        self._press(chosen)
        if chosen is None:
            self._narrator.tell("aloud.press_down")

    def _back(self) -> None:
        """Leaving is never one key: it is only brought under the finger."""
        if self.page.offered("back") is not None:
            self._press_one("back")
            return
        rows = (n for n, stop in enumerate(self.focus.stops) if stop.members[0].action == "leave")
        if self.focus.go(next(rows, -1)):
            self._moved()
        else:
            self._narrator.tell("aloud.no_back")

    def _erase(self) -> None:
        self._press_one(f"key:{ERASE}")

    def _digit(self, key: Key) -> None:
        """Types it where digits are typed; elsewhere goes to the stop of that number."""
        typed = self.page.offered(f"key:{key}")
        self._press(typed)
        if typed is None and self.focus.go(int(key) - 1):
            self._moved()

    def _press_one(self, action: str) -> None:
        self._press(self.page.offered(action))

    def _press(self, target: Pressable | None) -> None:
        if target is None or not target.enabled:
            return
        if isinstance(target, ScreenKey):
            self._narrator.typed(target)
        self._waiting = target.action in MAIN
        target.act()
        self.settle()

    # ---- Telling -----------------------------------------------------------------------------

    @property
    def used(self) -> bool:
        """Does anybody listen, or use keys or switches?"""
        return self.teller.on or self.focus.row >= 0 or self._switches.running

    def _look(self) -> None:
        self._narrator.look(switches=self._switches.on)

    def _settled(self, _seconds: float) -> None:
        before, fresh = self.page.reading, self._fresh
        self._fresh = False
        if not self.used:
            return
        self._look()
        self._draw()
        if fresh:
            self._narrator.all()
        else:
            self._narrator.news(before, again=self._answered)
        self._answered = False

    def _tell_page(self) -> None:
        self._look()
        self._narrator.all()

    def _moved(self) -> None:
        self._draw()
        self._narrator.focused()

    # ---- Beginning and end -------------------------------------------------------------------

    def _begin(self) -> None:
        self.teller.on, self._fresh = True, False
        self._alone()
        self._tell_page()

    def _silent(self) -> None:
        self._narrator.tell("aloud.off")
        self.teller.forget()
        self.teller.on, self._helping = False, False

    def _end_alone(self) -> None:
        if self._state in NOBODY:
            self._end()

    def _end(self) -> None:
        """Nothing of one visit is left to the next."""
        self.teller.forget(silent=True)
        self._alone.cancel()
        self.teller.reset()
        self._switches.end()
        self.focus.take(())
        self.page.forget()
        self._helping = self._trying = False
        self._draw()

    def _draw(self) -> None:
        self._rings.show(self._host.frame, self._switches.ringed)
