"""What became of the case, and its papers coming out."""

from __future__ import annotations

from kiosk.events import PapersCollected
from kiosk.view import PapersBody
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.ladder import PaperCard
from screens.widgets.marks import Medallion
from screens.widgets.press import PushButton
from screens.widgets.scroll import Scroll
from screens.widgets.text import Label

_STANDING = {
    "decided": ("check", "good"),
    "accepted": ("check", "good"),
    "provisional": ("clock", "warn"),
    "refused": ("close", "bad"),
    "interrupted": ("alert", "warn"),
}

_RESULT = 84  # height of one line of a look-up's answer


class _Result(Row):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.look, gap=24)
        fix(kit.look, self, height=_RESULT)
        self._label = Label(kit.look, "body", colour="muted", box=True)
        self._value = Label(kit.look, "body", bold=True, align="right", box=True)
        self.hold(self._label, self._value)

    def fill(self, label: str, value: str) -> None:
        self._label.say(label)
        self._value.say(value)


class Papers(Screen[PapersBody]):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        edges = {"pad": (56, 48, 56, 72)} if look.portrait else {}  # no footer stands below
        super().__init__(kit, gap=28, **edges)
        self._mark = Medallion(look, "check", 128)
        self._mark.pos_hint = {"center_y": 0.5}
        self._title = Label(look, "title", bold=True, even=True)
        self._sentence = Label(look, "body", colour="muted")
        words = Column(look, self._title, self._sentence, gap=8, flow=True)
        words.pos_hint = {"center_y": 0.5}
        top = Row(look, self._mark, words, gap=36, flow=True)
        self._caption = Label(look, "small", bold=True, colour="muted", align="center")
        self._number = fix(
            look, Label(look, "head", bold=True, align="center", box=True), height=80
        )
        number = Card(look, self._caption, self._number, gap=4, pad=(24, 20, 24, 20),
                      fill="accent_soft", flow=True)  # fmt: skip
        self._results: list[_Result] = []
        self._list = Column(look, flow=True)
        self._scroll = Scroll(look, self._list)
        self._paper = Card(look, self._scroll, pad=(44, 20, 44, 20))
        self._cards = [PaperCard(look) for _ in range(2)]
        self._stack = Column(look, gap=24, flow=True)
        self._go = PushButton(look, "papers_done", lambda: self.post(PapersCollected()),
                          icon="chevron-right", after=True, height=140)  # fmt: skip
        self._filler = Column(look)
        self._left = Column(look, top, number, gap=32)
        self._heads = (top, number)
        if not look.portrait:
            right = Column(look, self._stack, Column(look), self._go, gap=32)
            self.hold(Row(look, self._left, right, gap=64))

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: PapersBody) -> None:
        icon, tone = _STANDING.get(body.standing, _STANDING["provisional"])
        self._mark.change(icon, tone, f"{tone}_soft")
        self._title.say(self.say(f"standing.{body.standing}"))
        date = self.say("papers.due", date=body.due_date) if body.due_date else ""
        self._sentence.say(date or self.say(f"standing.{body.standing}.next"))
        self._caption.say(self.say("case_no"))
        self._number.say(body.case_no)
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        while len(self._results) < len(body.result):
            self._results.append(_Result(self.kit))
        shown = self._results[: len(body.result)]
        for widget, (label, value) in zip(shown, body.result, strict=True):
            widget.fill(self.text(label), value)
        self._list.hold(*shown)
        cards = self._cards[: len(body.papers)]
        for card, paper in zip(cards, body.papers, strict=False):
            card.fill(paper, self.say)
        self._stack.hold(*cards)
        self._arrange(len(shown))
        self._go.enabled = body.done
        self._go.say(self.say("papers.done" if body.done else "papers.wait"))

    def _arrange(self, results: int) -> None:
        """The result's paper is as high as its rows, unless they are too many."""
        wanted = results * _RESULT + 44
        few = wanted <= (560 if self.look.portrait else 500)
        self._paper.size_hint_y = None if few else 1
        if few:
            self._paper.height = self.look.u(wanted)
        result = (self._paper,) if results else ()
        rest = (self._filler,) if few else ()
        if self.look.portrait:
            self._left.clear_widgets()
            self.hold(*self._heads, *result, self._stack, *rest, self._go)
        else:
            self._left.hold(*self._heads, *result, *rest)

    def wipe(self) -> None:
        super().wipe()
        self._list.hold()
        for result in self._results:
            result.fill("", "")
        for card in self._cards:
            card.rest()
