"""May the camera look? What for, where it stays, and that no is a good answer too."""

from __future__ import annotations

from kiosk.events import ConsentGiven, ConsentRefused
from kiosk.view import ConsentBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Row, fix, gap
from screens.widgets.marks import Medallion
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_POINTS = ("help-circle-outline", "shield", "delete-forever", "check-circle-outline")


class Consent(Screen[ConsentBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=40)
        look = kit.look
        self._hello = Label(look, "lead", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._points = [Label(look, "body", even=True) for _ in _POINTS]
        rows = [
            Row(look, Medallion(look, icon, 96), point, gap=32, flow=True)
            for icon, point in zip(_POINTS, self._points, strict=True)
        ]
        for point in self._points:
            point.tall, point.pos_hint = look.u(160), {"center_y": 0.5}
        points = Column(look, *rows, gap=48, flow=True)
        paper = Card(look, gap(look), points, gap(look), pad=44)
        agree = PushButton(look, "agree", lambda: self.post(ConsentGiven()),
                       icon="check", height=164)  # fmt: skip
        refuse = PushButton(look, "disagree", lambda: self.post(ConsentRefused()), kind="secondary",
                        icon="close", height=164)  # fmt: skip
        self._agree, self._refuse = agree, refuse
        heads = Column(look, self._hello, self._title, gap=16, flow=True)
        if look.portrait:
            paper.size_hint_max_y = look.u(820)
            buttons = fix(look, Row(look, refuse, agree, gap=32), height=164)
            space = gap(look)
            space.size_hint_y = 0.001
            self.hold(heads, paper, space, buttons)
        else:
            left = spread(look, heads, agree, refuse, space=40)
            left.size_hint_x = 0.8
            self.hold(Row(look, left, paper, gap=64))

    def fill(self, body: ConsentBody) -> None:
        name = body.guardian or body.name_masked
        greeting = self.say("consent.hello", name=name) if name else ""
        self._hello.say(greeting)
        self._title.say(self._question(body))
        use = self._use(body)
        texts = (
            self.text(body.purpose) or use,
            use + self.say("consent.local"),
            self.say("consent.deleted"),
            (self.say("consent.child.asked") if body.guardian else "") + self.say("consent.free"),
        )
        for label, text in zip(self._points, texts, strict=True):
            label.say(text)
        self._agree.say(self.say("consent.agree"))
        self._refuse.say(self.say("consent.disagree"))

    def _question(self, body: ConsentBody) -> str:
        if body.guardian:
            return self.say("consent.child.title", name=body.name_masked)
        return self.say("consent.title")

    def _use(self, body: ConsentBody) -> str:
        whose = "consent.child" if body.guardian else "consent"
        return self.say(f"{whose}.{'matching' if body.matching else 'framing'}")
