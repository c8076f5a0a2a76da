"""A keyboard for Chinese: pinyin or handwriting with words to choose from, Latin letters, digits
and signs.

Without librime it types Latin letters alone, and says so; what reads handwriting may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kivy.uix.widget import Widget

from kiosk.signature import Stroke
from screens.pinyin import Pinyin, Standing
from screens.theme import Look
from screens.widgets import hanzi_keys as rows
from screens.widgets.box import Column, Row
from screens.widgets.candidates import CandidateBar
from screens.widgets.hanzi_keys import MODE, MORE, WRITE, Layer
from screens.widgets.keys import ERASE, SHIFT, SPACE, Key, OnKey, half, show_case
from screens.widgets.writing import WritingField
from screens.writing import Handwriting


@dataclass(frozen=True, slots=True)
class Kept:
    """What is open, and which keys are shown."""

    letters: str
    strokes: tuple[Stroke, ...]
    chinese: bool
    layer: Layer


class HanziKeyboard(Column):
    """`on_key` gets ERASE, a sign, or a chosen word. `changed`: letters were opened or closed."""

    def __init__(
        self, look: Look, on_key: OnKey, pinyin: Pinyin, handwriting: Handwriting | None,
        changed: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(look, gap=10)
        self._on_key, self._pinyin, self._changed = on_key, pinyin, changed
        self._words: Callable[[str], str] = lambda _key: ""
        self._chinese, self._upper, self._layer = True, False, Layer.LETTERS
        self._bar = CandidateBar(look, self._candidates, self._choose)
        self._field = WritingField(look, handwriting, self._show)
        self._writes = handwriting is not None
        self._keys: list[Key] = []
        self._part, self._shift = self._key(rows.PART), self._key(SHIFT)
        self._layers = self._build()
        self._arrange()

    @property
    def open(self) -> bool:
        """Are there letters, or strokes, from which nothing was chosen yet?"""
        return self._field.written or bool(self._pinyin.typed)

    def say(self, words: Callable[[str], str]) -> None:
        """In another language: words of the program by their keys."""
        self._words = words
        self._show()

    def begin(self) -> None:
        """For another question."""
        self._forget()
        self._chinese, self._upper, self._layer = True, False, Layer.LETTERS
        self._arrange()
        self._show()

    def wipe(self) -> None:
        self.begin()
        self._bar.wipe()

    def kept(self) -> Kept:
        strokes = self._field.ink.strokes
        return Kept(self._pinyin.typed, strokes, self._chinese, self._layer)

    def restore(self, kept: Kept) -> None:
        """What was open is pressed and read again: what it may mean is found anew."""
        self._chinese, self._layer = kept.chinese, kept.layer
        self._forget()
        for letter in kept.letters:
            if "a" <= letter <= "z" or letter == rows.PART:
                self._pinyin.press(letter)
        self._arrange()
        self._field.take(kept.strokes)
        self._show()

    # ---- Building ----------------------------------------------------------------------------

    def _key(self, key: str, wide: float = 0) -> Key:
        made = Key(self.look, key, self._typed, face=rows.FACES.get(key, ""),
                   wide=wide or rows.WIDE.get(key, 0))  # fmt: skip
        self._keys.append(made)
        return made

    def _row(self, line: tuple[str, ...]) -> Row:
        part = {rows.PART: self._part}
        made = [(part.get(key) or self._key(key)) if key else half(self.look)
                for key in line if key != WRITE or self._writes]  # fmt: skip
        return Row(self.look, *made, gap=12)

    def _build(self) -> dict[Layer, list[Row]]:
        layers: dict[Layer, list[Row]] = {}
        if self.look.portrait:
            digits, last = self._row(rows.DIGITS), self._row(rows.LAST)
            for layer, lines in ((Layer.LETTERS, rows.LETTERS), (Layer.SIGNS, rows.SIGNS)):
                layers[layer] = [digits, *(self._row(line) for line in lines[1:]), last]
            layers[Layer.WRITING] = [digits, self._writing(rows.BESIDE), last]
            return layers
        wide = ((Layer.LETTERS, rows.LETTERS_WIDE), (Layer.SIGNS, rows.SIGNS_WIDE))
        for layer, (*above, bottom) in wide:
            layers[layer] = [self._row(line) for line in (*above, (*rows.FIRST_WIDE, *bottom))]
            layers[layer][-1].add_widget(self._key(SPACE, rows.SPACE_WIDE))
        layers[Layer.WRITING] = [self._writing(rows.BESIDE_WIDE)]
        return layers

    def _writing(self, beside: rows.Rows) -> Row:
        """As high as three rows of keys; the field stands before the last column of keys."""
        columns: list[Widget] = [
            Column(self.look, *(self._key(key, 1) for key in keys), gap=10) for keys in beside
        ]
        self._field.size_hint_x = rows.FIELD_WIDE
        pane = Row(self.look, *columns[:-1], self._field, columns[-1], gap=12)
        pane.size_hint_y = 3
        return pane

    def _arrange(self) -> None:
        """The layer, and what its keys type in this mode."""
        latin = not self._chinese_now
        for key in self._keys:
            for chinese, other in rows.PAIRS.items():
                if key.key in (chinese, other) and key.key != (other if latin else chinese):
                    key.become(other if latin else chinese)
            if key.key == MORE:
                key.face.say("abc" if self._layer is Layer.SIGNS else rows.FACES[MORE])
            if key.key == WRITE:
                key.face.say("拼音" if self._layer is Layer.WRITING else rows.FACES[WRITE])
        out, into = (self._part, self._shift) if latin else (self._shift, self._part)
        row = out.parent
        if row is not None:
            place = row.children.index(out)
            row.remove_widget(out)
            row.add_widget(into, place)
        show_case(self._keys, upper=self._upper)
        self.hold(self._bar, *self._layers[self._layer])

    # ---- Typing ------------------------------------------------------------------------------

    @property
    def _chinese_now(self) -> bool:
        return self._chinese and self._pinyin.standing is not Standing.MISSING

    @property
    def _source(self) -> Pinyin | WritingField:
        """What is open is there, if anything is."""
        return self._field if self._field.written else self._pinyin

    def _typed(self, key: str) -> None:
        if self._pinyin.standing is Standing.STARTING:
            self._pinyin.wait(1)  # only a touch in the program's first second gets here
        if key in (MODE, MORE, WRITE, SHIFT):
            self._turn(key)
        elif self._chinese_now and (key == rows.PART or (len(key) == 1 and "a" <= key <= "z")):
            if key != rows.PART or self.open:
                self._pinyin.press(key)
        elif key == rows.ANEW:
            self._field.forget()
        elif self.open and key == ERASE:
            self._source.erase()
        elif self.open and key == SPACE:
            self._choose(0)
        else:
            self._write(key)
        self._show()

    def _turn(self, key: str) -> None:
        if key == SHIFT:
            self._upper = not self._upper
        elif key == MODE:
            self._forget()
            self._chinese, self._upper, self._layer = not self._chinese, False, Layer.LETTERS
        else:
            wanted = Layer.SIGNS if key == MORE else Layer.WRITING
            self._layer = wanted if self._layer is not wanted else Layer.LETTERS
            self._field.forget()
        if self._layer is Layer.WRITING:
            self._pinyin.forget()
            self._field.prepare()
        self._arrange()

    def _write(self, key: str) -> None:
        """A sign, a digit or a Latin letter; what is open is written before it."""
        if self.open:
            self._on_key(self._source.close())
        self._on_key(" " if key == SPACE else key.upper() if self._upper and len(key) == 1 else key)
        if self._upper:
            self._upper = False
            self._arrange()

    def _candidates(self, start: int, count: int) -> Sequence[str]:
        return self._source.candidates(start, count)

    def _choose(self, index: int) -> None:
        word = self._source.choose(index)
        if word:
            self._on_key(word)
        self._show()

    def _forget(self) -> None:
        """Nothing is open, neither letters nor ink."""
        self._pinyin.forget()
        self._field.forget()

    def _show(self) -> None:
        missing = self._pinyin.standing is Standing.MISSING
        if self._layer is Layer.WRITING:
            hint = "keys.write"
        else:
            hint = "keys.missing" if missing else "keys.pinyin" if self._chinese else "keys.latin"
        self._bar.hint(self._words(hint))
        self._bar.show(self._told())
        self._changed()

    def _told(self) -> str:
        """Of what is open: its letters, or of strokes whether they were read."""
        if not self._field.written:
            return self._pinyin.typed
        return self._words("keys.written" if self._field.candidates(0, 1) else "keys.unread")
