"""One question, one answer."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.events import Answered
from kiosk.view import QuestionBody
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, fix, gap
from screens.widgets.entry import Choices, DateBoxes, Field
from screens.widgets.keys import ERASE, Keyboard, Keypad
from screens.widgets.marks import Notice
from screens.widgets.press import PushButton
from screens.widgets.scroll import Scroll
from screens.widgets.text import Label

# Texts of these lengths are numbers by nature: mobile phone, identity card (with X).
_DIGITS_ONLY = {11: "digits", 18: "digits_x"}


class Question(Screen[QuestionBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._body: QuestionBody | None = None
        self._draft, self._fresh, self._layout = "", True, ""
        self._count = Label(look, "body", bold=True, colour="accent")
        self._label = Label(look, "title", bold=True, even=True)
        self._hint = Label(look, "body", colour="muted")
        self._head = Column(look, self._count, self._label, self._hint, gap=12, flow=True)
        self._error = Notice(look)
        self._problem = Column(look, flow=True)
        self._field = Field(look, lambda: self._chosen(""))
        self._date = DateBoxes(look, self._show)
        self._choices = Choices(look, self._chosen)
        self._scroll = Scroll(look, self._choices)
        self._inputs: dict[str, Widget] = {
            "choice": self._scroll,
            "digits": Keypad(look, self._typed),
            "digits_x": Keypad(look, self._typed, "X"),
            "decimal": Keypad(look, self._typed, "."),
            "date": Keypad(look, self._typed),
            "letters": Keyboard(look, self._typed),
        }
        self._go = PushButton(look, "continue", self._answer, icon="chevron-right", after=True)

    def enter(self) -> None:
        self._fresh = True

    def fill(self, body: QuestionBody) -> None:
        if self._fresh or self._body is None or self._body.name != body.name:
            self._draft = body.value
            self._date.load(body.value if body.kind == "date" else "")
            self._scroll.rewind()
        self._body, self._fresh = body, False
        self._count.say(self.say("question.count", number=body.number, total=body.total))
        optional = self.say("question.optional") if body.optional else ""
        self._label.say(self.text(body.label) + optional)
        self._hint.say(self.text(body.hint))
        self._go.say(self.say("continue"))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        if body.error:
            self._error.say(self.say(body.error), "alert-circle", "bad")
        self._arrange(_input_of(body))
        self._complain(wrong=bool(body.error))
        self._show()

    def wipe(self) -> None:
        super().wipe()
        self._body, self._draft, self._date.digits = None, "", ""
        self._date.show(("", "", ""), wrong=False)
        for keys in self._inputs.values():
            if isinstance(keys, Keyboard):
                keys.wipe()
        self._field.show("", "", wrong=False)
        self._choices.show((), [], "")

    def _complain(self, *, wrong: bool) -> None:
        """The error stands below the field, or, where keys need the height, instead of the hint."""
        tight = self._layout == "letters"
        one_line = tight and not self.look.portrait
        self._label.tall = self.look.u(110 if one_line else 200)
        self._hint.tall = self.look.u(110)
        for label in (self._label, self._hint):
            label.arrange()
        self._problem.hold(*((self._error,) if wrong and not tight else ()))
        count = () if one_line else (self._count,)
        below = self._error if wrong and tight else self._hint
        self._head.hold(*count, self._label, below)

    def _show(self) -> None:
        body = self._body
        if body is None:
            return
        wrong = bool(body.error)
        if body.kind == "date":
            self._draft = self._date.value
            year, month, day = (self.say(f"date.{part}") for part in ("year", "month", "day"))
            self._date.show((year, month, day), wrong=wrong)
        elif body.kind == "choice":
            labels = [self.text(choice.label) for choice in body.choices]
            self._choices.show(body.choices, labels, self._draft)
        else:
            self._field.show(self._draft, self.text(body.unit), wrong=wrong)

    def _arrange(self, name: str) -> None:
        if name == self._layout:
            return
        for widget in (self._head, self._problem, self._field, self._date, self._go,
                       *self._inputs.values()):  # fmt: skip
            if widget.parent is not None:
                widget.parent.remove_widget(widget)
        self._layout = name
        keys = self._inputs[name]
        keys.size_hint = (1, 1)
        entry = {"choice": (), "date": (self._date,)}.get(name, (self._field,))
        place = self._portrait if self.look.portrait else self._landscape
        self.hold(*place(name, keys, entry))

    def _portrait(self, name: str, keys: Widget, entry: tuple[Widget, ...]) -> tuple[Widget, ...]:
        above = (self._head, *entry, self._problem)
        if name == "choice":
            return (*above, keys, self._go)
        keys.size_hint_max_y = self.look.u(640)
        space = gap(self.look)
        space.size_hint_y = 0.001  # what the keys leave over
        return (*above, space, keys, self._go)

    def _landscape(self, name: str, keys: Widget, entry: tuple[Widget, ...]) -> tuple[Widget, ...]:
        look = self.look
        if name == "letters":
            go = Column(look, self._go)
            fix(look, go, 400, 136)
            line = fix(look, Row(look, *entry, go, gap=32), height=136)
            return (self._head, line, self._problem, keys)
        left = Column(look, self._head, *entry, self._problem, gap(look), self._go, gap=28)
        keys.size_hint_x = 0.82
        return (Row(look, left, keys, gap=64),)

    def _typed(self, key: str) -> None:
        body = self._body
        if body is None:
            return
        if body.kind == "date":
            self._date.typed(key)
        elif key == ERASE:
            self._draft = self._draft[:-1]
        elif len(self._draft) < body.max_length:
            self._draft += key
        self._show()

    def _chosen(self, code: str) -> None:
        self._draft = code
        self._show()

    def _answer(self) -> None:
        if self._body is not None:
            self.post(Answered(self._body.name, self._draft.strip()))


def _input_of(body: QuestionBody) -> str:
    if body.kind == "number":
        return "decimal" if body.unit.zh else "digits"
    if body.kind == "text":
        return _DIGITS_ONLY.get(body.max_length, "letters")
    return body.kind
