"""The terminal cannot serve: it says so, and where to go instead."""

from __future__ import annotations

from kiosk.view import OutOfServiceBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Middle, Row, fix
from screens.widgets.marks import Medallion
from screens.widgets.text import Label


class OutOfService(Screen[OutOfServiceBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        align = "center" if look.portrait else "left"
        mark = Medallion(look, "wrench", 280)
        self._mark = mark
        self._title = Label(look, "display", bold=True, align=align, even=True)
        self._why = Label(look, "lead", colour="muted", align=align, even=True)
        self._place = Label(look, "lead", bold=True, box=True)
        self._phone = Label(look, "lead", bold=True, box=True)
        rows = [
            fix(look, Row(look, Medallion(look, icon, 84), label, gap=32), height=96)
            for icon, label in (("map-marker", self._place), ("phone", self._phone))
        ]
        paper = Card(look, *rows, gap=28, pad=48, flow=True)
        words = Column(look, self._title, self._why, gap=28, flow=True)
        if look.portrait:
            top = Middle(mark, size_hint_y=None, height=mark.height)
            self.hold(spread(look, top, words, paper, space=64))
        else:
            picture = Middle(mark, size_hint_x=None, width=look.u(480))
            self.hold(Row(look, picture, spread(look, words, paper, space=56), gap=48))

    def fill(self, body: OutOfServiceBody) -> None:
        starting = body.code == "starting"
        self._mark.change("clock" if starting else "wrench")
        self._title.say(self.say("starting.title" if starting else "out_of_service.title"))
        self._why.say(self.say(f"out_of_service.{body.code}"))
        self._place.say(self.say("out_of_service.go", site=self.text(body.site)))
        self._phone.say(self.say("hotline", number=body.hotline))
