"""The list of what is missing comes out; it also stands here, in case it does not."""

from __future__ import annotations

from kiosk.events import PapersCollected
from kiosk.model import Rung
from kiosk.view import MaterialRow, NoticeBody
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row
from screens.widgets.ladder import PaperCard
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label

_OUT = (Rung.PRESENTED, Rung.TAKEN)


class _Missing(Column):
    def __init__(self, kit: Kit) -> None:
        self._name = Label(kit.look, "lead", bold=True)
        self._stand = Label(kit.look, "body", colour="muted")
        super().__init__(kit.look, self._name, self._stand, gap=4, pad=(0, 10, 0, 10), flow=True)

    def fill(self, number: int, row: MaterialRow, screen: Notice) -> None:
        self._name.say(f"{number}. {screen.text(row.name)}")
        self._stand.say(screen.text(row.stand))


class Notice(Screen[NoticeBody]):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        edges = {"pad": (56, 48, 56, 72)} if look.portrait else {}  # no footer stands below
        super().__init__(kit, gap=32, **edges)
        self._item = Label(look, "body", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._lead = Label(look, "lead" if look.portrait else "body", colour="muted")
        self._missing: list[_Missing] = []
        self._again = Label(look, "body", bold=True, colour="warn")
        self._rows = Column(look, gap=8, flow=True)
        self._scroll = RowScroll(look, self._rows)
        board = Card(look, self._scroll, pad=(44, 28, 44, 28))
        self._paper = PaperCard(look)
        self._kept = Label(look, "body", colour="muted")
        self._go = PushButton(look, "notice_done", lambda: self.post(PapersCollected()),
                              icon="chevron-right", after=True, height=140)  # fmt: skip
        heads = Column(look, self._item, self._title, self._lead, gap=14, flow=True)
        below = Column(look, self._paper, self._kept, self._go, gap=32, flow=True)
        if look.portrait:
            self.hold(heads, board, below)
        else:
            self.hold(Row(look, Column(look, heads, board, gap=32),
                          Column(look, Column(look), below), gap=64))  # fmt: skip

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: NoticeBody) -> None:
        lost = body.done and body.paper.rung not in _OUT
        self._item.say(self.text(body.item))
        self._title.say(self.say("missing.title"))
        self._lead.say(self.say("missing.lead"))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        while len(self._missing) < len(body.missing) + len(body.again):
            self._missing.append(_Missing(self.kit))
        every = (*body.missing, *body.again)
        shown = self._missing[: len(every)]
        for number, (widget, row) in enumerate(zip(shown, every, strict=True), start=1):
            widget.fill(number, row, self)
        self._again.say(self.say("missing.again"))
        count = len(body.missing)
        again = (self._again, *shown[count:]) if body.again else ()
        self._rows.hold(*shown[:count], *again)
        self._paper.fill(body.paper, self.say)
        self._kept.say(self.say("missing.kept"))
        self._go.enabled = body.done
        done = "missing.note" if lost else "missing.done"
        self._go.say(self.say(done if body.done else "papers.wait"))

    def wipe(self) -> None:
        super().wipe()
        self._paper.rest()
