"""Labels: lines broken for Chinese and English, sizes from the type scale only."""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.uix.label import Label as KivyLabel

from screens.fonts import ICON_FONT, icon
from screens.theme import Look
from screens.widgets.wrap import Measure, balanced, break_lines, splits_a_word


@lru_cache(maxsize=128)
def _ruler(size: float, bold: bool) -> Any:
    return CoreLabel(font_size=size, bold=bold)


def _width(ruler: Any, text: str) -> float:
    return float(ruler.get_extents(text)[0])


def lines_in(
    look: Look, size: str, text: str, wide: float, *, bold: bool = False
) -> tuple[list[str], float]:
    """The lines of a text in a width, and the height of one, both in window pixels."""
    ruler = _ruler(look.type(size), bold)
    lines = break_lines(text, wide, partial(_width, ruler))
    return lines, float(ruler.get_extents("国")[1])


def width_of(look: Look, size: str, text: str, *, bold: bool = False) -> float:
    """Of a text on one line, in window pixels."""
    return _width(_ruler(look.type(size), bold), text)


class Label(KivyLabel):
    """Text in one of the fixed sizes.

    By default it is as wide as it is given and as high as its text. `box=True`: it keeps the
    height it is given, and takes a smaller type size when the text does not fit. `hug=True`: as
    wide as its text, at most `most` × `tall` window pixels. Otherwise a text higher than `tall`
    takes a smaller size, but is never cut. `even`: lines of like length.
    `top`: a box's text stands at its upper edge. `static`: never wiped, since it says the same
    for everybody.
    """

    width: float
    height: float
    size_hint_x: float | None

    def __init__(
        self,
        look: Look,
        size: str = "body",
        *,
        bold: bool = False,
        colour: str = "ink",
        align: str = "left",
        box: bool = False,
        hug: bool = False,
        even: bool = False,
        top: bool = False,
        static: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(bold=bold, halign=align, valign="top" if top else "middle", **kwargs)
        self.look = look
        self._size, self._box, self._hug, self._even = size, box, hug, even
        self._raw, self._top, self._static = "", top, static
        self.clipped = False  # not even the smallest size fits the box
        self.most = self.tall = math.inf
        self.color = look.colour(colour)
        self.font_size = look.type(size)
        if hug:
            self.size_hint_x, self.width = None, 0
        if not box:
            self.size_hint_y, self.height = None, 0
        later = Clock.create_trigger(self.arrange, -1)
        self.bind(**({} if hug else {"width": later}), **({"height": later} if box else {}))

    def say(self, text: str) -> None:
        if text != self._raw:
            self._raw = text
            self.arrange()

    def wipe(self) -> None:
        if not self._static:
            self.say("")

    def paint(self, colour: str) -> None:
        self.color = self.look.colour(colour)

    @property
    def raw(self) -> str:
        """The text before its lines were broken."""
        return self._raw

    def arrange(self, *_: object) -> None:
        wide = self.most if self._hug else self.width
        if self._raw and wide > self.look.u(40):
            self.font_size, lines = self._choose(wide, self.height if self._box else self.tall)
            self.text_size = (None if self._hug else wide, self.height if self._top else None)
            self.text = "\n".join(lines)
        else:
            self.text = ""
        self.texture_update()
        if not self.text:
            self._blank()
        if self._hug:
            self.width = self.texture_size[0] if self.text else 0
        if not self._box:
            self.height = self.texture_size[1] if self.text else 0

    def _blank(self) -> None:
        """Kivy keeps the lines, the drawing and the picture of a text until there is another."""
        core = self._label
        core._cached_lines = []
        if core.texture is not None:
            core.clear_texture()
        core.texture = core._surface = None

    def _splits(self, lines: list[str], wide: float, measure: Measure) -> bool:
        """Is there a word that is wider than the place? Not in a text of one line that fits."""
        whole = len(lines) == 1 and measure(lines[0]) <= wide
        return not whole and splits_a_word(self._raw, wide, measure)

    def _choose(self, wide: float, tall: float) -> tuple[float, list[str]]:
        """The largest size, from the wanted one down, whose lines fit."""
        font, lines, over = self.font_size, [self._raw], False
        for font in self.look.types(self._size):
            ruler = _ruler(font, self.bold)
            split = balanced if self._even else break_lines
            lines = split(self._raw, wide, partial(_width, ruler))
            over = len(lines) * float(ruler.get_extents("国")[1]) > tall + 1
            if not over and not self._splits(lines, wide, partial(_width, ruler)):
                break
        self.clipped = over and (self._box or self._hug)
        return font, lines


class Icon(KivyLabel):
    """One character of the icon font in a square of `size` design pixels."""

    def __init__(self, look: Look, name: str, size: int, colour: str = "accent") -> None:
        side = look.u(size)
        super().__init__(
            text=icon(name),
            font_name=ICON_FONT,
            font_size=side * 0.92,
            size_hint=(None, None),
            size=(side, side),
            color=look.colour(colour),
            halign="center",
            valign="middle",
        )
        self.look, self.name = look, name
        self.text_size = (None, None)

    def change(self, name: str, colour: str) -> None:
        self.name, self.text = name, icon(name)
        self.color = self.look.colour(colour)
