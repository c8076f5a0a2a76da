"""Everything on one page before it is sent; each answer can still be changed."""

from __future__ import annotations

from kiosk.events import AnswersConfirmed, ChangeAsked
from kiosk.view import CheckBody, CheckRow
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, Surface, fix
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Icon, Label


class _Answer(Row):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(look, gap=24, pad=(0, 8, 0, 8), flow=True)
        self._field, self._kit = "", kit
        self._label = Label(look, "small", colour="muted")
        self._value = Label(look, "body", bold=True)
        self._change = PushButton(look, "", self._ask, kind="secondary", size="body", height=100)
        self._change.pos_hint = {"center_y": 0.5}
        fix(look, self._change, width=200)
        self._words = Column(look, self._label, self._value, gap=4, flow=True)
        self._words.pos_hint = {"center_y": 0.5}
        self.add_widget(self._words)

    def fill(self, row: CheckRow, screen: Check) -> None:
        self._field = row.field
        self._label.say(screen.text(row.label))
        self._value.say(screen.text(row.value) or "—")
        self._change.action = f"change:{row.field}" if row.field else ""
        self._change.say(screen.say("check.change"))
        self.hold(self._words, *((self._change,) if row.field else ()))

    def wipe(self) -> None:
        self._label.say("")
        self._value.say("")

    def _ask(self) -> None:
        self._kit.post(ChangeAsked(self._field))


class Check(Screen[CheckBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        wide = not look.portrait  # then the declaration stands beside, and needs the height
        self._title = Label(look, "lead" if wide else "title", bold=True, even=True)
        self._title.tall = look.tall(200)
        self._name = Label(look, "body", colour="muted")
        self._answers: list[_Answer] = []
        self._list = Column(look, gap=8, flow=True)
        self._scroll = RowScroll(look, self._list)
        paper = Card(look, self._scroll, pad=(44, 24, 36, 24))
        self._declaration = Label(look, "small" if wide else "body")
        icon = Icon(look, "pencil", 52, "accent")
        icon.pos_hint = {"center_y": 0.5}
        parts = (self._declaration,) if wide else (icon, self._declaration)
        self._promise = Row(look, *parts, gap=24, pad=24 if wide else 28, flow=True)
        self._declaration.pos_hint = {"center_y": 0.5}
        Surface(look, self._promise, "accent_soft", radius="button")
        self._submit = PushButton(look, "submit", lambda: self.post(AnswersConfirmed()),
                              icon="check", height=140)  # fmt: skip
        self._below = Column(look, gap=24, flow=True)
        heads = Column(look, self._title, self._name, gap=8, flow=True)
        if look.portrait:
            self.hold(heads, paper, self._below)
        else:
            side = Column(look, heads, Column(look), self._below, gap=20)
            self.hold(Row(look, paper, side, gap=56))

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: CheckBody) -> None:
        self._title.say(self.say("check.title"))
        self._name.say(self.text(body.name))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        while len(self._answers) < len(body.rows):
            self._answers.append(_Answer(self.kit))
        shown = self._answers[: len(body.rows)]
        for widget, row in zip(shown, body.rows, strict=True):
            widget.fill(row, self)
        self._list.hold(*shown)
        declaration = self.text(body.declaration)
        self._declaration.say(declaration)
        self._submit.say(self.say("check.submit"))
        self._below.hold(*((self._promise,) if declaration else ()), self._submit)

    def wipe(self) -> None:
        super().wipe()
        self._list.hold()
        for answer in self._answers:
            answer.wipe()
