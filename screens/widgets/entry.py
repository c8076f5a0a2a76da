"""Where an answer shows while it is typed: a text field, a date in three boxes, choices."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, Rectangle

from kiosk.view import Choice
from screens.theme import Look
from screens.widgets.box import Column, Middle, Row, Surface, fix, gap
from screens.widgets.keys import ERASE
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label


class _Clear(Pressable):
    """Empties the field at once; offered only while there is something in it."""

    def __init__(self, look: Look, clear: Callable[[], None]) -> None:
        self._sign = Icon(look, "close-circle", 64, "muted")
        super().__init__(look, "clear", clear, Middle(self._sign))
        fix(look, self, width=112)

    def dress(self) -> None:
        self._sign.color = self.look.colour("accent" if self.state == "down" else "muted")


class Field(Row):
    """One line of text with a caret; the unit and a way to empty it stand at the right."""

    def __init__(self, look: Look, clear: Callable[[], None]) -> None:
        super().__init__(look, gap=8, pad=(36, 4, 8, 4))
        fix(look, self, height=136)
        self._surface = Surface(look, self, "paper", radius="field", border="accent", thick=4)
        self._text = Label(look, "head", bold=True, box=True)
        self._unit = Label(look, "lead", colour="muted", hug=True)
        self._unit.pos_hint = {"center_y": 0.5}
        self._clear, self._space = _Clear(look, clear), gap(look, 20)
        self.hold(self._text, self._unit)
        with self.canvas.after:
            Color(*look.colour("accent"))
            self._caret = Rectangle(size=(look.u(4), look.u(64)))
        self._text.bind(pos=self._place, size=self._place, texture_size=self._place)

    def show(self, value: str, unit: str, *, wrong: bool) -> None:
        self._text.say(value)
        self._unit.say(unit)
        self.hold(self._text, self._unit, self._clear if value else self._space)
        self._surface.show("paper", "bad" if wrong else "accent")
        self._place()

    def _place(self, *_: object) -> None:
        label = self._text
        one_line = "\n" not in label.text
        width = label._label.get_extents(label.text)[0] if label.text and one_line else 0
        hidden = bool(label.text) and not one_line
        self._caret.size = (0 if hidden else self.look.u(4), self.look.u(64))
        x = label.x + width + self.look.u(4)
        self._caret.pos = (x, label.center_y - self.look.u(32))


class DateBoxes(Row):
    """Year, month, day; a touch on a box begins there again."""

    _SPANS = ((0, 4, "year"), (4, 6, "month"), (6, 8, "day"))

    def __init__(self, look: Look, changed: Callable[[], None]) -> None:
        super().__init__(look, gap=20)
        fix(look, self, height=152)
        self._changed, self.digits, self._wrong = changed, "", False
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
        """YYYY-MM-DD; what is missing is missing."""
        parts = (self.digits[start:end] for start, end, _ in self._SPANS)
        return "-".join(part for part in parts if part)

    def load(self, value: str) -> None:
        self.digits = value.replace("-", "")[:8]

    def typed(self, key: str) -> None:
        if key == ERASE:
            self.digits = self.digits[:-1]
        elif key.isdigit() and len(self.digits) < 8:
            # No month begins with 2–9, no day with 4–9: such a digit is the second one.
            short = (len(self.digits) == 4 and key > "1") or (len(self.digits) == 6 and key > "3")
            self.digits += f"0{key}" if short else key

    def _begin(self, start: int) -> None:
        self.digits = self.digits[:start]
        self._changed()

    def show(self, names: tuple[str, str, str], *, wrong: bool) -> None:
        rows = zip(self._SPANS, self._boxes, names, strict=True)
        for (start, end, _), (_, surface, figures, caption), name in rows:
            part = self.digits[start:end]
            here = start <= len(self.digits) < end
            figures.say(part + "–" * (end - start - len(part)))
            figures.paint("ink" if part else "on_idle")
            caption.say(name)
            surface.show("paper", "accent" if here else "bad" if wrong else "line")


class ChoiceRow(Pressable):
    def __init__(self, look: Look, chosen: Callable[[str], None]) -> None:
        super().__init__(look, "", lambda: chosen(self.code), pad=(36, 0, 36, 0), gap=28)
        fix(look, self, height=128)
        self.code, self._on = "", False
        self._surface = Surface(look, self, "paper", radius="field", border="line", thick=3)
        self._mark = Icon(look, "checkbox-blank-circle-outline", 56, "muted")
        self._mark.pos_hint = {"center_y": 0.5}
        self._label = Label(look, "lead", bold=True, box=True)
        self.hold(self._mark, self._label)

    def fill(self, choice: Choice, label: str, *, on: bool) -> None:
        self.code, self.action, self._on = choice.code, f"choice:{choice.code}", on
        self._label.say(label)
        self.dress()

    def dress(self) -> None:
        on = self._on
        fill = "press" if self.state == "down" else "accent_soft" if on else "paper"
        self._surface.show(fill, "accent" if on else "line")
        name = "checkbox-marked-circle" if on else "checkbox-blank-circle-outline"
        self._mark.change(name, "accent" if on else "muted")


class Choices(Column):
    """Rows that are built once and used again for every question."""

    def __init__(self, look: Look, chosen: Callable[[str], None]) -> None:
        super().__init__(look, gap=20, flow=True)
        self._chosen = chosen
        self._rows: list[ChoiceRow] = []

    def show(self, choices: tuple[Choice, ...], labels: list[str], value: str) -> None:
        while len(self._rows) < len(choices):
            self._rows.append(ChoiceRow(self.look, self._chosen))
        shown = self._rows[: len(choices)]
        for row, choice, label in zip(shown, choices, labels, strict=True):
            row.fill(choice, label, on=choice.code == value)
        self.hold(*shown)
