"""Put the card on the reader; leave it there."""

from __future__ import annotations

from typing import Any

from kivy.animation import Animation
from kivy.graphics import Color, SmoothLine, SmoothRoundedRectangle
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.view import CardBody
from screens.screen import Kit, Screen, spread, two
from screens.theme import Look
from screens.widgets.box import Column, Middle, Row, fix
from screens.widgets.marks import Busy, Medallion
from screens.widgets.text import Label

_TIPS = ("account-card-details", "timer", "lock")
_RECORDED = ("helper", "staff")  # those who work here: what they do goes on record


class Illustration(Widget):
    """A card that comes down onto the reader, again and again; while reading it lies there."""

    lift = NumericProperty(1.0)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        fix(look, self, 620, 560)
        with self.canvas:
            self._shapes: list[tuple[Any, tuple[float, ...]]] = []
            self._part("deep", (60, 40, 500, 150), 40)
            self._part("accent", (92, 76, 436, 78), 26)
            self._glow = Color(*look.colour("accent_line"))
            self._waves = [SmoothLine(width=look.u(4)) for _ in range(3)]
            self._card = [
                self._part("shadow", (128, 132, 372, 236), 30),
                self._part("paper", (120, 140, 372, 236), 28),
                self._part("accent_soft", (128, 148, 356, 220), 22),
                self._part("accent", (384, 196, 76, 96), 16),
                self._part("accent_line", (152, 300, 190, 24), 12),
                self._part("accent_line", (152, 252, 150, 20), 10),
                self._part("accent_line", (152, 212, 170, 20), 10),
                self._part("accent_line", (152, 172, 308, 14), 7),
            ]
        self.bind(pos=self._place, lift=self._place)
        self._move: Any = None

    def _part(self, colour: str, box: tuple[float, ...], radius: float) -> Any:
        Color(*self.look.colour(colour))
        shape = SmoothRoundedRectangle(radius=[self.look.u(radius)])
        self._shapes.append((shape, box))
        return shape

    def run(self, running: bool) -> None:
        if running and self.look.motion and self._move is None:
            self._move = (
                Animation(lift=1, d=0.9)
                + Animation(lift=0, d=1.2, t="in_out_cubic", step=1 / 20)
                + Animation(lift=0, d=1.4, step=0.2)
                + Animation(lift=1, d=0.8, t="in_out_cubic", step=1 / 20)
            )
            self._move.repeat = True
            self._move.start(self)
        elif not running and self._move is not None:
            self._move.cancel(self)
            self._move = None
            self.lift = 0

    def _place(self, *_: object) -> None:
        u = self.look.factor
        raised = self.lift * 130
        for shape, (x, y, w, h) in self._shapes:
            up = raised if shape in self._card else 0
            shape.pos = (self.x + x * u, self.y + (y + up) * u)
            shape.size = (w * u, h * u)
        top = self.y + (196 + 18) * u
        for number, wave in enumerate(self._waves):
            half = (70 + 46 * number) * u
            wave.ellipse = (self.center_x - half, top - half / 2, 2 * half, half, -70, 70)


class Card(Screen[CardBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        align = "center" if look.portrait else "left"
        self._title = Label(look, "title", bold=True, align=align, even=True)
        self._hint = Label(look, "lead", colour="muted", align=align, even=True)
        self._busy = Busy(look, 88)
        self._wait = Middle(self._busy, x=align, size_hint_y=None, height=look.u(96))
        self._tips = [Label(look, "body", box=True, even=True) for _ in _TIPS]
        rows = [
            fix(look, Row(look, Medallion(look, icon, 76), tip, gap=28), height=108)
            for icon, tip in zip(_TIPS, self._tips, strict=True)
        ]
        self._list = Column(look, *rows, gap=12, flow=True)
        self._picture = Illustration(look)
        self._state = Column(look, flow=True)
        if look.portrait:
            middle = Middle(self._picture, size_hint_y=None, height=look.u(580))
            self.hold(spread(look, self._title, self._hint, middle, self._state, space=36))
        else:
            words = spread(look, self._title, self._hint, self._state, space=40)
            self.hold(two(look, words, Middle(self._picture), 0.54))

    def fill(self, body: CardBody) -> None:
        reading = body.phase == "reading"
        page = "reading" if reading else body.whose
        self._title.say(self.say(f"card.{page}.title"))
        self._hint.say(self.say(f"card.{page}.hint"))
        for tip, words in zip(self._tips, self._advice(body), strict=True):
            tip.say(words)
        self._state.hold(self._wait if reading else self._list)
        self._busy.run(reading)
        self._picture.run(not reading)

    def _advice(self, body: CardBody) -> list[str]:
        tips = [self.say(f"card.tip.{number + 1}") for number in range(len(_TIPS))]
        if body.whose in _RECORDED:
            tips[-1] = self.say(f"card.{body.whose}.tip")
        others = [self.say(f"document.{name}") for name in body.documents if name != "id_card"]
        if others:
            tips[0] = self.say("card.tip.or", others=self.say("document.or").join(others))
        return tips

    def wipe(self) -> None:
        super().wipe()
        self._busy.run(False)
        self._picture.run(False)
