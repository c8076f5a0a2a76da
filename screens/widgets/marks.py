"""Small signs: medallion, badge, notice, countdown ring, busy ring."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.widget import Widget

from screens.theme import Look
from screens.widgets.box import Hug, Row, Surface, fix
from screens.widgets.text import Icon, Label


class Medallion(AnchorLayout):
    """An icon on a tinted disc."""

    def __init__(
        self,
        look: Look,
        name: str,
        size: int = 112,
        *,
        ink: str = "accent",
        ground: str = "accent_soft",
    ) -> None:
        super().__init__(pos_hint={"center_y": 0.5})
        fix(look, self, size, size)
        self.look = look
        self._icon = Icon(look, name, round(size * 0.56), ink)
        with self.canvas.before:
            self._ground = Color(*look.colour(ground))
            self._disc = SmoothEllipse()
        self._number = Label(look, "body", bold=True, hug=True)
        self.bind(pos=self._place, size=self._place)
        self.add_widget(self._icon)

    def change(self, name: str, ink: str = "accent", ground: str = "accent_soft") -> None:
        self._icon.change(name, ink)
        self._hold(self._icon, ground)

    def count(self, number: int, ink: str, ground: str) -> None:
        """A number in place of the icon."""
        self._number.say(str(number))
        self._number.paint(ink)
        self._hold(self._number, ground)

    def _hold(self, widget: Widget, ground: str) -> None:
        self._ground.rgba = self.look.colour(ground)
        if widget not in self.children:
            self.clear_widgets()
            self.add_widget(widget)

    def _place(self, *_: object) -> None:
        self._disc.pos, self._disc.size = self.pos, self.size


class Badge(Hug):
    """A few words on a tinted pill."""

    def __init__(self, look: Look, ink: str = "accent", ground: str = "accent_soft") -> None:
        super().__init__(look, pad=(20, 0, 20, 0))
        fix(look, self, height=52)
        self._surface = Surface(look, self, ground, radius="pill")
        self._label = Label(look, "small", bold=True, colour=ink, hug=True)
        self._label.pos_hint = {"center_y": 0.5}
        self.add_widget(self._label)

    def say(self, text: str, ink: str = "accent", ground: str = "accent_soft") -> None:
        self._label.say(text)
        self._label.paint(ink)
        self._surface.show(ground)


class Notice(Row):
    """A sentence with an icon on a tinted ground. `tone`: accent, good, warn, bad."""

    def __init__(self, look: Look, size: str = "body", *, tone: str = "warn") -> None:
        super().__init__(look, gap=24, pad=(32, 14, 32, 14), flow=True)
        self._surface = Surface(look, self, f"{tone}_soft", radius="button")
        self._icon = Icon(look, "information", 52, tone)
        self._icon.pos_hint = {"center_y": 0.5}
        self._label = Label(look, size, colour="ink", bold=True, even=True)
        self._label.pos_hint = {"center_y": 0.5}
        self.add_widget(self._icon)
        self.add_widget(self._label)

    def say(self, text: str, icon: str = "alert-circle-outline", tone: str = "warn") -> None:
        self._label.say(text)
        self._label.paint("ink" if tone == "accent" else tone)
        self._icon.change(icon, tone)
        self._surface.show(f"{tone}_soft")

    def limit(self, tall: float) -> None:
        """So high may its text be; a longer one takes smaller type."""
        self._label.tall = tall
        self._label.arrange()


class Ring(AnchorLayout):
    """Seconds left, in figures and as an arc that shrinks."""

    def __init__(
        self, look: Look, size: int = 120, *, type_size: str = "lead", ground: str = "line"
    ) -> None:
        super().__init__()
        fix(look, self, size, size)
        self._total, self._left = 1, 1
        self._thick = look.u(10)
        self._label = Label(look, type_size, bold=True, align="center", hug=True)
        with self.canvas.before:
            Color(*look.colour(ground))
            self._track = SmoothLine(width=self._thick / 2)
            Color(*look.colour("accent"))
            self._arc = SmoothLine(width=self._thick / 2)
        self.bind(pos=self._place, size=self._place)
        self.add_widget(self._label)

    def begin(self) -> None:
        """The next `tick` tells the whole time."""
        self._total = 0

    def tick(self, seconds: int) -> None:
        self._left = max(0, seconds)
        self._total = max(self._total, self._left, 1)
        self._label.say(str(self._left))
        self._place()

    def _place(self, *_: object) -> None:
        radius = min(self.size) / 2 - self._thick
        around = (self.center_x, self.center_y, radius)
        self._track.circle = around
        share = max(0.004, self._left / max(self._total, 1))  # placed before its first tick
        self._arc.circle = (*around, 0, 360 * share)


class Busy(Widget):
    """A turning arc; it turns only while `running`, and never where motion is off."""

    def __init__(self, look: Look, size: int = 72) -> None:
        super().__init__()
        fix(look, self, size, size)
        self._thick, self._angle, self._moves = look.u(8), 0.0, look.motion
        self._event: Any = None
        with self.canvas:
            Color(*look.colour("accent_soft"))
            self._track = SmoothLine(width=self._thick / 2)
            Color(*look.colour("accent"))
            self._arc = SmoothLine(width=self._thick / 2)
        self.bind(pos=self._place, size=self._place)

    def run(self, running: bool) -> None:
        if running and self._event is None and self._moves:
            self._event = Clock.schedule_interval(self._turn, 1 / 15)
        elif not running and self._event is not None:
            self._event.cancel()
            self._event = None

    def _turn(self, seconds: float) -> None:
        self._angle = (self._angle + 300 * seconds) % 360
        self._place()

    def _place(self, *_: object) -> None:
        radius = min(self.size) / 2 - self._thick
        self._track.circle = (self.center_x, self.center_y, radius)
        self._arc.circle = (
            self.center_x, self.center_y, radius, self._angle, self._angle + 100,
        )  # fmt: skip
