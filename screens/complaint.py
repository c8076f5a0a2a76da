"""The hotline and where to complain; the number of a complaint; a slip that was wished for."""

from __future__ import annotations

from kiosk.events import ComplaintStarted, Left, PapersCollected, SlipWanted
from kiosk.model import Rung
from kiosk.view import HotlineBody, LodgedBody, SlipBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Row, fix, gap
from screens.widgets.ladder import PaperCard
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_OUT = (Rung.PRESENTED, Rung.TAKEN)


class Hotline(Screen[HotlineBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=40)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True)
        self._lead = Label(look, "lead", colour="muted", even=True)
        self._call = Label(look, "lead", bold=True, align="center", even=True)
        self._number = Label(look, "clock", bold=True, colour="accent", align="center")
        self._hours = Label(look, "body", colour="muted", align="center", even=True)
        board = Card(look, self._call, self._number, self._hours, gap=20, pad=(40, 44, 40, 48),
                     fill="accent_soft", border="accent_line", flow=True)  # fmt: skip
        self._here = Label(look, "lead", bold=True, even=True)
        self._hint = Label(look, "body", colour="muted", even=True)
        self._about = Label(look, "body", bold=True, colour="accent")
        self._go = PushButton(look, "complain", lambda: self.post(ComplaintStarted()),
                              icon="pencil", height=140)  # fmt: skip
        heads = Column(look, self._title, self._lead, gap=16, flow=True)
        words = Column(look, self._here, self._hint, self._about, gap=12, flow=True)
        if look.portrait:
            self.hold(heads, board, words, gap(look), self._go)
        else:
            left = Column(look, heads, board, gap(look), gap=40)
            right = Column(look, words, gap(look), self._go, gap=32)
            self.hold(Row(look, left, right, gap=72))

    def fill(self, body: HotlineBody) -> None:
        self._title.say(self.say("hotline.title"))
        self._lead.say(self.say("hotline.lead"))
        self._call.say(self.say("hotline.call"))
        self._number.say(body.hotline)
        self._hours.say(self.say("hotline.hours"))
        self._here.say(self.say("hotline.here"))
        self._hint.say(self.say("hotline.hint"))
        self._about.say(f"{self.say('case_no')}  {body.case_no}" if body.case_no else "")
        self._go.say(self.say("hotline.go"))


class Lodged(Screen[LodgedBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=36)
        look = kit.look
        align = "center" if look.portrait else "left"
        self._title = Label(look, "title", bold=True, align=align, even=True)
        self._lead = Label(look, "lead", colour="muted", align=align, even=True)
        self._caption = Label(look, "body", bold=True, colour="accent", align="center")
        self._number = Label(look, "head", bold=True, align="center")
        board = Card(look, self._caption, self._number, gap=12, pad=40, fill="accent_soft",
                     border="accent_line", flow=True)  # fmt: skip
        self._keep = Label(look, "body", align=align, even=True)
        self._below: Column | Row
        self._slip = PushButton(look, "lodged_slip", lambda: self.post(SlipWanted()),
                                kind="secondary", icon="receipt", height=140)  # fmt: skip
        self._end = PushButton(look, "lodged_end", lambda: self.post(Left()), icon="check",
                               height=140)  # fmt: skip
        self._below = Column(look, gap=24, flow=True)
        if not look.portrait:
            self._below = fix(look, Row(look, gap=32), height=140)
        heads = Column(look, self._title, self._lead, gap=20, flow=True)
        self.hold(spread(look, heads, board, self._keep, space=48), self._below)

    def fill(self, body: LodgedBody) -> None:
        self._title.say(self.say("lodged.title"))
        self._lead.say(self.say("lodged.lead", day=self.text(body.due)))
        self._caption.say(self.say("lodged.number"))
        self._number.say(body.number)
        self._keep.say(self.say("lodged.keep"))
        self._slip.say(self.say("lodged.slip"))
        self._end.say(self.say("lodged.end"))
        self._below.hold(*((self._slip,) if body.slip else ()), self._end)


class SlipPage(Screen[SlipBody]):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        edges = {"pad": (56, 48, 56, 72)} if look.portrait else {}  # no footer stands below
        super().__init__(kit, gap=36, **edges)
        self._title = Label(look, "title", bold=True, align="center", even=True)
        self._number = Label(look, "head", bold=True, align="center")
        self._paper = PaperCard(look)
        self._go = PushButton(look, "slip_done", lambda: self.post(PapersCollected()),
                              icon="chevron-right", after=True, height=140)  # fmt: skip
        self._told = Label(look, "lead", bold=True, colour="accent", align="center", even=True)
        self._case = Label(look, "body", colour="muted", align="center")
        self._board = Card(look, self._told, self._case, gap=12, pad=36, fill="accent_soft",
                           border="accent_line", flow=True)  # fmt: skip
        self._middle = Column(look, gap=48 if look.portrait else 24, flow=True)
        self.hold(spread(look, self._middle, space=48), self._go)

    def fill(self, body: SlipBody) -> None:
        lost = body.done and body.paper.rung not in _OUT
        self._title.say(self.say(f"slip.{body.kind}"))
        self._number.say(body.number)
        self._told.say("\n".join(self.text(line) for line in body.told))
        self._case.say(body.number if body.told else "")
        about = self._board if body.told else self._number
        self._middle.hold(self._title, about, self._paper)
        self._paper.fill(body.paper, self.say)
        self._go.enabled = body.done
        unread = "slip.note" if body.number else "slip.back"
        done = unread if lost else "slip.done"
        self._go.say(self.say(done if body.done else "papers.wait"))

    def wipe(self) -> None:
        super().wipe()
        self._told.say("")
        self._case.say("")
        self._paper.rest()
