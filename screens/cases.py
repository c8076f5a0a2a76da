"""How a case is found: by the receipt's code, its number, or the ID card; and the list of them."""

from __future__ import annotations

from functools import partial

from kiosk.events import CardWanted, CaseChosen, NumberWanted
from kiosk.view import CaseListBody, CasesBody, LookupBody
from screens.enquiry_rows import Entry
from screens.screen import Kit, Screen, spread
from screens.widgets.box import Card, Column, Middle, Row, gap
from screens.widgets.marks import Busy, Medallion, Notice
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label

# Phase → icon and tone.
PHASES = {
    "acceptance": ("file-document", "accent"),
    "handling": ("timer-sand", "accent"),
    "review": ("timer-sand", "accent"),
    "approval": ("timer-sand", "accent"),
    "completion": ("check", "good"),
    "notice": ("check", "good"),
    "correction": ("alert-circle-outline", "warn"),
    "not_accepted": ("close", "bad"),
    "refused": ("close", "bad"),
    "withdrawn": ("close", "warn"),
}


class Cases(Screen[CasesBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=36)
        look = kit.look
        self._title = Label(look, "title", bold=True, even=True)
        self._lead = Label(look, "lead", colour="muted", even=True)
        self._error = Notice(look)
        self._mark = Medallion(look, "qrcode-scan", 150)
        self._scan = Label(look, "head", bold=True, even=True)
        self._hint = Label(look, "body", colour="muted", even=True)
        words = Column(look, self._scan, self._hint, gap=8, flow=True)
        words.pos_hint = {"center_y": 0.5}
        row = Row(look, self._mark, words, gap=36, flow=True)
        self._scanner = Card(look, row, pad=44, fill="accent_soft", border="accent_line", flow=True)
        self._number, self._card = Entry(kit), Entry(kit)
        self._heads = Column(look, gap=16, flow=True)
        self._list = Column(look, gap=24, flow=True)
        if look.portrait:
            self.hold(self._heads, self._list, gap(look))
        else:
            left = Column(look, self._heads, gap(look))
            left.size_hint_x = 0.7
            self.hold(Row(look, left, Column(look, self._list, gap(look)), gap=64))

    def fill(self, body: CasesBody) -> None:
        self._title.say(self.say("cases.title"))
        self._lead.say(self.say("cases.lead"))
        error = self.say(body.error, wait=body.wait) if body.error else ""
        self._error.say(error, "alert-circle", "bad")
        errors = (self._error,) if body.error else ()
        self._heads.hold(self._title, self._lead, *errors)
        self._scan.say(self.say("cases.scan"))
        self._hint.say(self.say("cases.scan.hint"))
        self._way(self._number, "number", NumberWanted, "dialpad", body.number_why_not)
        self._way(self._card, "card", CardWanted, "account-card-details", body.card_why_not)
        scanner = (self._scanner,) if body.scanner and not body.number_why_not else ()
        self._list.hold(*scanner, self._number, self._card)

    def _way(self, entry: Entry, name: str, make: type, icon: str, why_not: str) -> None:
        below = self.say(why_not or f"cases.{name}.hint")
        entry.offer(f"cases_{name}", make, icon, self.say(f"cases.{name}"), below, free=not why_not)

    def wipe(self) -> None:
        super().wipe()
        self._error.say("")


class Lookup(Screen[LookupBody]):
    """The fleet is asked."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        look = kit.look
        self._title = Label(look, "title", bold=True, align="center", even=True)
        self._hint = Label(look, "lead", colour="muted", align="center", even=True)
        self._busy = Busy(look, 140)
        wait = Middle(self._busy, size_hint_y=None, height=look.u(150))
        self.hold(spread(look, wait, self._title, self._hint, space=48))

    def enter(self) -> None:
        self._busy.run(True)

    def fill(self, body: LookupBody) -> None:
        self._title.say(self.say(f"lookup.{body.what}"))
        self._hint.say(self.say(f"lookup.{body.what}.hint"))

    def wipe(self) -> None:
        super().wipe()
        self._busy.run(False)


class CaseList(Screen[CaseListBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._hello = Label(look, "lead", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._rows: list[Entry] = []
        self._list = Column(look, gap=20, pad=(4, 4, 4, 8), flow=True)
        self._scroll = RowScroll(look, self._list)
        heads = Column(look, self._hello, self._title, gap=16, flow=True)
        if look.portrait:
            self.hold(heads, self._scroll)
        else:
            left = Column(look, heads, gap(look))
            left.size_hint_x = 0.6
            self.hold(Row(look, left, self._scroll, gap=64))

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: CaseListBody) -> None:
        hello = self.say("consent.hello", name=body.name_masked) if body.name_masked else ""
        self._hello.say(hello or body.bundle)
        title = "case_list.bundle" if body.bundle else "case_list.title"
        self._title.say(self.say(title, count=len(body.rows)))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        while len(self._rows) < len(body.rows):
            self._rows.append(Entry(self.kit))
        shown = self._rows[: len(body.rows)]
        for number, (entry, row) in enumerate(zip(shown, body.rows, strict=True)):
            icon, tone = PHASES[row.phase]
            state = self.say(f"case.phase.{row.phase}")
            more = "case_list.ready" if row.ready else "case_list.wants" if row.wants else ""
            below = f"{state} · {self.say(more)}" if more else state
            entry.offer(f"case:{number}", partial(CaseChosen, row.case_no), icon,
                        self.text(row.item) or row.case_no, below, tone=tone)  # fmt: skip
        self._list.hold(*shown)

    def wipe(self) -> None:
        super().wipe()
        self._list.hold()
        for row in self._rows:
            row.wipe()
