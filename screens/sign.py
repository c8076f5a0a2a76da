"""A signature by hand below the declaration; and a way on for those who can't sign."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.graphics import Color, Line
from kivy.uix.floatlayout import FloatLayout

from kiosk.events import SignatureDeclined, Signed
from kiosk.signature import Stroke
from kiosk.view import SignBody
from screens.screen import Kit, Screen
from screens.theme import Look
from screens.widgets.box import Column, Row, Surface, fix
from screens.widgets.ink import Ink
from screens.widgets.press import PushButton
from screens.widgets.text import Icon, Label

_QUIET = 0.3  # seconds: the second half of a double tap on the page before leaves no dot
_BASELINE = 0.27  # of the field's height


class _Field(FloatLayout):
    """White ground, a line to write on, and below it what to do, or what was wrong."""

    def __init__(self, look: Look, ink: Ink) -> None:
        super().__init__()
        self.look = look
        self._hint = Label(look, "body", align="center", bold=True)
        self._hint.size_hint_x = None
        self._sign = Icon(look, "pencil", 52, "muted")
        Surface(look, self, "paper", border="ink", thick=4)
        with self.canvas.before:
            Color(*look.colour("muted"))
            self._line = Line(width=look.u(2))
        ink.pos_hint = {"x": 0, "y": 0}
        for widget in (self._hint, self._sign, ink):
            self.add_widget(widget)
        self.bind(pos=self._place, size=self._place)
        self._hint.bind(height=self._place)

    def say(self, text: str, *, wrong: bool) -> None:
        self._hint.say(text)
        self._hint.paint("bad" if wrong else "muted")
        self._sign.change("alert-circle" if wrong else "pencil", "bad" if wrong else "muted")

    def _place(self, *_: object) -> None:
        u = self.look.u
        line = max(self.height * _BASELINE, self._hint.height + u(32))  # what is wrong may be long
        y, edge = round(self.y + line), u(64)
        self._line.points = [self.x + edge, y, self.right - edge, y]
        self._sign.pos = (self.x + edge, y + u(12))
        self._hint.width, self._hint.x = self.width - 2 * edge, self.x + edge
        self._hint.top = y - u(16)


class Sign(Screen[SignBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True)
        self._title.tall = look.tall(110)
        self._name = Label(look, "body", colour="muted")
        self._declaration = Label(look, "body")
        icon = Icon(look, "file-check", 52, "accent")
        self._promise = Row(look, icon, self._declaration, gap=24, pad=28, flow=True)
        for widget in (icon, self._declaration, self._promise):
            widget.pos_hint = {"center_y": 0.5}
        Surface(look, self._promise, "accent_soft", radius="button")
        self._heads = Column(look, self._title, self._name, gap=8, flow=True)
        self._above = (Column if look.portrait else Row)(look, gap=32, flow=True)
        self.ink = Ink(look, self._inked)
        self._field = _Field(look, self.ink)
        self._done = PushButton(look, "sign:done", self._finish, icon="check", height=140)
        self._clear = PushButton(look, "sign:clear", self.ink.wipe, kind="secondary",
                                 icon="eraser", height=140)  # fmt: skip
        self._decline = PushButton(look, "sign:decline", lambda: self.post(SignatureDeclined()),
                                   kind="plain", size="body", height=112)  # fmt: skip
        pair = fix(look, Row(look, self._clear, self._done, gap=32), height=140)
        if look.portrait:
            self.hold(self._above, self._field, pair, self._decline)
        else:
            fix(look, self._decline, height=140)
            self._decline.size_hint_x, pair.size_hint_x = 0.5, 1
            buttons = fix(look, Row(look, self._decline, pair, gap=32), height=140)
            self.hold(self._above, self._field, buttons)
        self._inked()

    def enter(self) -> None:
        self.ink.wipe()
        self.ink.ready = False
        Clock.schedule_once(self._listen, _QUIET)

    def fill(self, body: SignBody) -> None:
        self._title.say(self.say("sign.title"))
        self._name.say(self.text(body.name))
        declaration = self.text(body.declaration)
        self._declaration.say(declaration)
        self._above.hold(self._heads, *((self._promise,) if declaration else ()))
        self._field.say(self.say(body.error or "sign.hint"), wrong=bool(body.error))
        self._clear.say(self.say("sign.clear"))
        self._done.say(self.say("sign.done"))
        self._decline.say(self.say("sign.decline"))

    def wipe(self) -> None:
        super().wipe()
        self.ink.ready = False
        self.ink.wipe()

    def kept(self) -> object:
        return self.ink.strokes

    def restore(self, kept: tuple[Stroke, ...]) -> None:
        self.ink.take(kept)

    def _listen(self, _seconds: float) -> None:
        self.ink.ready = True

    def _inked(self) -> None:
        """Nothing to clear or to hand in while the field is empty."""
        self._done.enabled = self._clear.enabled = bool(self.ink.strokes)

    def _finish(self) -> None:
        self.post(Signed(self.ink.strokes))
