"""A helper looks at a person and their card, and says whether they belong together."""

from __future__ import annotations

from kiosk.events import Witnessed
from kiosk.view import WitnessBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Row
from screens.widgets.marks import Medallion
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_FACTS = ("name", "number", "item")
_POINTS = (("eye", "witness.look"), ("pencil", "witness.recorded"))


class Witness(Screen[WitnessBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=40)
        look = kit.look
        self._asked = Label(look, "lead", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._names = [Label(look, "small", colour="muted") for _ in _FACTS]
        self._values = [Label(look, "head", bold=True) for _ in _FACTS]
        for value in self._values:
            value.tall = look.tall(120)
        facts = [
            Column(look, name, value, gap=2, flow=True)
            for name, value in zip(self._names, self._values, strict=True)
        ]
        self._points = [Label(look, "body", even=True) for _ in _POINTS]
        rows = [
            Row(look, Medallion(look, icon, 76), point, gap=28, flow=True)
            for (icon, _), point in zip(_POINTS, self._points, strict=True)
        ]
        for point in self._points:
            point.tall, point.pos_hint = look.u(110), {"center_y": 0.5}
        person = Card(look, *facts, gap=24, pad=(48, 36, 48, 36), flow=True)
        points = Column(look, *rows, gap=24, flow=True)
        high = 148 if look.portrait else 164
        self._agree = PushButton(look, "witness:agree", lambda: self.post(Witnessed(True)),
                                 icon="check", height=high)  # fmt: skip
        self._disagree = PushButton(look, "witness:disagree", lambda: self.post(Witnessed(False)),
                                    icon="close", kind="secondary", height=high)  # fmt: skip
        heads = Column(look, self._asked, self._title, gap=16, flow=True)
        buttons = Column(look, self._agree, self._disagree, gap=24, flow=True)
        if look.portrait:
            self.hold(spread(look, heads, person, points, buttons, space=36))
        else:
            left = spread(look, heads, buttons, space=56)
            self.hold(Row(look, left, spread(look, person, points, space=48), gap=64))

    def fill(self, body: WitnessBody) -> None:
        self._asked.say(self.say("witness.asked", name=body.helper))
        self._title.say(self.say("witness.title"))
        values = (body.name_masked, body.number_masked, self.text(body.item))
        rows = zip(_FACTS, self._names, self._values, values, strict=True)
        for fact, name, label, value in rows:
            name.say(self.say(f"witness.{fact}"))
            label.say(value or "—")
        for (_, key), point in zip(_POINTS, self._points, strict=True):
            point.say(self.say(key))
        self._agree.say(self.say("witness.agree"))
        self._disagree.say(self.say("witness.disagree"))
