"""A row with an icon and two texts that leads on; a line of what is told."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.events import Event
from screens.screen import Kit
from screens.widgets.box import Column, Row, Surface
from screens.widgets.marks import Medallion
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

Make = Callable[[], Event]


class Entry(Pressable):
    """`offer` fills it; pressed, it posts what the maker makes."""

    def __init__(self, kit: Kit, *, edge: int = 0) -> None:
        look = kit.look
        edge = edge or (28 if look.portrait else 18)
        super().__init__(look, "", self._chosen, pad=(32, edge, 24, edge), gap=28, flow=True)
        self._kit = kit
        self._make: Make | None = None
        self._surface = Surface(look, self, "paper", border="line", shadow=True)
        self._icon = Medallion(look, "account", 100)
        self._title = Label(look, "lead", bold=True, even=True)
        self._below = Label(look, "body", colour="muted", even=True)
        words = Column(look, self._title, self._below, gap=4, flow=True)
        self._on = Icon(look, "chevron-right", 60, "accent")
        for widget in (words, self._on):
            widget.pos_hint = {"center_y": 0.5}
        self._row = (self._icon, words)

    def offer(
        self, action: str, make: Make, icon: str, title: str, below: str, *,
        free: bool = True, tone: str = "accent",
    ) -> None:  # fmt: skip
        self._make, self.action, self.enabled = make, action, free
        colours = (tone, f"{tone}_soft") if free else ("on_idle", "idle")
        self._icon.change(icon, *colours)
        self._title.say(title)
        self._title.paint("ink" if free else "on_idle")
        self._below.say(below)
        self._below.paint(("muted" if tone == "accent" else tone) if free else "warn")
        self.hold(*self._row, *((self._on,) if free else ()))

    def wipe(self) -> None:
        self._make = None
        self._title.say("")
        self._below.say("")

    def _chosen(self) -> None:
        if self._make is not None:
            self._kit.post(self._make())

    def dress(self) -> None:
        down = self.state == "down"
        fill = "press" if down else "paper" if self._enabled else "ground"
        self._surface.show(fill, "accent" if down else "line")


class Told(Row):
    """A small sign, a text, and what belongs to it beneath."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=24, pad=(0, 10, 0, 10), flow=True)
        self._icon = Medallion(look, "check", 64)
        self._text = Label(look, "body", bold=True)
        self._below = Label(look, "small", colour="muted")
        words = Column(look, self._text, self._below, flow=True)
        for widget in (self._icon, words):
            widget.pos_hint = {"center_y": 0.5}
        self.hold(self._icon, words)

    def fill(self, icon: str, tone: str, text: str, below: str) -> None:
        ground = "idle" if tone == "muted" else f"{tone}_soft"
        self._icon.change(icon, tone, ground)
        self._text.say(text)
        self._text.paint("muted" if tone == "muted" else "ink")
        self._below.say(below)
