"""One question, one answer."""

from __future__ import annotations

from functools import partial

from kivy.uix.widget import Widget

from kiosk.events import Answered, PersonAdded
from kiosk.view import QuestionBody
from screens import drafts
from screens.made import Made
from screens.people import People
from screens.pinyin import shared
from screens.question_head import TYPED, Head
from screens.screen import Kit, Screen
from screens.widgets.box import Column, Row, fix, gap
from screens.widgets.entry import Choices, DateBoxes, Field
from screens.widgets.hanzi import HanziKeyboard, Kept
from screens.widgets.keys import ERASE, Keyboard, Keypad
from screens.widgets.press import PushButton
from screens.widgets.scroll import Scroll
from screens.writing import shared as handwriting

Widgets = tuple[Widget, ...]
_LISTS = ("choices", "people")  # they need the height


class Question(Screen[QuestionBody]):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, gap=28)
        look = kit.look
        self._body: QuestionBody | None = None
        self._draft, self._fresh, self._layout = "", True, ("", "")
        self._head = Head(look)
        self._field = Field(look, self._emptied)
        self._date = DateBoxes(look, self._show)
        self._choices = Choices(look, self._chosen)
        self._people = People(kit)
        self._add = PushButton(look, "add_person", lambda: self.post(PersonAdded()),
                               kind="secondary", icon="account-plus")  # fmt: skip
        self._go = PushButton(look, "continue", self._answer, icon="chevron-right", after=True)
        lists = {"choices": self._choices, "people": self._people}
        self._scrolls = {name: Scroll(look, one) for name, one in lists.items()}
        self._keys: Made[str, Widget] = Made({
            "digits": partial(Keypad, look, self._typed),
            "digits_x": partial(Keypad, look, self._typed, "X"),
            "decimal": partial(Keypad, look, self._typed, "."),
            "letters": partial(Keyboard, look, self._typed),
            "hanzi": lambda: HanziKeyboard(
                look, self._typed, shared(), handwriting(), self._opened
            ),
        })  # fmt: skip

    def enter(self) -> None:
        self._fresh = True

    def fill(self, body: QuestionBody) -> None:
        if self._fresh or self._body is None or self._body.name != body.name:
            self._begin(body)
        self._body, self._fresh = body, False
        count = self.say("question.count", number=body.number, total=body.total)
        number = count if body.total else ""  # a page that is no form has one question alone
        self._head.count.say(self.text(body.group) or number)
        optional = self.say("question.optional") if body.optional else ""
        of_whom = self.text(body.group) if not self._head.counts(body) else ""
        label = self.say("question.of", group=of_whom) if of_whom else ""
        self._head.label.say(label + self.text(body.label) + optional)
        self._head.hint.say(self.text(body.hint))
        self._add.say(self.say("people.add.another" if body.people else "people.add"))
        for scroll in self._scrolls.values():
            scroll.name(self.say("page.up"), self.say("page.down"))
        if body.error:
            self._head.error.say(self._wrong(body), "alert-circle", "bad")
        self._arrange(body)
        self._head.arrange(body)
        self.spacing = self._head.space(body)
        if (hanzi := self._hanzi) is not None:
            hanzi.say(self.say)
        self._show()

    def wipe(self) -> None:
        super().wipe()
        self._body, self._draft = None, ""
        typed = (keys for keys in self._keys.values() if isinstance(keys, Keyboard | HanziKeyboard))
        for part in (self._date, self._choices, self._people, *typed):
            part.wipe()
        self._field.show("", "", wrong=False)

    def kept(self) -> object:
        hanzi = self._hanzi
        return self._draft, self._date.digits, hanzi.kept() if hanzi is not None else None

    def restore(self, kept: tuple[str, str, Kept | None]) -> None:
        self._draft, self._date.digits, letters = kept
        if letters is not None and self._layout[0] == "hanzi" and (hanzi := self._hanzi):
            hanzi.restore(letters)
        self._show()

    def prepare(self) -> bool:
        return self._keys.prepare()

    @property
    def _hanzi(self) -> HanziKeyboard | None:
        """None: nobody was asked for Chinese text yet."""
        keys = self._keys.get("hanzi")
        return keys if isinstance(keys, HanziKeyboard) else None

    def _close(self) -> None:
        if (hanzi := self._hanzi) is not None:
            hanzi.begin()

    def _begin(self, body: QuestionBody) -> None:
        """Another question: nothing of the one before is left."""
        self._draft = body.value
        day = body.kind != "month"
        self._date.load(body.value if body.kind in ("date", "month") else "", day=day)
        self._close()
        self._people.begin()
        for scroll in self._scrolls.values():
            scroll.rewind()

    def _wrong(self, body: QuestionBody) -> str:
        """In a wide window with keys the hint has its place in the same line."""
        said = self.say(body.error, **{name: self.text(one) for name, one in body.figures})
        hint = self.text(body.hint)
        if not self._head.one_line(body) or not hint or hint in said:
            return said
        return self.say("error.with_hint", error=said, hint=hint)

    # ---- What is shown -----------------------------------------------------------------------

    def _show(self) -> None:
        body = self._body
        if body is None:
            return
        wrong = bool(body.error)
        if body.kind in ("date", "month"):
            self._draft = self._date.value
            names = tuple(self.say(f"date.{part}") for part in ("year", "month", "day"))
            self._date.show(names, wrong=wrong)
        elif body.kind in ("choice", "choices"):
            self._show_choices(body)
        elif body.kind == "people":
            self._people.show(body, self.say, self.text)
            self._add.enabled = not body.most or len(body.people) < body.most
        else:
            unit = self.text(body.unit) or (self.say("money.unit") if body.kind == "money" else "")
            self._field.show(drafts.shown(body.kind, self._draft), unit, wrong=wrong)
        self._head.tally.say(self._counted(body))
        self._opened()

    def _show_choices(self, body: QuestionBody) -> None:
        labels = [(self.text(one.label), self.text(one.more)) for one in body.choices]
        chosen = self._draft.split(",") if self._draft else []
        several, full = body.kind == "choices", 0 < body.most <= len(chosen)
        self._choices.show(body.choices, labels, chosen, several=several, full=several and full)

    def _counted(self, body: QuestionBody) -> str:
        """How many were chosen, or are on the list, and how many may be."""
        if body.kind not in ("choices", "people"):
            return ""
        chosen = self._draft.split(",") if self._draft else []
        count = len(body.people if body.kind == "people" else chosen)
        one = ".one" if count == 1 else ""
        most = self.say("tally.most", most=body.most) if body.most else ""
        return self.say(f"tally.{body.kind}{one}", count=count) + most

    def _opened(self) -> None:
        """While letters are open, their word must be chosen first."""
        hanzi = self._hanzi
        waits = self._layout[0] == "hanzi" and hanzi is not None and hanzi.open
        self._go.enabled = not waits
        self._go.say(self.say("keys.choose_first" if waits else "continue"))

    # ---- Where it stands ---------------------------------------------------------------------

    def _arrange(self, body: QuestionBody) -> None:
        name = drafts.keys_for(body)
        dated = name == "digits" and body.kind in ("date", "month")
        layout = (name, "date" if dated else name)
        if layout == self._layout:
            return
        for widget in (self._head, self._head.problem, self._field, self._date, self._add, self._go,
                       *self._scrolls.values(), *self._keys.values()):  # fmt: skip
            if widget.parent is not None:
                widget.parent.remove_widget(widget)
        self._layout = layout
        keys = self._scrolls[name] if name in _LISTS else self._keys[name]
        keys.size_hint = (1, 1)
        entry = () if name in _LISTS else (self._date,) if dated else (self._field,)
        foot = (self._add, self._go) if name == "people" else (self._go,)
        place = self._portrait if self.look.portrait else self._landscape
        self.hold(*place(name, keys, entry, foot))

    def _portrait(self, name: str, keys: Widget, entry: Widgets, foot: Widgets) -> Widgets:
        above = (self._head, *entry, *(() if name in TYPED else (self._head.problem,)))
        if name in _LISTS:
            return (*above, keys, *foot)
        keys.size_hint_max_y = self.look.u(760 if name == "hanzi" else 640)
        space = gap(self.look)
        space.size_hint_y = 0.001  # what the keys leave over
        return (*above, space, keys, *foot)

    def _landscape(self, name: str, keys: Widget, entry: Widgets, foot: Widgets) -> Widgets:
        look = self.look
        if name in TYPED:
            go = Column(look, *foot)
            fix(look, go, 400, 136)
            line = fix(look, Row(look, *entry, go, gap=32), height=136)
            return (self._head, line, keys)
        left = Column(look, self._head, *entry, self._head.problem, gap(look), *foot, gap=28)
        keys.size_hint_x = 1.15 if name in _LISTS else 0.82
        return (Row(look, left, keys, gap=64),)

    # ---- What is done ------------------------------------------------------------------------

    def _typed(self, key: str) -> None:
        body = self._body
        if body is None:
            return
        if body.kind in ("date", "month"):
            self._date.typed(key)
        elif key == ERASE:
            self._draft = self._draft[:-1]
        else:
            self._draft = drafts.added(body.kind, self._draft, key, body.max_length)
        self._show()

    def _chosen(self, code: str) -> None:
        """Of one: this one. Of several, in their own order: this one too, or no more."""
        body = self._body
        if body is None:
            return
        if body.kind == "choices":
            chosen = set(self._draft.split(",")) ^ {code}
            self._draft = ",".join(c.code for c in body.choices if c.code in chosen)
        else:
            self._draft = "" if body.optional and code == self._draft else code
        self._show()

    def _emptied(self) -> None:
        self._close()
        self._draft = ""
        self._show()

    def _answer(self) -> None:
        if (body := self._body) is not None:
            self.post(Answered(body.name, drafts.answer(body.kind, self._draft)))
