"""The dock's targets: a tab for each device, and a row of choices for each of its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kivy.graphics import Color, SmoothEllipse
from kivy.uix.gridlayout import GridLayout

from kiosk.model import Language
from kiosk.simulated import DEVICES, Knob, Tone, Value
from screens.dock_files import ICONS
from screens.theme import Look
from screens.widgets.box import Column, Row, Surface, fix
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

_COLOURS: Mapping[Tone, str] = {
    Tone.WELL: "accent", Tone.USED: "accent", Tone.WARN: "warn", Tone.BAD: "bad",
}  # fmt: skip
_DOTS: Mapping[Tone, str] = {**_COLOURS, Tone.USED: "good"}
_ACROSS = 4  # choices in one row
_LAID_OUT = {"key": 3}  # as on the device itself
Say = Callable[[str], str]


class Tab(Pressable):
    """One device; a dot says that something there is not as usual."""

    def __init__(self, look: Look, device: str, name: str, act: Callable[[], None]) -> None:
        super().__init__(look, f"tab:{device}", act, orientation="vertical", pad=(4, 12, 4, 6))
        fix(look, self, height=160)
        self._chosen, self._tone = False, Tone.WELL
        Surface(look, self, "paper", radius=18, border="line")
        self._icon = Icon(look, ICONS[device], 72, "accent")
        self._icon.pos_hint = {"center_x": 0.5}
        self._label = Label(look, "small", align="center", box=True, even=True)
        self._label.say(name)
        self.add_widget(self._icon)
        self.add_widget(self._label)
        with self.canvas.after:
            self._rim = Color(*look.colour("paper")[:3], 0)
            self._ring = SmoothEllipse()
            self._ink = Color(1, 1, 1, 0)
            self._dot = SmoothEllipse()
        self.bind(pos=self._place, size=self._place)

    def mark(self, tone: Tone, *, chosen: bool) -> None:
        self._chosen, self._tone = chosen, tone
        self.dress()

    def dress(self) -> None:
        filled = self._chosen or self.state == "down"
        ink = "on_accent" if filled else "accent"
        self.surface.show("accent" if filled else "paper", "accent" if filled else "line")
        self._label.paint("on_accent" if filled else "ink")
        self._icon.color = self.look.colour(ink)
        shown = self._tone is not Tone.WELL
        self._ink.rgba = (*self.look.colour(_DOTS[self._tone])[:3], float(shown))
        self._rim.a = float(shown)

    def _place(self, *_: object) -> None:
        u = self.look.u
        x, y = self.x + self.width - u(30), self.y + self.height - u(30)
        for shape, side in ((self._ring, u(46)), (self._dot, u(34))):
            shape.pos, shape.size = (x - side / 2, y - side / 2), (side, side)


class _Choice(Pressable):
    """One value of one key; filled while the file says so, in the colour of what it means."""

    def __init__(
        self, look: Look, action: str, text: str, tone: Tone, act: Callable[[], None]
    ) -> None:
        super().__init__(look, action, act, pad=6)
        fix(look, self, height=92)
        self._on, self._colour = False, _COLOURS[tone]
        Surface(look, self, "paper", radius=14, border="line")
        self._label = Label(look, "body", align="center", box=True, even=True)
        self._label.say(text)
        self.add_widget(self._label)

    def mark(self, *, on: bool) -> None:
        if on is not self._on:
            self._on = on
            self.dress()

    def dress(self) -> None:
        filled = self._on or self.state == "down"
        colour = self._colour if filled else "paper"
        self.surface.show(colour, colour if filled else "line")
        self._label.paint("on_accent" if filled else "ink")


class Knobs(Column):
    """All keys of one device that a panel shows."""

    def __init__(
        self, look: Look, device: str, say: Say, act: Callable[[str, str, Value], None]
    ) -> None:
        super().__init__(look, gap=28, pad=(0, 8, 0, 8), flow=True)
        self._device, self._say, self._act = device, say, act
        self._choices: list[tuple[str, Knob, Value, _Choice]] = []
        for key, knob in DEVICES[device].items():
            if knob.shown:
                self.add_widget(self._row(key, knob))

    def mark(self, said: Mapping[str, Any]) -> None:
        for key, knob, value, choice in self._choices:
            choice.mark(on=knob.word(said.get(key, knob.first)) == knob.word(value))

    def _row(self, key: str, knob: Knob) -> Row:
        look = self.look
        name = fix(look, Label(look, "body", colour="muted", box=True), width=148)
        name.say(self._say(key))
        values = list(knob.values.items())[knob.push :]  # pushing nothing does nothing
        across = min(len(values), _LAID_OUT.get(key, _ACROSS))
        grid = GridLayout(cols=across, spacing=look.u(10), size_hint_y=None)
        grid.bind(minimum_height=grid.setter("height"))
        for word, value in values:
            action, tone = f"{self._device}:{key}:{word}", knob.tone(value)
            choice = _Choice(look, action, self._word(key, word), tone, self._presser(key, value))
            self._choices.append((key, knob, value, choice))
            grid.add_widget(choice)
        return Row(look, name, grid, gap=16, flow=True)

    def _word(self, key: str, word: str) -> str:
        """Some words mean something else for this key; digits are themselves."""
        special = f"option.{key}.{word}"
        if word.isdigit():
            return word
        return self._say(special if f"dock.{special}" in self.look.words else f"option.{word}")

    def _presser(self, key: str, value: Value) -> Callable[[], None]:
        return lambda: self._act(self._device, key, value)


def says(look: Look, language: Language) -> Say:
    """The dock's own words."""
    return lambda key: look.words.say(f"dock.{key}", language)
