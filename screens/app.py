"""The Kivy application: shows the newest View, hands touches to the session.

`screens.settings.prepare` must have run before this module is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.events import Event, LanguageChosen, NextCitizen
from kiosk.model import Key, Language, Speaking, Text
from kiosk.ports import FrameSlot
from kiosk.view import OutOfServiceBody, State, View
from screens import fonts, rest
from screens.access.control import Access
from screens.broom import Broom
from screens.frame import Frame
from screens.gate import Gate
from screens.screen import Kit
from screens.swift import Swift
from screens.theme import Appearance, Glass, Look, Looks
from screens.upcoming import Upcoming, page_of
from screens.wardrobe import Wardrobe
from screens.widgets.press import Pressable
from screens.words import Words

_THEMES = Path(__file__).parents[1] / "config" / "themes"
_AS_DESIGNED = Appearance()
_NOBODY = (State.ATTRACT, State.OUT_OF_SERVICE)
_REST_SECONDS, _PREPARE_SECONDS = 5, 0.1  # whoever comes at once is not kept waiting
_ITERATIONS = 800  # rounds of layout before a frame: a full page tries sizes and heights
_SETTLED_SECONDS = 1  # the first page is there


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
        usual: Appearance = _AS_DESIGNED,
        glass: Glass | None = None,
        motion: bool = True,
        strict: bool = False,
        scan_seconds: float = 2.0,
        on_touch: Callable[[], None] = lambda: None,
        on_shown: Callable[[View], None] | None = None,
    ) -> None:
        super().__init__()
        self.gate = Gate(self._posted)
        self._post = post
        self.on_touch, self.on_shown = on_touch, on_shown
        self._looks = Looks(
            _THEMES, Words(words, strict=strict), glass or Glass(*size), motion=motion
        )
        self._usual = usual
        self._wardrobe: Wardrobe | None = None
        self.frames, self._fonts, self._site = frames, fonts_folder, site
        body = OutOfServiceBody("starting", site, hotline)
        self._first = View(State.OUT_OF_SERVICE, language, body)
        self._upcoming = Upcoming(self._first)
        self.hold: Callable[[], bool] = lambda: False
        self.speak: Callable[[Speaking], None] = lambda _speaking: None
        self.access = Access(self, self._spoken, scan_seconds)
        self._broom = Broom(self._built)
        self._rest = Clock.create_trigger(self._prepare, _REST_SECONDS)
        self._stopping = False
        self.view: View | None = None

    # ---- Any thread --------------------------------------------------------------------------

    def show(self, view: View) -> None:
        """Draw this view soon. Every page gets a frame; of one page only its newest view does."""
        if self._upcoming.put(view):
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

    def unhurried(self) -> bool:
        """Does whoever is here need more time than others?"""
        wardrobe = self._wardrobe
        return self.access.used or (wardrobe is not None and wardrobe.large)

    def mirroring(self) -> bool:
        """The camera has given a picture to the page."""
        return self.frames.newest()[1] is not None

    def picture(self, done: Callable[[bytes], None]) -> None:
        """`done`, on Kivy's thread, with a PNG of the page, half its size; b"" while the page is
        anybody's."""
        Clock.schedule_once(lambda _dt: done(self._picture()), 0)

    # ---- Kivy's thread -----------------------------------------------------------------------

    def run(self) -> None:
        """Until `stop`. Touches are answered quickly from the first page on."""
        swift = Swift()
        Clock.schedule_once(lambda _dt: rest.begin(), 0)
        Clock.schedule_once(lambda _dt: swift.begin(), _SETTLED_SECONDS)
        super().run()

    def build(self) -> Frame:
        fonts.register(self._fonts)
        Clock.max_iteration = _ITERATIONS
        look, glass = self.look, self._looks.glass
        Window.clearcolor = look.colour("ground")
        if tuple(Window.size) != (glass.width, glass.height):
            Window.size = (glass.width, glass.height)
        self.title = look.words.say("terminal.title", self._first.language)
        self._lock_down()
        Window.bind(on_touch_down=self._touched)
        self._wardrobe = Wardrobe(self._looks, self._usual, self._framed, self._turn)
        self._draw(0)
        return self._wardrobe.frame

    def _framed(self, look: Look) -> Frame:
        return Frame(Kit(look, self.gate, self.frames, self._open), self._site)

    def _posted(self, event: Event) -> None:
        """Whoever comes next begins in the usual look."""
        if isinstance(event, NextCitizen) and self._wardrobe is not None:
            self._wardrobe.leave()
        self._post(event)

    def _turn(self, language: Language) -> None:
        self.gate(LanguageChosen(language))

    def _open(self) -> None:
        if self._wardrobe is not None:
            self._wardrobe.open()

    @property
    def frame(self) -> Frame | None:
        """What the window shows, in the look of this visit."""
        return self._wardrobe.frame if self._wardrobe is not None else None

    @property
    def look(self) -> Look:
        return self.frame.look if self.frame is not None else self._looks.of(self._usual)

    def adapt(self, wanted: Appearance) -> None:
        """Show the page in another look until the visit ends."""
        if self._wardrobe is not None:
            self._wardrobe.adapt(wanted)

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
        first = self._upcoming.first()
        if self.frame is None or first is None:
            return
        turning = self.view is not None and page_of(self.view) != page_of(first)
        view = None if turning and self.hold() else self._upcoming.take()
        if view is not None:
            self._put(view)
        if self._upcoming:
            Clock.schedule_once(self._draw, 0)

    def _put(self, view: View) -> None:
        if self._wardrobe is None:
            return
        old, self.view = self.view, view
        new_page = old is None or page_of(old) != page_of(view)
        self._wardrobe.show(view, new_page=new_page)
        if new_page and view.state in _NOBODY:
            self.frames.wipe()
            self._broom.forget()
            self._rest()
        rest.pace(nobody=view.state is State.ATTRACT)
        self.gate.shown(new_page=new_page)
        self.access.shown(view, new_page=new_page)
        if self.on_shown is not None:
            self.on_shown(view)

    def _picture(self) -> bytes:
        if self.frame is None or self.view is None or self.view.state not in _NOBODY:
            return b""
        image = self.frame.png()
        Window.canvas.ask_update()  # what had changed was drawn there, not in the window
        return image

    def _prepare(self, _seconds: float) -> None:
        """While nobody is here, pages are built of which the first visitor would see the making."""
        home = self._wardrobe.home if self._wardrobe is not None else None
        if home is None or self.view is None or self.view.state is not State.ATTRACT:
            return
        if home.prepare():
            Clock.schedule_once(self._prepare, _PREPARE_SECONDS)

    def _built(self) -> int:
        """Pages that stay, while nobody is here."""
        home = self._wardrobe.home if self._wardrobe is not None else None
        nobody = self.view is not None and self.view.state in _NOBODY
        return len(home.screens) if home is not None and nobody else 0

    def _touched(self, *_: Any) -> None:
        rest.pace(nobody=False)
        self.on_touch()
        self.access.touched()
