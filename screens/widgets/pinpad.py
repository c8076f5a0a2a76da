"""Where a secret shows while it is typed, and the keys that type it."""

from __future__ import annotations

from collections.abc import Sequence

from screens.theme import Look
from screens.widgets.box import Middle, Row, Surface, fix
from screens.widgets.keys import Key, Keypad, OnKey
from screens.widgets.text import Label

DOT = "●"
_GAP = 12


class Slots(Row):
    """One box for each character: as many as there must be, more once they are typed."""

    def __init__(self, look: Look, most: int = 12) -> None:
        super().__init__(look, gap=_GAP)
        fix(look, self, height=136)
        self._slots = [_Slot(look) for _ in range(most)]

    def show(self, marks: Sequence[str], least: int, *, wrong: bool) -> None:
        """`marks`: what each box shows, a character or a dot."""
        shown = self._slots[: max(least, len(marks))]
        for number, slot in enumerate(shown):
            mark = marks[number] if number < len(marks) else ""
            slot.show(mark, here=number == len(marks), wrong=wrong)
        for slot in self._slots[len(shown) :]:
            slot.wipe()
        self.hold(*shown)

    def wipe(self) -> None:
        for slot in self._slots:
            slot.wipe()


class _Slot(Middle):
    def __init__(self, look: Look) -> None:
        self._label = Label(look, "title", bold=True, align="center", box=True)
        super().__init__(self._label)
        self._surface = Surface(look, self, "paper", radius="field", border="line", thick=4)

    def show(self, mark: str, *, here: bool, wrong: bool) -> None:
        self._label.say(mark)
        self._surface.show("paper", "bad" if wrong else "accent" if here else "line")

    def wipe(self) -> None:
        self._label.wipe()


class Pad(Keypad):
    """A keypad that is pale and takes no touch while nothing may be typed."""

    def __init__(self, look: Look, on_key: OnKey) -> None:
        super().__init__(look, on_key)
        self._keys = [widget for widget in self.walk(restrict=True) if isinstance(widget, Key)]

    def allow(self, *, typing: bool) -> None:
        if typing != self._keys[0].enabled:
            for key in self._keys:
                key.enabled = typing
