"""The Kivy application: shows the newest View, hands touches to the session.

`screens.settings.prepare` must have run before this module is imported.
"""

from __future__ import annotations

import io
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.cache import Cache
from kivy.clock import Clock
from kivy.core.window import Window
from PIL import Image

from kiosk import hygiene
from kiosk.events import Event
from kiosk.model import Key, Language, Speaking, Text
from kiosk.ports import FrameSlot
from kiosk.view import OutOfServiceBody, State, View
from screens import fonts
from screens.access.control import Access
from screens.frame import Frame, page_of
from screens.gate import Gate
from screens.screen import Kit
from screens.theme import Look, load_colours
from screens.widgets.press import Pressable
from screens.words import Words

_THEMES = Path(__file__).parents[1] / "config" / "themes"
_IDLE_RATE, _RATE = 15, 60  # frames a second at most: nobody is here; somebody is
_NOBODY = (State.ATTRACT, State.OUT_OF_SERVICE)
_REST_SECONDS, _PREPARE_SECONDS = 5, 0.1  # whoever comes at once is not kept waiting
_SWEEP_SECONDS = 0.5  # by then the session's last tasks have ended
_WITH_TEXT = ("textinput.label", "textinput.width", "kv.image", "kv.texture")


class KioskApp(App):
    """`show` and `stop` may be called from any thread; everything else belongs to `run`'s."""

    def __init__(
        self,
        post: Callable[[Event], None],
        frames: FrameSlot,
        words: Path,
        fonts_folder: Path,
        *,
        size: tuple[int, int],
        language: Language = Language.ZH,
        site: Text,
        hotline: str = "",
        theme: str = "calm",
        strict: bool = False,
        scan_seconds: float = 2.0,
        on_touch: Callable[[], None] = lambda: None,
        on_shown: Callable[[View], None] | None = None,
    ) -> None:
        super().__init__()
        self.gate = Gate(post)
        self.on_touch, self.on_shown = on_touch, on_shown
        self.look = Look(
            load_colours(_THEMES / f"{theme}.toml"), Words(words, strict=strict), *size
        )
        self._frames, self._fonts, self._site = frames, fonts_folder, site
        body = OutOfServiceBody("starting", site, hotline)
        self._first = View(State.OUT_OF_SERVICE, language, body)
        self._lock = threading.Lock()
        self._serial = 0
        self._waiting: deque[View] = deque([self._first])
        self.hold: Callable[[], bool] = lambda: False
        self.speak: Callable[[Speaking], None] = lambda _speaking: None
        self.access = Access(self, self._spoken, scan_seconds)
        self._sweep = Clock.create_trigger(self._swept, _SWEEP_SECONDS)
        self._rest = Clock.create_trigger(self._prepare, _REST_SECONDS)
        self._stopping = False
        self.view: View | None = None
        self.frame: Frame | None = None

    # ---- Any thread --------------------------------------------------------------------------

    def show(self, view: View) -> None:
        """Draw this view soon. Every page gets a frame; of one page only its newest view does."""
        with self._lock:
            if view.serial < self._serial:
                return
            self._serial = view.serial
            if self._waiting and page_of(self._waiting[-1]) == page_of(view):
                self._waiting.pop()
            self._waiting.append(view)
        Clock.schedule_once(self._draw, 0)

    def stop(self, *_: object) -> None:
        self._stopping = True
        Clock.schedule_once(lambda _dt: super(KioskApp, self).stop(), 0)

    def key(self, key: Key) -> None:
        """A key of the keypad, or a switch."""
        Clock.schedule_once(lambda _dt: self.access.key(key), 0)

    def plugged(self, plugged: bool) -> None:
        """Headphones were plugged in, or pulled out."""
        Clock.schedule_once(lambda _dt: self.access.plugged(plugged), 0)

    def mirroring(self) -> bool:
        """The camera has given a picture to the page."""
        return self._frames.newest()[1] is not None

    def picture(self, done: Callable[[bytes], None]) -> None:
        """`done`, on Kivy's thread, with a PNG of the page, half its size; b"" while the page is
        anybody's."""
        Clock.schedule_once(lambda _dt: done(self._picture()), 0)

    # ---- Kivy's thread -----------------------------------------------------------------------

    def build(self) -> Frame:
        fonts.register(self._fonts)
        Window.clearcolor = self.look.colour("ground")
        if tuple(Window.size) != (self.look.width, self.look.height):
            Window.size = (self.look.width, self.look.height)
        self.title = self.look.words.say("terminal.title", self._first.language)
        self._lock_down()
        Window.bind(on_touch_down=self._touched)
        self.frame = Frame(Kit(self.look, self.gate, self._frames), self._site)
        self._draw(0)
        return self.frame

    def targets(self) -> dict[str, Pressable]:
        """What a finger can press now, by action."""
        return self.frame.targets if self.frame is not None else {}

    def open_settings(self, *_: object) -> bool:
        """F1 opens nothing."""
        return False

    def _spoken(self, speaking: Speaking) -> None:
        """Through what speaks now: it is known later than the pages are."""
        self.speak(speaking)

    def _lock_down(self) -> None:
        Window.bind(
            on_request_close=lambda *_: not self._stopping,
            on_keyboard=lambda *_: True,
            on_key_down=lambda *_: True,
        )

    def _draw(self, _seconds: float) -> None:
        """One page a frame; `hold` keeps the page that is shown (for its picture)."""
        with self._lock:
            if self.frame is None or not self._waiting:
                return
            turning = self.view is not None and page_of(self.view) != page_of(self._waiting[0])
            view = None if turning and self.hold() else self._waiting.popleft()
            more = bool(self._waiting)
        if view is not None:
            self._put(view)
        if more:
            Clock.schedule_once(self._draw, 0)

    def _put(self, view: View) -> None:
        if self.frame is None:
            return
        old, self.view = self.view, view
        new_page = old is None or page_of(old) != page_of(view)
        self.frame.show(view)
        if new_page and view.state in _NOBODY:
            self._forget()
            self._rest()
        Clock._max_fps = _IDLE_RATE if view.state is State.ATTRACT else _RATE
        self.gate.shown(new_page=new_page)
        self.access.shown(view, new_page=new_page)
        if self.on_shown is not None:
            self.on_shown(view)

    def _picture(self) -> bytes:
        if self.frame is None or self.view is None or self.view.state not in _NOBODY:
            return b""
        texture = self.frame.export_as_image().texture
        image = Image.frombytes("RGBA", texture.size, texture.pixels)
        out = io.BytesIO()
        image.convert("RGB").reduce(2).save(out, "PNG")
        return out.getvalue()

    def _prepare(self, _seconds: float) -> None:
        """While nobody is here, pages are built of which the first visitor would see the making."""
        if self.frame is None or self.view is None or self.view.state is not State.ATTRACT:
            return
        if self.frame.prepare():
            Clock.schedule_once(self._prepare, _PREPARE_SECONDS)

    def _forget(self) -> None:
        """The visit is over: no text or picture of it stays in Kivy's caches."""
        for category in _WITH_TEXT:
            Cache.remove(category)
        self._frames.wipe()
        self._sweep()

    def _swept(self, _seconds: float) -> None:
        """A little later: what points only at itself, and the frame that a buffer still holds."""
        hygiene.forget()
        Window.canvas.ask_update()

    def _touched(self, *_: Any) -> None:
        Clock._max_fps = _RATE
        self.on_touch()
        self.access.touched()
