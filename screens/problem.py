"""Something went wrong: one sentence, one way out."""

from __future__ import annotations

from kiosk.events import WayOutTaken
from kiosk.view import ProblemBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Middle, Row, fix
from screens.widgets.marks import Medallion, Ring
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_ICONS = (
    ("card.no_reader", "wrench"),
    ("card", "account-card-details"),
    ("face", "camera-off"),
    ("query_offline", "wifi-off"),
    ("journal_full", "wrench"),
    ("interrupted", "power-settings"),
)


class Problem(Screen[ProblemBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        align = "center" if look.portrait else "left"
        self._mark = Medallion(look, "alert", 240, ink="warn", ground="warn_soft")
        self._title = Label(look, "title", bold=True, align=align, even=True)
        self._text = Label(look, "lead", colour="muted", align=align, even=True)
        self._caption = Label(look, "small", bold=True, colour="muted", align="center")
        self._number = fix(
            look, Label(look, "head", bold=True, align="center", box=True), height=80
        )
        self._case = Card(look, self._caption, self._number, gap=4, pad=(24, 20, 24, 20),
                          fill="accent_soft", flow=True)  # fmt: skip
        self._extra = Column(look, flow=True)
        self._ring = Ring(look, 140)
        self._out = PushButton(look, "way_out", lambda: self.post(WayOutTaken()),
                           icon="chevron-right", after=True, height=140)  # fmt: skip
        self._row = fix(look, Row(look, gap=40), height=140)
        words = (self._title, self._text, self._extra, self._row)
        if look.portrait:
            top = Middle(self._mark, size_hint_y=None, height=self._mark.height)
            self.hold(spread(look, top, *words, space=48))
        else:
            picture = Middle(self._mark, size_hint_x=None, width=look.u(380))
            self.hold(Row(look, picture, spread(look, *words), gap=48))

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: ProblemBody) -> None:
        icon = next((name for start, name in _ICONS if body.code.startswith(start)), "alert")
        self._mark.change(icon, "warn", "warn_soft")
        self._title.say(self.say(f"problem.{body.code}", case_no=body.case_no))
        self._text.say(self.say(f"problem.{body.code}.help", case_no=body.case_no))
        self._caption.say(self.say("case_no"))
        self._number.say(body.case_no)
        self._extra.hold(*((self._case,) if body.case_no else ()))
        self._out.say(self.say(f"way_out.{body.way_out}"))
        self._ring.tick(body.seconds_left)
        self._row.hold(*((self._ring, self._out) if body.seconds_left else (self._out,)))
