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
HALF = ""  # half a key's room
_SIGNS = {ERASE: "backspace", SHIFT: "apple-keyboard-shift"}

_PAD = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))
_LATIN = (
    tuple("1234567890"),
    tuple("qwertyuiop"),
    (HALF, *"asdfghjkl", HALF),
    (SHIFT, *"zxcvbnm", ERASE),
    ("-", SPACE, "@", "."),
)
_LATIN_WIDE = (
    (*"qwertyuiop", *"789"),
    (HALF, *"asdfghjkl", HALF, *"456"),
    (SHIFT, *"zxcvbnm", ERASE, *"123"),
    ("-", SPACE, "@", ".", "0"),
)
_WIDE = {SPACE: 6.0, SHIFT: 1.5, ERASE: 1.5}


class Key(Pressable):
    """Its action is `key:<what it types>`. `face`: what stands on it, if not just that."""

    def __init__(
        self, look: Look, key: str, on_key: OnKey, *, face: str = "", wide: float = 0
    ) -> None:
        super().__init__(look, f"key:{key}", lambda: on_key(self.key))
        self.key = key
        self.size_hint_x = wide or _WIDE.get(key, 1.0)
        self._plain = "accent_soft" if key in _SIGNS or face else "paper"
        self._surface = Surface(look, self, self._plain, radius=18, border="line")
        self._ink = "ink" if self._plain == "paper" else "accent"
        self._inside: Label | Icon
        if key in _SIGNS:
            self._inside = inside = Icon(look, _SIGNS[key], 52, self._ink)
            self.add_widget(Row(look, gap(look), inside, gap(look)))
            inside.pos_hint = {"center_y": 0.5}
        else:
            self.face = Label(look, "body" if face else "head", align="center", box=True,
                              bold=bool(face), colour=self._ink, static=True)  # fmt: skip
            self._inside = self.face
            self.face.say(face or ("␣" if key == SPACE else key))
            self.add_widget(self.face)

    def become(self, key: str) -> None:
        """From now on it types this."""
        self.key, self.action = key, f"key:{key}"
        self.face.say(key)

    def dress(self) -> None:
        free, down = self.enabled, self.state == "down"
        fill = "press" if down else self._plain if free else "idle"
        self._surface.show(fill, "accent" if down else "line")
        self._inside.color = self.look.colour(self._ink if free else "on_idle")


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
            row = [Key(look, key, self._typed) if key else half(look) for key in line]
            self._keys += [key for key in row if isinstance(key, Key)]
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
        show_case(self._keys, upper=upper)

    def wipe(self) -> None:
        self._case(upper=False)


def show_case(keys: list[Key], *, upper: bool) -> None:
    """Letters on the keys change; what the keys are called does not."""
    for key in keys:
        if len(key.key) == 1 and "a" <= key.key <= "z":
            key.face.say(key.key.upper() if upper else key.key)


def half(look: Look) -> Widget:
    """The middle row of letters is set in by half a key."""
    space = gap(look)
    space.size_hint_x = 0.5
    return space
