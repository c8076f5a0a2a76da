"""A text to read to its end, and to agree to or not."""

from __future__ import annotations

import re
from collections.abc import Callable

from kiosk.events import TextAgreed, TextDeclined
from kiosk.view import CommitmentBody
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.scroll import Scroll
from screens.widgets.text import Label

# What each kind says, one paragraph after the other: locale keys `commitment.<kind>.<part>`.
_PARTS = {
    "promise": ("what", "until", "held", "over"),
    "earlier": ("what", "only", "mark", "free"),
}


# Where a declaration begins a new point, and where what is promised begins.
_POINTS = re.compile(r"\s*(?=[1-9]\. )|(?<=[。.])\s*(?=我承诺：|I promise:)")


class _Paper(RowScroll):
    """Tells when its end comes into sight, or goes."""

    seen: Callable[[], None] = staticmethod(lambda: None)

    @property
    def at_end(self) -> bool:
        return self.window.offset >= self.window.hidden - 1

    def _page(self, way: int) -> None:
        """A paragraph higher than the window is turned as any text is."""
        before = self.window.offset
        super()._page(way)
        if (self.window.offset - before) * way <= 0:
            self.window.offset = before
            Scroll._page(self, way)

    def _show(self, *args: object) -> None:
        super()._show(*args)
        self.seen()


class Commitment(Screen[CommitmentBody]):
    """Nobody can agree before the end of the text was on the screen."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=32)
        look = kit.look
        self._above = Label(look, "body", bold=True, colour="accent")
        self._title = Label(look, "title", bold=True, even=True)
        self._for = Label(look, "lead" if look.portrait else "body", colour="muted")
        self._paragraphs: list[Label] = []
        self._text = Column(look, gap=24, flow=True)
        self._scroll = _Paper(look, self._text)
        self._scroll.seen, self._agreed = self._let, ""
        paper = Card(look, self._scroll, pad=(44, 40, 44, 32))
        self._yes = PushButton(look, "agree", lambda: self.post(TextAgreed()), icon="check",
                               height=140)  # fmt: skip
        self._no = PushButton(look, "disagree", lambda: self.post(TextDeclined()),
                              kind="secondary")  # fmt: skip
        heads = Column(look, self._above, self._title, self._for, gap=12, flow=True)
        self._no.height = self._yes.height
        if look.portrait:
            below = fix(look, Row(look, self._no, self._yes, gap=24), height=140)
            self.hold(heads, paper, below)
        else:
            below = Column(look, self._no, self._yes, gap=24, flow=True)
            left = Column(look, heads, Column(look), below, gap=32)
            left.size_hint_x = 0.66
            self.hold(Row(look, left, paper, gap=56))

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: CommitmentBody) -> None:
        name = self.text(body.name)
        self._above.say(self.text(body.item))
        self._title.say(self.say(f"commitment.title.{body.kind}"))
        declared = body.kind == "commitment"
        self._for.say(self.say("commitment.for", name=name) if declared else name)
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        values = {
            "name": name, "item": self.text(body.item), "days": body.days,
            "due": self.text(body.due), "case_no": body.case_no, "day": self.text(body.day),
        }  # fmt: skip
        said = [self.say(f"commitment.{body.kind}.{part}", **values)
                for part in _PARTS.get(body.kind, ())]  # fmt: skip
        said = said or [point for point in _POINTS.split(self.text(body.text)) if point]
        while len(self._paragraphs) < len(said):
            self._paragraphs.append(Label(self.look, "lead" if self.look.portrait else "body"))
        shown = self._paragraphs[: len(said)]
        for label, paragraph in zip(shown, said, strict=True):
            label.say(paragraph)
        self._text.hold(*shown)
        self._agreed = self.say(f"commitment.agree.{body.kind}")
        self._no.say(self.say("commitment.disagree"))
        self._let()

    def _let(self) -> None:
        self._yes.enabled = self._scroll.at_end
        if self._agreed:
            self._yes.say(self._agreed if self._scroll.at_end else self.say("commitment.read"))

    def wipe(self) -> None:
        super().wipe()
        for label in self._paragraphs:
            label.wipe()
