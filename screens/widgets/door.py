"""The staff's way in: small to look at, and large enough for a finger."""

from __future__ import annotations

from screens.theme import Look
from screens.widgets.box import Hug
from screens.widgets.press import Act, Pressable
from screens.widgets.text import Icon, Label

_HIGH = 96


class Door(Pressable):
    """As wide as its words."""

    def __init__(self, look: Look, act: Act) -> None:
        super().__init__(look, "staff", act, pad=(24, 0, 24, 0))
        self._icon = Icon(look, "account-key", 44, "muted")
        self._label = Label(look, "small", bold=True, colour="muted", hug=True)
        for widget in (self._icon, self._label):
            widget.pos_hint = {"center_y": 0.5}
        self.add_widget(Hug(look, self._icon, self._label, gap=12))
        self.size_hint = (None, None)
        self.height = look.u(_HIGH)
        self.bind(minimum_width=self.setter("width"))

    def say(self, text: str) -> None:
        self._label.say(text)

    def dress(self) -> None:
        colour = "accent" if self.state == "down" else "muted"
        self._label.paint(colour)
        self._icon.color = self.look.colour(colour)
