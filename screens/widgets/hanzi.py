"""A keyboard for Chinese: pinyin with words to choose from, Latin letters, digits and signs.

Without librime it types Latin letters alone, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from screens.pinyin import Pinyin, Standing
from screens.theme import Look
from screens.widgets.box import Column, Row
from screens.widgets.candidates import CandidateBar
from screens.widgets.keys import ERASE, HALF, SHIFT, SPACE, Key, OnKey, half, show_case

MODE, MORE, PART = "mode", "more", "'"
_FACES = {MODE: "中/英", MORE: "#+="}
_WIDE = {MODE: 1.5, MORE: 1.5, PART: 1.5, SHIFT: 1.5}
_DIGITS = tuple("1234567890")
# A key that types another sign with Latin letters: Chinese, Latin.
_PAIRS = {"，": ",", "。": "."}

_Rows = tuple[tuple[str, ...], ...]
_LETTERS: _Rows = (
    _DIGITS,
    tuple("qwertyuiop"),
    (HALF, *"asdfghjkl", HALF),
    (PART, *"zxcvbnm", ERASE),
)
_SIGNS: _Rows = (
    _DIGITS,
    tuple("-/#&@+%:()"),
    (HALF, *"（）、；：“”《》", HALF),
    (*"！？—…＿°〇", ERASE),
)
_LAST = (MODE, MORE, SPACE, "·", "，", "。")
# In a landscape window there is height for three rows.
_LETTERS_WIDE: _Rows = ((*"qwertyuiop", ERASE), (PART, *"asdfghjkl", "，", "。"), tuple("zxcvbnm"))
_SIGNS_WIDE: _Rows = (
    (*_DIGITS, ERASE),
    (*"-/#（）、；：·", "，", "。"),
    tuple("&@+_%“”"),
)
_FIRST_WIDE, _SPACE_WIDE = (MODE, MORE), 2.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is open, and which keys are shown."""

    letters: str
    chinese: bool
    signs: bool


class HanziKeyboard(Column):
    """`on_key` gets ERASE, a sign, or a chosen word. `changed`: letters were opened or closed."""

    def __init__(
        self, look: Look, on_key: OnKey, pinyin: Pinyin, changed: Callable[[], None]
    ) -> None:
        super().__init__(look, gap=10)
        self._on_key, self._pinyin, self._changed = on_key, pinyin, changed
        self._hints = ("", "", "")
        self._chinese, self._signs, self._upper = True, False, False
        self._bar = CandidateBar(look, pinyin.candidates, self._choose)
        self._keys: list[Key] = []
        self._part, self._shift = self._key(PART), self._key(SHIFT)
        self._letters, self._more = self._build()
        self._arrange()

    @property
    def open(self) -> bool:
        """Are there letters from which nothing was chosen yet?"""
        return bool(self._pinyin.typed)

    def say(self, pinyin: str, latin: str, missing: str) -> None:
        """What the bar tells while nothing is open: with each of the three ways to type."""
        self._hints = (pinyin, latin, missing)
        self._show()

    def begin(self) -> None:
        """For another question."""
        self._pinyin.forget()
        self._chinese, self._signs, self._upper = True, False, False
        self._arrange()
        self._show()

    def wipe(self) -> None:
        self.begin()
        self._bar.wipe()

    def kept(self) -> Kept:
        return Kept(self._pinyin.typed, self._chinese, self._signs)

    def restore(self, kept: Kept) -> None:
        """Letters that were open are pressed again: what they may mean is found anew."""
        self._chinese, self._signs = kept.chinese, kept.signs
        self._pinyin.forget()
        for letter in kept.letters:
            if "a" <= letter <= "z" or letter == PART:
                self._pinyin.press(letter)
        self._arrange()
        self._show()

    # ---- Building ----------------------------------------------------------------------------

    def _key(self, key: str, wide: float = 0) -> Key:
        made = Key(self.look, key, self._typed, face=_FACES.get(key, ""),
                   wide=wide or _WIDE.get(key, 0))  # fmt: skip
        self._keys.append(made)
        return made

    def _row(self, line: tuple[str, ...]) -> Row:
        part = {PART: self._part}
        keys = [(part.get(key) or self._key(key)) if key else half(self.look) for key in line]
        return Row(self.look, *keys, gap=12)

    def _build(self) -> tuple[list[Row], list[Row]]:
        if self.look.portrait:
            last = self._row(_LAST)
            rows = [[self._row(line) for line in lines] for lines in (_LETTERS[1:], _SIGNS[1:])]
            digits = self._row(_DIGITS)
            return [digits, *rows[0], last], [digits, *rows[1], last]
        layers = []
        for *lines, bottom in (_LETTERS_WIDE, _SIGNS_WIDE):
            above = [self._row(line) for line in lines]
            ends = [self._key(key) for key in _FIRST_WIDE]
            keys = [self._key(key) for key in bottom]
            space = self._key(SPACE, _SPACE_WIDE)
            layers.append([*above, Row(self.look, *ends, *keys, space, gap=12)])
        return layers[0], layers[1]

    def _arrange(self) -> None:
        """The layer, and what its keys type in this mode."""
        latin = not self._chinese_now
        for key in self._keys:
            for chinese, other in _PAIRS.items():
                if key.key in (chinese, other) and key.key != (other if latin else chinese):
                    key.become(other if latin else chinese)
            if key.key == MORE:
                key.face.say("abc" if self._signs else "#+=")
        out, into = (self._part, self._shift) if latin else (self._shift, self._part)
        row = out.parent
        if row is not None:
            place = row.children.index(out)
            row.remove_widget(out)
            row.add_widget(into, place)
        show_case(self._keys, upper=self._upper)
        self.hold(self._bar, *(self._more if self._signs else self._letters))

    # ---- Typing ------------------------------------------------------------------------------

    @property
    def _chinese_now(self) -> bool:
        return self._chinese and self._pinyin.standing is not Standing.MISSING

    def _typed(self, key: str) -> None:
        if self._pinyin.standing is Standing.STARTING:
            self._pinyin.wait(1)  # only a touch in the program's first second gets here
        if key in (MODE, MORE, SHIFT):
            self._turn(key)
        elif self._chinese_now and (key == PART or (len(key) == 1 and "a" <= key <= "z")):
            if key != PART or self.open:
                self._pinyin.press(key)
        elif self.open and key == ERASE:
            self._pinyin.erase()
        elif self.open and key == SPACE:
            self._choose(0)
        else:
            self._write(key)
        self._show()

    def _turn(self, key: str) -> None:
        if key == SHIFT:
            self._upper = not self._upper
        elif key == MORE:
            self._signs = not self._signs
        else:
            self._pinyin.forget()
            self._chinese, self._signs, self._upper = not self._chinese, False, False
        self._arrange()

    def _write(self, key: str) -> None:
        """A sign, a digit or a Latin letter; what is open is written before it."""
        if self.open:
            self._on_key(self._pinyin.close())
        self._on_key(" " if key == SPACE else key.upper() if self._upper and len(key) == 1 else key)
        if self._upper:
            self._upper = False
            self._arrange()

    def _choose(self, index: int) -> None:
        word = self._pinyin.choose(index)
        if word:
            self._on_key(word)
        self._show()

    def _show(self) -> None:
        missing = self._pinyin.standing is Standing.MISSING
        self._bar.hint(self._hints[2 if missing else 0 if self._chinese else 1])
        self._bar.show(self._pinyin.typed)
        self._changed()
