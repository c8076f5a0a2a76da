"""A number to wait with: the citizen goes on at the desk."""

from __future__ import annotations

from kiosk.events import PapersCollected
from kiosk.model import Rung
from kiosk.view import TicketBody
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Row, fix, gap
from screens.widgets.ladder import PaperCard
from screens.widgets.press import PushButton
from screens.widgets.text import Label

_OUT = (Rung.PRESENTED, Rung.TAKEN)


class Ticket(Screen[TicketBody]):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        edges = {"pad": (56, 48, 56, 72)} if look.portrait else {}  # no footer stands below
        super().__init__(kit, gap=32, **edges)
        align = "center" if look.portrait else "left"
        self._title = Label(look, "title", bold=True, align=align, even=True)
        self._title.tall = look.tall(110)
        self._item = Label(look, "lead", colour="muted", align=align, even=True)
        self._caption = Label(look, "body", bold=True, colour="accent", align="center")
        self._number = fix(
            look, Label(look, "clock", bold=True, colour="accent", align="center", box=True),
            height=290,
        )  # fmt: skip
        self._wait = Label(look, "lead", bold=True, align="center", even=True)
        self._wait.tall = look.tall(130 if look.portrait else 70)
        board = Card(look, self._caption, self._number, self._wait, gap=12, pad=(40, 40, 40, 44),
                     fill="accent_soft", border="accent_line", flow=True)  # fmt: skip
        self._paper = PaperCard(look)
        self._go = PushButton(look, "ticket_done", lambda: self.post(PapersCollected()),
                              icon="chevron-right", after=True, height=140)  # fmt: skip
        heads = Column(look, self._title, self._item, gap=16, flow=True)
        if look.portrait:
            self.hold(spread(look, heads, board, self._paper, space=48), self._go)
        else:
            right = Column(look, gap(look), self._paper, gap(look), self._go, gap=32)
            self.hold(Row(look, spread(look, heads, board, space=48), right, gap=64))

    def fill(self, body: TicketBody) -> None:
        lost = body.done and body.paper.rung not in _OUT
        self._title.say(self.say("ticket.title"))
        self._item.say(self.text(body.item))
        self._caption.say(self.say("ticket.caption"))
        self._number.say(body.number)
        self._wait.say(self.say("ticket.keep" if lost else "ticket.hint"))
        self._paper.fill(body.paper, self.say)
        self._go.enabled = body.done
        done = "ticket.note" if lost else "ticket.done"
        self._go.say(self.say(done if body.done else "papers.wait"))

    def wipe(self) -> None:
        super().wipe()
        self._paper.rest()
