"""The window of `screens.dock`: devices, the keys of the chosen one, and the newest papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.gridlayout import GridLayout

from kiosk.model import Language
from kiosk.simulated import DEVICES, Value, tone
from screens import fonts
from screens.dock_files import ICONS, read_state, reset, write_state
from screens.dock_papers import Paper, Papers
from screens.dock_rows import Knobs, Tab, says
from screens.theme import Look, load_colours
from screens.widgets.box import Card, Column, Row, Surface, fix
from screens.widgets.press import PushButton
from screens.widgets.scroll import Scroll
from screens.widgets.text import Icon, Label
from screens.words import Words

_CONFIG = Path(__file__).parents[1] / "config"
_ACROSS = 5  # tabs in one row
_LOOK_AGAIN = 0.5  # seconds
_RATE = 30  # frames a second at most
_NOTCH = 160  # design pixels that one notch of the mouse wheel scrolls
_HEADING, _LEAST_TRAY = 72, 360  # design pixels


class _Wheel(Scroll):
    """People at a desk have a wheel."""

    def on_touch_down(self, touch: Any) -> bool:
        if touch.is_mouse_scrolling and self.collide_point(*touch.pos):
            way = 1 if touch.button == "scrollup" else -1
            self.window.offset += way * self.look.u(_NOTCH)
            self.window.place()
            self._show()
            return True
        return bool(super().on_touch_down(touch))


class _Devices(Column):
    """Tabs above, the chosen device's keys as high as they need, papers in what is left."""

    def __init__(self, look: Look, tabs: list[Tab], tray: Row) -> None:
        super().__init__(look, pad=28, gap=24)
        self._icon = Icon(look, "lan", 56, "accent")
        self._name = Label(look, "lead", bold=True, box=True)
        heading = fix(look, Row(look, self._icon, self._name, gap=16), height=_HEADING)
        self._keys = Column(look)
        self._card = Card(look, heading, self._keys, pad=(28, 20, 28, 20), gap=12)
        self._card.size_hint_y = None
        self._grid = GridLayout(cols=_ACROSS, spacing=look.u(12), size_hint_y=None)
        self._grid.bind(minimum_height=self._grid.setter("height"), height=self._fit)
        self._scroll: _Wheel | None = None
        for tab in tabs:
            self._grid.add_widget(tab)
        self.hold(self._grid, self._card, tray)
        self.bind(height=self._fit)

    def show(self, device: str, name: str, scroll: _Wheel) -> None:
        if self._scroll is not None:
            self._scroll.window.content.unbind(height=self._fit)
        self._scroll = scroll
        scroll.window.content.bind(height=self._fit)
        self._icon.change(ICONS[device], "accent")
        self._name.say(name)
        self._keys.hold(scroll)
        scroll.rewind()
        self._fit()

    def _fit(self, *_: object) -> None:
        u = self.look.u
        around = 2 * u(28) + 2 * u(24) + self._grid.height
        most = self.height - around - u(_LEAST_TRAY)
        keys = self._scroll.window.content.height if self._scroll is not None else 0
        self._card.height = max(u(300), min(keys + u(_HEADING) + u(12) + 2 * u(20) + 2, most))


class DockApp(App):
    """`folder`: the simulators'. `home`: for pictures of pages. Marks follow the files."""

    def __init__(
        self, folder: Path, fonts_folder: Path, home: Path, language: str, size: tuple[int, int]
    ) -> None:
        super().__init__()
        self._folder, self._fonts, self._home = folder, fonts_folder, home
        words, colours = Words(_CONFIG / "locales"), load_colours(_CONFIG / "themes" / "light.toml")
        # As large as on a window of the terminal's shape, however low this one is.
        self.look = Look(colours, words, size[0], round(size[0] * 1920 / 1080))
        self._say = says(self.look, Language(language))
        self._chosen = next(iter(DEVICES))
        self._large: Paper | None = None

    def build(self) -> Column:
        fonts.register(self._fonts)
        look, say = self.look, self._say
        Window.clearcolor = look.colour("ground")
        Clock._max_fps = _RATE
        self.title = say("title")
        self._tabs = {device: self._tab(device) for device in DEVICES}
        self._knobs = {device: Knobs(look, device, say, self._set) for device in DEVICES}
        self._scrolls = {device: _Wheel(look, knobs) for device, knobs in self._knobs.items()}
        for scroll in self._scrolls.values():
            scroll.name(say("page_up"), say("page_down"))
        self._papers = Papers(look, self._folder, self._home, say, self._enlarge)
        self._tray = Row(look, *self._papers.both, gap=20)
        self._devices = _Devices(look, list(self._tabs.values()), self._tray)
        self._body = Column(look, self._devices)
        self._choose(self._chosen)
        Clock.schedule_interval(self._look_again, _LOOK_AGAIN)
        return Column(look, self._header(), self._body)

    def on_stop(self) -> None:
        self._papers.close()

    def open_settings(self, *_: object) -> bool:
        return False

    def _header(self) -> Row:
        look = self.look
        bar = fix(look, Row(look, gap=20, pad=(32, 14, 28, 14)), height=128)
        Surface(look, bar, "deep", radius=0)
        title = Label(look, "lead", bold=True, colour="on_deep", box=True)
        title.say(self._say("title"))
        well = PushButton(look, "reset", self._reset, kind="deep", icon="backup-restore",
                          size="body", height=100, hug=True)  # fmt: skip
        well.say(self._say("reset"))
        bar.hold(title, well)
        return bar

    def _tab(self, device: str) -> Tab:
        name = self._say(f"tab.{device}")
        return Tab(self.look, device, name, lambda: self._choose(device))

    def _choose(self, device: str) -> None:
        self._chosen = device
        self._devices.show(device, self._say(device), self._scrolls[device])
        self._look_again()

    def _set(self, device: str, key: str, value: Value) -> None:
        write_state(self._folder, device, key, value)
        self._look_again()

    def _reset(self) -> None:
        reset(self._folder)
        self._look_again()

    def _enlarge(self, paper: Paper) -> None:
        """One paper over everything; a second press puts it back."""
        self._large = paper if self._large is None else None
        if self._large is not None:
            self._tray.hold()
            self._body.hold(Column(self.look, paper, pad=28))
        else:
            self._body.children[0].hold()
            self._tray.hold(*self._papers.both)
            self._body.hold(self._devices)

    def _look_again(self, *_: object) -> None:
        for device, tab in self._tabs.items():
            said = read_state(self._folder, device)
            tab.mark(tone(device, said), chosen=device == self._chosen)
            if device == self._chosen:
                self._knobs[device].mark(said)
        self._papers.look_again()
