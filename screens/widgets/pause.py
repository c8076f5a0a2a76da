"""What stands in the place of the keys while there is nothing to type."""

from __future__ import annotations

from kivy.uix.widget import Widget

from screens.theme import Look
from screens.widgets.box import Column, Middle, gap
from screens.widgets.marks import Busy, Medallion, Ring
from screens.widgets.text import Label

_HIGH = 240


class Pause(Column):
    """`sign`: busy (something is under way), ring (seconds run), alert (it did not work)."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._busy, self._ring = Busy(look, 160), Ring(look, _HIGH, type_size="display")
        self._signs: dict[str, Widget] = {
            "busy": self._busy,
            "ring": self._ring,
            "alert": Medallion(look, "alert", 200, ink="warn", ground="warn_soft"),
        }
        self._places = {
            name: Middle(sign, size_hint_y=None, height=look.u(_HIGH))
            for name, sign in self._signs.items()
        }
        self._said = Label(look, "lead", bold=True, align="center", even=True)
        self._under = Label(look, "body", colour="muted", align="center", even=True)
        self._inside = Column(look, gap=36, flow=True)
        self.hold(gap(look), self._inside, gap(look))

    def show(self, sign: str, said: str, under: str, seconds: int = 0) -> None:
        self._busy.run(sign == "busy")
        self._ring.tick(seconds)
        self._said.say(said)
        self._under.say(under)
        self._inside.hold(self._places[sign], self._said, self._under)

    def begin(self) -> None:
        """The next `show` tells the whole time."""
        self._ring.begin()

    def rest(self) -> None:
        self._busy.run(False)
