"""The field to search in: closed it invites, open it shows what is typed."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, Rectangle

from screens.theme import Look
from screens.widgets.box import Middle, Surface, fix
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

Act = Callable[[], None]


class _Clear(Pressable):
    """Empties the field at once; offered only while there is something in it."""

    def __init__(self, look: Look, clear: Act) -> None:
        self._sign = Icon(look, "close-circle", 64, "muted")
        super().__init__(look, "clear", clear, Middle(self._sign))
        fix(look, self, width=112)

    def dress(self) -> None:
        self._sign.color = self.look.colour("accent" if self.state == "down" else "muted")


class SearchBar(Pressable):
    """Pressed anywhere but on the cross it calls `open_it`."""

    def __init__(self, look: Look, open_it: Act, clear: Act) -> None:
        super().__init__(look, "search", open_it, pad=(32, 4, 8, 4), gap=24)
        fix(look, self, height=132 if look.portrait else 112)
        self._surface = Surface(
            look, self, "paper", radius="field", border="accent", thick=4, shadow=True
        )
        self._icon = Icon(look, "magnify", 72, "accent")
        self._icon.pos_hint = {"center_y": 0.5}
        self._hint = Label(look, "body", colour="muted", box=True)
        self._text = Label(look, "head", bold=True, box=True)
        self._clear = _Clear(look, clear)
        with self.canvas.after:
            self._tint = Color(*look.colour("accent"))
            self._caret = Rectangle(size=(0, 0))
        self._typing = False
        self._text.bind(pos=self._place, size=self._place)
        self._hint.bind(pos=self._place, size=self._place)

    def show(self, words: str, hint: str, *, typing: bool) -> None:
        """`typing`: keys are at hand, so a caret shows where they write."""
        self._typing = typing
        self._text.say(words)
        self._hint.say(hint)
        self.hold(self._icon, *((self._text, self._clear) if words else (self._hint,)))
        self._place()

    @property
    def typed(self) -> bool:
        """Does it hold anything?"""
        return bool(self._text.raw)

    def wipe(self) -> None:
        self._text.wipe()
        self.hold(self._icon, self._hint)
        self._place()

    def _place(self, *_: object) -> None:
        look, label = self.look, self._text
        shown = self._typing and "\n" not in label.text
        words = label.text and label._label.get_extents(label.text)[0] + look.u(4)
        at = label if words else self._hint
        self._caret.size = (look.u(4) if shown else 0, look.u(64))
        left = at.x + words if words else at.x - look.u(10)
        self._caret.pos = (left, at.center_y - look.u(32))

    def dress(self) -> None:
        self._surface.show("press" if self.state == "down" else "paper", "accent")
