"""The terminal cannot serve: it says so, and where to go instead."""

from __future__ import annotations

from kiosk.events import StaffEntered
from kiosk.view import OutOfServiceBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Middle, Row, fix, gap
from screens.widgets.door import Door
from screens.widgets.marks import Medallion
from screens.widgets.text import Label

_MARKS = {"starting": "clock", "hold": "clock", "test_print": "clock", "identify": "map-marker"}
_SHOWN = 3  # notices; the fleet and `kiosk check` have them all


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
        self._next = Label(look, "body", bold=True, box=True)
        self._phone = Label(look, "lead", bold=True, box=True)
        self._rows = {
            icon: fix(look, Row(look, Medallion(look, icon, 84), label, gap=32), height=height)
            for icon, label, height in (
                ("map-marker", self._place, 96),
                ("directions", self._next, 136),
                ("phone", self._phone, 96),
            )
        }
        self._paper = paper = Card(look, gap=16, pad=40, flow=True)
        words = Column(look, self._title, self._why, gap=28 if look.portrait else 12, flow=True)
        self._staff = Label(look, "small", colour="muted", align=align)
        self._door = Door(look, lambda: self.post(StaffEntered()))
        self._foot = fix(look, Row(look, gap(look), self._door), height=96)
        if look.portrait:
            top = Middle(mark, size_hint_y=None, height=mark.height)
            self._page = spread(look, top, words, paper, self._staff, space=64)
        else:
            picture = Middle(mark, size_hint_x=None, width=look.u(480))
            told = spread(look, words, paper, self._staff, space=20)
            self._page = Row(look, picture, told, gap=48)

    def fill(self, body: OutOfServiceBody) -> None:
        starting = body.code == "starting"
        self._brighten(_MARKS.get(body.code, "wrench"), flash=body.flash)
        self._title.say(self._head(body, starting=starting))
        said = self.text(body.message) if body.message else self.say(f"out_of_service.{body.code}")
        self._why.say(said)
        self._place.say(self.say("out_of_service.go", site=self.text(body.site)))
        self._next.say(self.next_terminal(body.elsewhere) if body.elsewhere else "")
        told = [icon for icon in self._rows if icon != "directions" or body.elsewhere]
        self._paper.hold(*(self._rows[icon] for icon in told))
        self._phone.say(self.say("hotline", number=body.hotline))
        self._staff.say(self.for_staff(body.notices, _SHOWN if body.elsewhere is None else 1))
        self._door.say(self.say("staff.door"))
        self.hold(self._page, *((self._foot,) if body.staff else ()))

    def _head(self, body: OutOfServiceBody, *, starting: bool) -> str:
        """Somebody who looks for this terminal reads its number from afar."""
        if body.terminal:
            return body.terminal
        return self.say("starting.title" if starting else "out_of_service.title")

    def _brighten(self, mark: str, *, flash: bool) -> None:
        """Once a second, and never the whole screen from black to white."""
        self._mark.change(mark, *(("paper", "accent") if flash else ()))
        self._title.paint("accent" if flash else "ink")
