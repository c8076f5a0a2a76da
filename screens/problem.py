"""Something went wrong: one sentence, one way out, and perhaps another one."""

from __future__ import annotations

from kiosk.events import OtherWaysAsked, WayOutTaken
from kiosk.view import ProblemBody
from screens.pin import tries_words
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Middle, Row, fix
from screens.widgets.marks import Badge, Medallion, Ring
from screens.widgets.press import PushButton
from screens.widgets.text import Icon, Label

_ICONS = (
    ("card.no_reader", "wrench"),
    ("collect.unreachable", "wifi-off"),
    ("collect", "certificate"),
    ("card.swapped", "shield"),
    ("card", "account-card-details"),
    ("face.no_camera", "camera-off"),
    ("face", "face"),
    ("query_offline", "wifi-off"),
    ("journal_full", "wrench"),
    ("interrupted", "power-settings"),
)

_STILL = 4  # so many services are named that can be had all the same


class _Still(Card):
    """What can be had all the same."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=12, pad=(40, 24, 40, 28), flow=True)
        self._caption = Label(look, "body", colour="muted")
        size = "lead" if look.portrait else "body"
        self._names = [Label(look, size, bold=True) for _ in range(_STILL)]
        marked = []
        for name in self._names:
            icon = Icon(look, "check", 48, "good")
            name.pos_hint = icon.pos_hint = {"center_y": 0.5}
            marked.append(Row(look, icon, name, gap=20, flow=True))
        self._marked, self._across = marked, 1 if look.portrait else 2
        self._rows = [Row(look, gap=32, flow=True) for _ in marked[:: self._across]]
        self._more = Label(look, "body", colour="muted", align="right")
        self._more.size_hint_x = 0.4
        self._head = Row(look, self._caption, self._more, gap=24, flow=True)

    def fill(self, names: list[str], screen: Problem) -> None:
        self._caption.say(screen.say("still.title"))
        shown = names[:_STILL]
        for label, name in zip(self._names, shown, strict=False):
            label.say(name)
        hidden = len(names) - len(shown)
        self._more.say(screen.say("still.more", count=hidden) if hidden else "")
        starts = range(0, len(shown), self._across)
        for row, start in zip(self._rows, starts, strict=False):
            row.hold(*self._marked[: len(shown)][start : start + self._across])
        self.hold(self._head, *self._rows[: len(starts)])


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
        self._tries = Badge(look)
        self._counted = Middle(self._tries, x=align, size_hint_y=None, height=look.u(52))
        self._still = _Still(kit)
        self._extra = Column(look, gap=40, flow=True)
        self._ring = Ring(look, 140)
        self._out = PushButton(look, "way_out", lambda: self.post(WayOutTaken()),
                           icon="chevron-right", after=True, height=140)  # fmt: skip
        self._other = PushButton(look, "other_ways", lambda: self.post(OtherWaysAsked()),
                             kind="secondary", icon="account-convert", height=140)  # fmt: skip
        self._row = fix(look, Row(look, gap=40), height=140)
        self._ways = Column(look, gap=28, flow=True)
        words = (self._title, self._text, self._extra, self._ways)
        if look.portrait:
            top = Middle(self._mark, size_hint_y=None, height=self._mark.height)
            self.hold(spread(look, top, *words, space=48))
        else:
            picture = Middle(self._mark, size_hint_x=None, width=look.u(380))
            self.hold(Row(look, picture, spread(look, *words, space=32), gap=48))

    def enter(self) -> None:
        self._ring.begin()

    def fill(self, body: ProblemBody) -> None:
        icon = next((name for start, name in _ICONS if body.code.startswith(start)), "alert")
        self._mark.change(icon, "warn", "warn_soft")
        self._title.say(self.say(f"problem.{body.code}", case_no=body.case_no))
        self._text.say(self.say(f"problem.{body.code}.help", case_no=body.case_no))
        self._caption.say(self.say("case_no"))
        self._number.say(body.case_no)
        self._still.fill([self.text(name) for name in body.still], self)
        counted = body.tries_left is not None
        self._tries.say(tries_words(self, body.tries_left or 0), "warn", "warn_soft")
        there = ((self._counted, counted), (self._case, body.case_no), (self._still, body.still))
        self._extra.hold(*(widget for widget, shown in there if shown))
        self._out.say(self.say(f"way_out.{body.way_out}"))
        self._ring.tick(body.seconds_left)
        self._row.hold(*((self._ring, self._out) if body.seconds_left else (self._out,)))
        self._other.say(self.say("way_out.other_ways"))
        self._ways.hold(self._row, *((self._other,) if body.other_ways else ()))

    def wipe(self) -> None:
        super().wipe()
        self._number.wipe()
