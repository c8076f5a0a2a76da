"""The window of `screens.dock`: a row of choices for each key of each state file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.image import Image as CoreImage
from kivy.core.window import Window
from kivy.uix.gridlayout import GridLayout
from kivy.uix.image import Image

from kiosk.model import Language
from screens import fonts
from screens.dock_files import DEVICES, Value, newest_receipt, read_state, write_state
from screens.theme import Look, load_colours
from screens.widgets.box import Column, Row, Surface, fix
from screens.widgets.press import Pressable
from screens.widgets.text import Label
from screens.words import Words

_CONFIG = Path(__file__).parents[1] / "config"
_ACROSS = 4  # choices in one row
_LOOK_AGAIN = 0.5  # seconds


class _Choice(Pressable):
    """One value of one key; filled while the file says so."""

    def __init__(self, look: Look, action: str, text: str, act: Any) -> None:
        super().__init__(look, action, act, pad=4)
        fix(look, self, height=92)
        self._on = False
        Surface(look, self, "paper", radius=14, border="line")
        self._label = Label(look, "body", align="center", box=True, even=True)
        self._label.say(text)
        self.add_widget(self._label)

    def mark(self, *, on: bool) -> None:
        self._on = on
        self.dress()

    def dress(self) -> None:
        filled = self._on or self.state == "down"
        self.surface.show("accent" if filled else "paper", "accent" if filled else "line")
        self._label.paint("on_accent" if filled else "ink")


class DockApp(App):
    """`folder`: the simulators'. Marks follow the files, whoever writes them."""

    def __init__(
        self, folder: Path, fonts_folder: Path, language: str, size: tuple[int, int]
    ) -> None:
        super().__init__()
        self._folder, self._fonts, self._language = folder, fonts_folder, Language(language)
        colours = load_colours(_CONFIG / "themes" / "calm.toml")
        self.look = Look(colours, Words(_CONFIG / "locales"), *size)
        self._choices: list[tuple[str, str, Value, Value, _Choice]] = []
        self._shown: tuple[Path, int] | None = None

    def build(self) -> Column:
        fonts.register(self._fonts)
        look = self.look
        Window.clearcolor = look.colour("ground")
        self.title = self._say("title")
        root = Column(look, pad=36, gap=24)
        for device, keys in DEVICES.items():
            heading = Label(look, "lead", bold=True, colour="accent")
            heading.say(self._say(device))
            root.add_widget(heading)
            for key, values in keys.items():
                root.add_widget(self._row(device, key, values))
        self._caption = Label(look, "lead", bold=True, colour="accent")
        self._picture = Image(fit_mode="contain", color=(1, 1, 1, 0))
        root.add_widget(self._caption)
        root.add_widget(self._picture)
        Clock.schedule_interval(self._look_again, _LOOK_AGAIN)
        self._look_again()
        return root

    def open_settings(self, *_: object) -> bool:
        return False

    def _row(self, device: str, key: str, values: tuple[Value, ...]) -> Row:
        look = self.look
        name = fix(look, Label(look, "body", colour="muted", box=True), width=150)
        name.say(self._say(key))
        grid = GridLayout(cols=_ACROSS, spacing=look.u(10), size_hint_y=None)
        grid.bind(minimum_height=grid.setter("height"))
        for value in values:
            grid.add_widget(self._choice(device, key, value, values[0]))
        return Row(look, name, grid, gap=16, flow=True)

    def _choice(self, device: str, key: str, value: Value, first: Value) -> _Choice:
        word = str(value).lower()
        choice = _Choice(
            self.look,
            f"{device}:{key}:{word}",
            self._say(f"option.{word}"),
            lambda: self._set(device, key, value),
        )
        self._choices.append((device, key, value, first, choice))
        return choice

    def _set(self, device: str, key: str, value: Value) -> None:
        write_state(self._folder, device, key, value)
        self._look_again()

    def _look_again(self, *_: object) -> None:
        said = {device: read_state(self._folder, device) for device in DEVICES}
        for device, key, value, first, choice in self._choices:
            choice.mark(on=said[device].get(key, first) == value)
        self._show_receipt()

    def _show_receipt(self) -> None:
        newest = newest_receipt(self._folder)
        self._caption.say(self._say("newest" if newest else "none_yet"))
        if newest is None:
            return
        state = (newest, newest.stat().st_mtime_ns)
        if state != self._shown:
            self._shown = state
            self._picture.texture = CoreImage(str(newest), nocache=True).texture
            self._picture.color = (1, 1, 1, 1)

    def _say(self, key: str) -> str:
        return self.look.words.say(f"dock.{key}", self._language)
