"""Keys for a finger: a keypad for digits and a Latin keyboard."""

from __future__ import annotations

from collections.abc import Callable

from kivy.uix.widget import Widget

from screens.theme import Look
from screens.widgets.box import Column, Row, Surface, gap
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

OnKey = Callable[[str], None]

ERASE, SPACE, SHIFT = "erase", "space", "shift"
_SIGNS = {ERASE: "backspace", SHIFT: "apple-keyboard-shift"}

_PAD = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))
_LATIN = (
    tuple("1234567890"),
    tuple("qwertyuiop"),
    tuple("asdfghjkl"),
    (SHIFT, *"zxcvbnm", ERASE),
    ("-", SPACE, "@", "."),
)
_LATIN_WIDE = (
    (*"qwertyuiop", *"789"),
    (*"asdfghjkl", *"456"),
    (SHIFT, *"zxcvbnm", ERASE, *"123"),
    ("-", SPACE, "@", ".", "0"),
)
_WIDE = {SPACE: 6.0, SHIFT: 1.5, ERASE: 1.5}


class Key(Pressable):
    """Its action is `key:<what it types>`."""

    def __init__(self, look: Look, key: str, on_key: OnKey) -> None:
        super().__init__(look, f"key:{key}", lambda: on_key(key))
        self.size_hint_x = _WIDE.get(key, 1.0)
        self._plain = "accent_soft" if key in _SIGNS else "paper"
        self._surface = Surface(look, self, self._plain, radius=18, border="line")
        if key in _SIGNS:
            inside = Icon(look, _SIGNS[key], 52, "accent")
            self.add_widget(Row(look, gap(look), inside, gap(look)))
            inside.pos_hint = {"center_y": 0.5}
        else:
            self.face = Label(look, "head", align="center", box=True, static=True)
            self.face.say("" if key == SPACE else key)
            self.add_widget(self.face)

    def dress(self) -> None:
        down = self.state == "down"
        self._surface.show("accent_line" if down else self._plain, "accent" if down else "line")


class Keypad(Column):
    """Ten digits, erase, and one more key: X for identity numbers, or a decimal point."""

    def __init__(self, look: Look, on_key: OnKey, extra: str = "") -> None:
        super().__init__(look, gap=16)
        for line in _PAD:
            self.add_widget(Row(look, *(Key(look, key, on_key) for key in line), gap=16))
        corner = Key(look, extra, on_key) if extra else gap(look)
        last = (corner, Key(look, "0", on_key), Key(look, ERASE, on_key))
        for key in last:
            key.size_hint_x = 1
        self.add_widget(Row(look, *last, gap=16))


class Keyboard(Column):
    """Latin letters, digits and the few signs that answers need. Shift holds for one letter.

    In a landscape window the digits stand at the right, which leaves four rows of full height.
    """

    def __init__(self, look: Look, on_key: OnKey) -> None:
        super().__init__(look, gap=14)
        self._on_key, self._upper = on_key, False
        self._keys: list[Key] = []
        for line in _LATIN if look.portrait else _LATIN_WIDE:
            keys = [Key(look, key, self._typed) for key in line]
            self._keys += keys
            row: list[Widget] = [*keys]
            if line[0] == "a":
                row = [_half(look), *row[:9], _half(look), *row[9:]]
            self.add_widget(Row(look, *row, gap=12))

    def _typed(self, key: str) -> None:
        if key == SHIFT:
            self._case(upper=not self._upper)
            return
        letter = len(key) == 1 and key.isalpha()
        self._on_key(" " if key == SPACE else key.upper() if letter and self._upper else key)
        if self._upper:
            self._case(upper=False)

    def _case(self, *, upper: bool) -> None:
        self._upper = upper
        for key in self._keys:
            name = key.action.removeprefix("key:")
            if len(name) == 1 and name.isalpha():
                key.face.say(name.upper() if upper else name)

    def wipe(self) -> None:
        self._case(upper=False)


def _half(look: Look) -> Widget:
    """The middle row of letters is set in by half a key."""
    space = gap(look)
    space.size_hint_x = 0.5
    return space
