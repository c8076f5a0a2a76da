"""What became of the case, and its papers coming out."""

from __future__ import annotations

from kiosk.events import PapersCollected
from kiosk.model import HandedIn, Text
from kiosk.view import FiledCase, PapersBody
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.ladder import PAPER_HIGH, PaperCard
from screens.widgets.marks import Medallion
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label

_STANDING = {
    "decided": ("check", "good"),
    "accepted": ("check", "good"),
    "carried": ("send", "accent"),
    "collected": ("check", "good"),
    "copied": ("check", "good"),
    "provisional": ("clock", "warn"),
    "refused": ("close", "bad"),
    "interrupted": ("alert", "warn"),
    "several": ("format-list-checks", "accent"),
    **dict.fromkeys((f"handed.{why}" for why in HandedIn), ("close", "bad")),
    "handed.saved": ("clock", "warn"),
    "handed.received": ("check", "good"),
    "handed.taken": ("check", "good"),
    "handed.part": ("check", "good"),
    "handed.already_here": ("check", "accent"),
}

_RESULT = 84  # height of one line of a look-up's answer
_CLOSE = 72  # and beside several papers in a narrow window
_APART = 4  # between one case and the next
_PAPER = 204  # of a paper beside several cases, or of two beside an answer
_THIRD = 200  # of one of three
_PAIRED = 184  # of one of two below an answer in a narrow window


def _high(body: PapersBody) -> int:
    if len(body.papers) > 2:
        return _THIRD
    beside = body.cases or (body.result and len(body.papers) > 1)
    return _PAPER if beside else PAPER_HIGH


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


class _Case(Column):
    """One case of several: what, its number, how it stands and until when."""

    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=0, pad=(0, 0, 0, _APART))
        self._item = Label(look, "body", bold=True, box=True)
        self._number = fix(look, Label(look, "small", colour="muted", box=True), height=44)
        self._standing = Label(look, "body", bold=True, align="right", box=True)
        self._due = fix(look, Label(look, "small", colour="muted", box=True), height=44)
        self._standing.size_hint_x = 0.55
        above = fix(look, Row(look, self._item, self._standing, gap=24), height=88)
        self._lines = (above, self._number)
        self.size_hint_y = None

    def fill(self, case: FiledCase, due: str, screen: Papers) -> None:
        """`due`: a sentence, or "" where the page's own says it for all."""
        self._item.say(screen.text(case.item))
        self._number.say(case.case_no)
        self._standing.say(screen.say(f"standing.short.{case.standing}"))
        self._standing.paint(_STANDING.get(case.standing, _STANDING["provisional"])[1])
        self._due.say(due)
        self.hold(*self._lines, *((self._due,) if due else ()))
        self.height = sum(one.height for one in self.children) + self.look.u(_APART)

    def wipe(self) -> None:
        for label in (self._item, self._number, self._standing, self._due):
            label.say("")


class Papers(Screen[PapersBody]):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(kit, gap=28)
        self._mark = Medallion(look, "check", 128)
        self._mark.pos_hint = {"center_y": 0.5}
        self._title = Label(look, "title", bold=True, even=True)
        self._sentence = Label(look, "body", colour="muted")
        words = Column(look, self._title, self._sentence, gap=8, flow=True)
        words.pos_hint = {"center_y": 0.5}
        top = Row(look, self._mark, words, gap=36, flow=True)
        self._caption = Label(look, "small", bold=True, colour="muted", align="center")
        self._caption.pos_hint = {"center_y": 0.5}
        self._number = fix(
            look, Label(look, "head", bold=True, align="center", box=True), height=80
        )
        self._line = fix(look, Row(look, gap=24), height=80)  # of both, where it is tight
        number = Card(look, self._caption, self._number, gap=4, pad=(24, 20, 24, 20),
                      fill="accent_soft", flow=True)  # fmt: skip
        self._results: list[_Result] = []
        self._cases: list[_Case] = []
        self._list = Column(look, flow=True)
        self._scroll = RowScroll(look, self._list)
        self._paper = Card(look, self._scroll, pad=(44, 20, 44, 20))
        self._cards = [PaperCard(look) for _ in range(3)]
        self._stack = Column(look, gap=24, flow=True)
        self._go = PushButton(look, "papers_done", lambda: self.post(PapersCollected()),
                          icon="chevron-right", after=True, height=140)  # fmt: skip
        self._filler = Column(look)
        self._left = Column(look, top, number, gap=32)
        self._top, self._heads = top, (top, number)
        if not look.portrait:
            right = Column(look, self._stack, Column(look), self._go, gap=32)
            self.hold(Row(look, self._left, right, gap=64))

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: PapersBody) -> None:
        icon, tone = _STANDING.get(body.standing, _STANDING["provisional"])
        self._mark.change(icon, tone, f"{tone}_soft")
        self._title.say(self.say(f"standing.{body.standing}", count=len(body.cases)))
        self._sentence.say(
            self._date(body.due, "papers.due") or self.say(f"standing.{body.standing}.next")
        )
        self._caption.say(self.say("case_no"))
        self._number.say(body.case_no)
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        tight = self.look.portrait and bool(body.result) and len(body.papers) > 1
        self._tighten(tight=tight)
        rows = self._fill_list(body, _CLOSE if tight else _RESULT)
        cards = self._cards[: len(body.papers)]
        for card, paper in zip(cards, body.papers, strict=False):
            card.fill(paper, self.say)
            fix(self.look, card, height=_PAIRED if tight else _high(body))
        self._stack.hold(*cards)
        self._arrange(rows, bool(body.cases), len(cards))
        self._go.enabled = body.done
        self._go.say(self.say("papers.done" if body.done else "papers.wait"))

    def _tighten(self, *, tight: bool) -> None:
        """An answer and several papers: the number has one line, so that the answer is seen."""
        card = self._heads[1]
        for one in (self._caption, self._number, self._line):
            if one.parent is not None:
                one.parent.remove_widget(one)
        self._caption.size_hint_x = 0.4 if tight else 1
        if tight:
            self._line.hold(self._caption, self._number)
        card.hold(*((self._line,) if tight else (self._caption, self._number)))

    def _fill_list(self, body: PapersBody, high: int) -> float:
        """How high its rows are together, in window pixels; `high`: one of a result."""
        while len(self._results) < len(body.result):
            self._results.append(_Result(self.kit))
        while len(self._cases) < len(body.cases):
            self._cases.append(_Case(self.kit))
        cases, results = self._cases[: len(body.cases)], self._results[: len(body.result)]
        own = [
            self._date(one.due, "papers.due.short") if one.due != body.due else ""
            for one in body.cases
        ]
        for row, case, due in zip(cases, body.cases, own, strict=True):
            row.fill(case, due, self)
        for widget, (label, value) in zip(results, body.result, strict=True):
            fix(self.look, widget, height=high)
            widget.fill(self.text(label), value)
        self._list.hold(*cases, *results)
        return sum(one.height for one in (*cases, *results))

    def _date(self, day: Text, key: str) -> str:
        said = self.text(day)
        return self.say(key, date=said) if said else ""

    def _arrange(self, rows: float, several: bool, papers: int) -> None:
        """The list's paper is as high as its rows, unless they are too many. Several cases have
        their numbers there, and no other is shown."""
        wanted = rows + self.look.u(44)
        few = wanted <= self.look.u(self._most(several, papers))
        self._paper.size_hint_y = None if few else 1
        if few:
            self._paper.height = wanted
        heads = (self._top,) if several else self._heads
        result = (self._paper,) if rows else ()
        rest = (self._filler,) if few else ()
        if self.look.portrait:
            self._left.clear_widgets()
            self.hold(*heads, *result, self._stack, *rest, self._go)
        else:
            self._left.hold(*heads, *result, *rest)

    def _most(self, several: bool, papers: int) -> int:
        """How high the list may be beside all else."""
        if not several:
            return (560, 560, 420, 380)[papers] if self.look.portrait else 500
        return 528 + (2 - papers) * _PAPER if self.look.portrait else 600

    def wipe(self) -> None:
        super().wipe()
        self._list.hold()
        for result in self._results:
            result.fill("", "")
        for case in self._cases:
            case.wipe()
        for card in self._cards:
            card.rest()
