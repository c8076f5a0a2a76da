"""How was it? Five faces, or nothing at all."""

from __future__ import annotations

from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.uix.widget import Widget

from kiosk.events import Rated, RatingSkipped
from kiosk.view import RatingBody
from screens.screen import Kit, Screen, spread
from screens.theme import Look
from screens.widgets.box import Card, Column, Middle, Row, fix
from screens.widgets.marks import Ring
from screens.widgets.press import Pressable, PushButton
from screens.widgets.text import Label

LEVELS = (5, 4, 3, 2, 1)
_SMILE = {5: 0.21, 4: 0.11, 3: 0.0, 2: -0.10, 1: -0.20}


class Smiley(Widget):
    """Drawn, so that five degrees look like one family. `level` 5 is very satisfied."""

    def __init__(self, look: Look, level: int, size: int = 144) -> None:
        super().__init__()
        fix(look, self, size, size)
        self._look, self._bend = look, _SMILE[level]
        with self.canvas:
            self._ground = Color(*look.colour("accent_soft"))
            self._disc = SmoothEllipse()
            self._ink = Color(*look.colour("accent"))
            self._rim = SmoothLine(width=look.u(3))
            self._eyes = [SmoothEllipse() for _ in range(2)]
            self._mouth = SmoothLine(width=look.u(4), cap="round", joint="round")
        self.bind(pos=self._place, size=self._place)

    def press(self, *, down: bool) -> None:
        self._ground.rgba = self._look.colour("accent" if down else "accent_soft")
        self._ink.rgba = self._look.colour("on_accent" if down else "accent")

    def _place(self, *_: object) -> None:
        side, (x, y) = self.width, self.pos
        self._disc.pos, self._disc.size = self.pos, self.size
        self._rim.circle = (self.center_x, self.center_y, side / 2 - self._look.u(3))
        eye = side * 0.11
        for share, shape in zip((0.34, 0.66), self._eyes, strict=True):
            shape.size = (eye, eye)
            shape.pos = (x + side * share - eye / 2, y + side * 0.58)
        points: list[float] = []
        for step in range(-8, 9):
            t = step / 8
            points += [x + side * (0.5 + 0.23 * t), y + side * (0.35 + self._bend * (t * t - 0.6))]
        self._mouth.points = points


class _Level(Pressable):
    def __init__(self, kit: Kit, level: int) -> None:
        look = kit.look
        super().__init__(look, f"rate:{level}", lambda: kit.post(Rated(level)),
                         orientation="vertical", gap=16)  # fmt: skip
        fix(look, self, height=300)
        self._face = Smiley(look, level, 144)
        self.label = Label(look, "small", bold=True, align="center", box=True, even=True)
        self.add_widget(Middle(self._face, size_hint_y=None, height=look.u(152)))
        self.add_widget(self.label)

    def dress(self) -> None:
        self._face.press(down=self.state == "down")
        self.label.paint("accent" if self.state == "down" else "ink")


class Rating(Screen[RatingBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        self._title = Label(look, "title", bold=True, align="center", even=True)
        self._hint = Label(look, "lead", colour="muted", align="center", even=True)
        self._levels = [_Level(kit, level) for level in LEVELS]
        row = fix(look, Row(look, *self._levels, gap=8), height=300)
        paper = Card(look, row, pad=(28, 56, 28, 28), flow=True)
        self._skip = PushButton(look, "skip", lambda: self.post(RatingSkipped()), kind="plain")
        self._ring = Ring(look, 128)
        below = fix(look, Row(look, self._ring, self._skip, gap=40), height=128)
        heads = Column(look, self._title, self._hint, gap=20, flow=True)
        if not look.portrait:
            fix(look, below, width=760)
            below = Middle(below, size_hint_y=None, height=look.u(128))
        self.hold(spread(look, heads, paper, below, space=64))

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: RatingBody) -> None:
        self._title.say(self.say("rating.title"))
        self._hint.say(self.say("rating.hint"))
        for widget, level in zip(self._levels, LEVELS, strict=True):
            widget.label.say(self.say(f"rating.{level}"))
        self._skip.say(self.say("rating.skip"))
        self._ring.tick(body.seconds_left)
