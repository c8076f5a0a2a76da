"""A field for one Chinese character after the other, written with a finger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kivy.uix.floatlayout import FloatLayout

from kiosk.signature import Stroke
from screens.theme import Look
from screens.widgets.box import Surface
from screens.widgets.ink import Ink
from screens.widgets.text import Icon
from screens.writing import Handwriting

_MOST = 24  # readings of one character


class WritingField(FloatLayout):
    """`changed`: what is written, or may be meant by it, is another now. What is open in it is
    chosen, erased and closed as `screens.pinyin.Pinyin` does it with letters."""

    def __init__(
        self, look: Look, handwriting: Handwriting | None, changed: Callable[[], None]
    ) -> None:
        super().__init__()
        self.look = look
        self._handwriting, self._changed = handwriting, changed
        self._found: list[str] = []
        Surface(look, self, "paper", radius="field", border="accent", thick=4)
        self._sign = Icon(look, "pencil", 96, "muted")
        self._sign.pos_hint = {"center_x": 0.5, "center_y": 0.5}
        self.ink = Ink(look, self._began, self._read)
        self.ink.pos_hint = {"x": 0, "y": 0}
        for widget in (self._sign, self.ink):
            self.add_widget(widget)

    @property
    def written(self) -> bool:
        return bool(self.ink.strokes)

    def prepare(self) -> None:
        """Somebody is about to write."""
        if self._handwriting is not None:
            self._handwriting.prepare()

    def candidates(self, start: int, count: int) -> Sequence[str]:
        return self._found[start : start + count]

    def choose(self, index: int) -> str:
        """The character; '' if nothing is written, or nothing is read from it."""
        chosen = self._found[index] if index < len(self._found) else ""
        self.forget()
        return chosen

    def close(self) -> str:
        """The likeliest."""
        return self.choose(0)

    def erase(self) -> None:
        """The last stroke."""
        self.take(self.ink.strokes[:-1])

    def forget(self) -> None:
        self._found = []
        self.ink.wipe()

    def take(self, strokes: tuple[Stroke, ...]) -> None:
        self.ink.take(strokes)
        self._read()

    def _began(self) -> None:
        self._sign.opacity = 0 if self.written else 1
        if not self.written:
            self._changed()

    def _read(self) -> None:
        strokes = [[(x, -y) for x, y, _ in stroke] for stroke in self.ink.strokes]
        read = self._handwriting
        self._found = read.candidates(strokes, _MOST) if strokes and read is not None else []
        self._changed()
