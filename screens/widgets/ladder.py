"""One paper on its way out: waiting, printing, ready, or what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, SmoothLine
from kivy.uix.widget import Widget

from kiosk.model import Rung
from kiosk.view import Paper
from screens.theme import Look
from screens.widgets.box import Card, Column, Row, fix
from screens.widgets.marks import Busy, Medallion
from screens.widgets.text import Label

_ICONS = {"receipt": "receipt", "certificate": "certificate", "ticket": "ticket", "payment": "cash"}

# rung → (key of the sentence, how many of the three steps are done)
_CLIMB = {
    Rung.QUEUED: ("waiting", 0),
    Rung.SENT: ("printing", 1),
    Rung.PRINTED: ("coming", 2),
    Rung.PRESENTED: ("ready", 3),
    Rung.TAKEN: ("taken", 3),
    Rung.RETRACTED: ("retracted", 2),
    Rung.UNCONFIRMED: ("unconfirmed", 1),
}
PAPER_HIGH = 264
_UNSURE = (Rung.RETRACTED, Rung.UNCONFIRMED)


class _Bar(Widget):
    """Three strokes, filled one by one. Full means: the paper has come out."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        fix(look, self, height=16)
        self._colours, self._lines = [], []
        with self.canvas:
            for _ in range(3):
                self._colours.append(Color(*look.colour("idle")))
                self._lines.append(SmoothLine(width=look.u(5), cap="round"))
        self.bind(pos=self._place, size=self._place)

    def fill(self, done: int, tone: str) -> None:
        for number, colour in enumerate(self._colours):
            colour.rgba = self._look.colour(tone if number < done else "idle")

    def _place(self, *_: object) -> None:
        part, space, end = self.width / 3, self._look.u(12), self._look.u(6)
        for number, line in enumerate(self._lines):
            x = self.x + number * part
            line.points = [x + end, self.center_y, x + part - space - end, self.center_y]


class PaperCard(Card):
    def __init__(self, look: Look) -> None:
        super().__init__(look, pad=(40, 22, 40, 22), border="line")
        fix(look, self, height=PAPER_HIGH)
        self._mark = Medallion(look, "file-document", 112)
        self._busy = Busy(look, 80)
        self._busy.pos_hint = self._mark.pos_hint = {"center_y": 0.5}
        self._name = fix(look, Label(look, "lead", bold=True, box=True), height=64)
        self._said = Label(look, "body", box=True)
        self._bar = _Bar(look)
        words = Column(look, self._name, self._said, self._bar, gap=4)
        self._row = Row(look, self._mark, words, self._busy, gap=36)
        self._words = words
        self.add_widget(self._row)

    def fill(self, paper: Paper, say: Callable[..., str]) -> None:
        key, done = _CLIMB[paper.rung]
        ready = paper.rung in (Rung.PRESENTED, Rung.TAKEN) and not paper.trouble
        moving = not ready and not paper.trouble and paper.rung not in _UNSURE
        tone = "good" if ready else "accent" if moving else "warn"
        icon = "check" if ready else _ICONS.get(paper.name, "file-document")
        icon = icon if ready or moving else "alert"
        self._mark.change(icon, tone, "accent_soft" if moving else "paper")
        several = ".of" if paper.count > 1 else ""
        self._name.say(say(f"paper.{paper.name}{several}", number=paper.number, count=paper.count))
        self._said.say(say(paper.trouble or f"paper.rung.{key}"))
        self._said.paint("muted" if moving else tone)
        self._bar.fill(done, tone)
        self.surface.show(f"{tone}_soft" if not moving else "paper", tone if not moving else "line")
        self._busy.run(moving)
        self._row.hold(self._mark, self._words, *((self._busy,) if moving else ()))

    def rest(self) -> None:
        self._busy.run(False)
