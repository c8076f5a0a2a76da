"""Where an answer shows while it is typed: a text field, a date in boxes, choices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from kivy.graphics import Color, Rectangle

from kiosk.view import Choice
from screens.theme import Look
from screens.widgets.box import Column, Middle, Row, Surface, fix, gap
from screens.widgets.keys import ERASE
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

_CUT = 8  # characters at once, of a text that is too long for its field


class _Clear(Pressable):
    """Empties the field at once; offered only while there is something in it."""

    def __init__(self, look: Look, clear: Callable[[], None]) -> None:
        self._sign = Icon(look, "close-circle", 64, "muted")
        super().__init__(look, "clear", clear, Middle(self._sign))
        fix(look, self, width=112)

    def dress(self) -> None:
        self._sign.color = self.look.colour("accent" if self.state == "down" else "muted")


class Field(Row):
    """A text with a caret behind it; the unit and a way to empty it stand at the right.

    A long text takes a smaller size and more lines; of one that is still too long the end shows.
    """

    def __init__(self, look: Look, clear: Callable[[], None]) -> None:
        super().__init__(look, gap=8, pad=(36, 2, 8, 2))
        fix(look, self, height=136)
        self._surface = Surface(look, self, "paper", radius="field", border="accent", thick=4)
        self._text = Label(look, "head", bold=True, box=True)
        self._unit = Label(look, "lead", colour="muted", hug=True)
        self._unit.pos_hint = {"center_y": 0.5}
        self._clear, self._space = _Clear(look, clear), gap(look, 20)
        self.hold(self._text, self._unit)
        self.value, self.unit = "", ""
        with self.canvas.after:
            Color(*look.colour("accent"))
            self._caret = Rectangle(size=(look.u(4), look.u(64)))
        self._text.bind(pos=self._place, size=self._resized, texture_size=self._place)

    def show(self, value: str, unit: str, *, wrong: bool) -> None:
        self.value, self.unit = value, unit
        self._unit.say(unit)
        self.hold(self._text, self._unit, self._clear if value else self._space)
        self._text.say(value)
        self._surface.show("paper", "bad" if wrong else "accent")
        self._place()

    def _resized(self, *_: object) -> None:
        """What had too little room may have enough of it now."""
        self._text.say(self.value)
        self._place()

    def _place(self, *_: object) -> None:
        """The caret, behind the last line."""
        label = self._text
        if label.clipped and len(label.raw) > _CUT:
            label.say("…" + label.raw.removeprefix("…")[_CUT:])  # and this is called again
            return
        lines = label.text.split("\n")
        width = label._label.get_extents(lines[-1])[0] if lines[-1] else 0
        one = label.texture_size[1] / len(lines) if label.text else self.look.u(64)
        high = min(self.look.u(64), one * 0.85)
        middle = label.center_y - one * (len(lines) - 1) / 2
        self._caret.size = (self.look.u(4), high)
        self._caret.pos = (label.x + width + self.look.u(4), middle - high / 2)


class DateBoxes(Row):
    """Year and month, and a day unless a month is asked; a touch on a box begins there again."""

    unit = ""
    _SPANS = ((0, 4, "year"), (4, 6, "month"), (6, 8, "day"))

    def __init__(self, look: Look, changed: Callable[[], None]) -> None:
        super().__init__(look, gap=20)
        fix(look, self, height=152)
        self._changed, self.digits, self._parts = changed, "", 3
        self._boxes: list[tuple[Pressable, Surface, Label, Label]] = []
        for start, end, name in self._SPANS:
            self._add(start, end, name)

    def _add(self, start: int, end: int, name: str) -> None:
        look = self.look
        figures = Label(look, "head", bold=True, align="center", box=True)
        caption = fix(look, Label(look, "small", colour="muted", align="center", box=True),
                      height=46)  # fmt: skip
        box = Pressable(look, f"date:{name}", lambda: self._begin(start), figures, caption,
                        orientation="vertical", pad=12)  # fmt: skip
        box.size_hint_x = 1.4 if end - start == 4 else 1
        self._boxes.append((box, Surface(look, box, "paper", radius="field", border="line",
                                         thick=4), figures, caption))  # fmt: skip
        self.add_widget(box)

    @property
    def value(self) -> str:
        """YYYY-MM-DD or YYYY-MM; what is missing is missing."""
        parts = (self.digits[start:end] for start, end, _ in self._SPANS)
        return "-".join(part for part in parts if part)

    def load(self, value: str, *, day: bool = True) -> None:
        self._parts = 3 if day else 2
        self.digits = value.replace("-", "")[: self._most]
        self.hold(*(box for box, *_ in self._boxes[: self._parts]))

    def typed(self, key: str) -> None:
        if key == ERASE:
            self.digits = self.digits[:-1]
        elif key.isdigit() and len(self.digits) < self._most:
            # No month begins with 2–9, no day with 4–9: such a digit is the second one.
            short = (len(self.digits) == 4 and key > "1") or (len(self.digits) == 6 and key > "3")
            self.digits += f"0{key}" if short else key

    @property
    def _most(self) -> int:
        return self._SPANS[self._parts - 1][1]

    def _begin(self, start: int) -> None:
        self.digits = self.digits[:start]
        self._changed()

    def show(self, names: Sequence[str], *, wrong: bool) -> None:
        rows = zip(self._SPANS, self._boxes, names, strict=True)
        for (start, end, _), (_, surface, figures, caption), name in rows:
            part = self.digits[start:end]
            here = start <= len(self.digits) < end
            figures.say(part + "–" * (end - start - len(part)))
            figures.paint("ink" if part else "on_idle")
            caption.say(name)
            surface.show("paper", "accent" if here else "bad" if wrong else "line")

    def wipe(self) -> None:
        """Also the boxes that are not held now."""
        self.digits = ""
        for _, _, figures, caption in self._boxes:
            figures.say("")
            caption.say("")


# Of one, of several: what marks a choice that is off, and one that is on.
_MARKS = {
    False: ("checkbox-blank-circle-outline", "checkbox-marked-circle"),
    True: ("checkbox-blank-outline", "checkbox-marked"),
}


_ROW = 128


class ChoiceRow(Pressable):
    def __init__(self, look: Look, chosen: Callable[[str], None]) -> None:
        super().__init__(look, "", lambda: chosen(self.code), pad=(36, 8, 36, 8), gap=28)
        fix(look, self, height=_ROW)
        self.code, self._on, self._marks = "", False, _MARKS[False]
        self._surface = Surface(look, self, "paper", radius="field", border="line", thick=3)
        self._mark = Icon(look, self._marks[0], 64, "muted")
        self._mark.pos_hint = {"center_y": 0.5}
        self._label = Label(look, "lead", bold=True, box=True)
        self._title = Label(look, "lead", bold=True)
        self._more = Label(look, "body", colour="muted")
        words = Column(look, self._title, self._more, gap=4, flow=True)
        words.pos_hint = {"center_y": 0.5}
        self._two = words
        words.bind(height=self._fit)
        self.hold(self._mark, self._label)

    def fill(
        self, choice: Choice, label: str, more: str, *, on: bool, several: bool, free: bool
    ) -> None:
        self.code, self.action, self._on = choice.code, f"choice:{choice.code}", on
        self.chosen = on if several else on or None
        self._marks = _MARKS[several]
        self._label.say("" if more else label)
        self._title.say(label if more else "")
        self._more.say(more)
        self.hold(self._mark, self._two if more else self._label)
        self._fit()
        self.enabled = free or on

    def _fit(self, *_: object) -> None:
        """As high as two texts need; a single one stands in the middle of a row like all."""
        least = self.look.u(_ROW)
        self.height = max(least, self._two.height + self.look.u(40)) if self._more.raw else least

    def wipe(self) -> None:
        for words in (self._label, self._title, self._more):
            words.say("")

    def dress(self) -> None:
        on = self._on
        fill = "press" if self.state == "down" else "accent_soft" if on else "paper"
        self._surface.show(fill if self.enabled else "idle", "accent" if on else "line")
        self._mark.change(self._marks[on], "accent" if on else "muted")
        self._label.paint("ink" if self.enabled else "on_idle")
        self._title.paint("ink" if self.enabled else "on_idle")


class Choices(Column):
    """Rows that are built once and used again for every question."""

    def __init__(self, look: Look, chosen: Callable[[str], None]) -> None:
        super().__init__(look, gap=20, flow=True)
        self._chosen = chosen
        self._rows: list[ChoiceRow] = []

    def show(
        self,
        choices: Sequence[Choice],
        labels: Sequence[tuple[str, str]],
        chosen: Collection[str],
        *,
        several: bool = False,
        full: bool = False,
    ) -> None:
        """`labels`: each with its second line, or ''. `full`: no more can be chosen."""
        while len(self._rows) < len(choices):
            self._rows.append(ChoiceRow(self.look, self._chosen))
        shown = self._rows[: len(choices)]
        for row, choice, (label, more) in zip(shown, choices, labels, strict=True):
            row.fill(choice, label, more, on=choice.code in chosen, several=several, free=not full)
        self.hold(*shown)

    def wipe(self) -> None:
        self.hold()
        for row in self._rows:
            row.wipe()
