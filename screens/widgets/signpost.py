"""The mirror with a sign on the edge of its oval: which way to turn, and the like."""

from __future__ import annotations

from kivy.graphics import Color, SmoothEllipse
from kivy.uix.floatlayout import FloatLayout

from screens.theme import Look
from screens.widgets.box import Middle, fix
from screens.widgets.marks import Medallion
from screens.widgets.mirror import Mirror

_SIZE, _RIM = 148, 8
# Where on the mirror's square, in shares of it: the oval is 0.78 as wide as high.
_PLACES = {"left": (0.12, 0.5), "right": (0.88, 0.5), "top": (0.5, 0.93), "bottom": (0.5, 0.07)}


class Signpost(FloatLayout):
    """Sides are those of the screen. In a mirror a person's own left is on the screen's left."""

    def __init__(self, look: Look, mirror: Mirror) -> None:
        super().__init__(size_hint=(None, None), size=mirror.size)
        self._mirror, self._place = mirror, ""
        self._arrow = Medallion(look, "arrow-left-bold", _SIZE, ink="on_accent", ground="accent")
        self._sign = fix(look, Middle(self._arrow), _SIZE + 2 * _RIM, _SIZE + 2 * _RIM)
        with self._sign.canvas.before:
            Color(*look.colour("ground"))
            self._rim = SmoothEllipse()
        self.add_widget(mirror)
        self.bind(pos=self._arrange)

    @property
    def place(self) -> str:
        return self._place

    def point(self, place: str, icon: str) -> None:
        """`place`: left, right, top, bottom; or '' for no sign."""
        self._place = place
        if place:
            self._arrow.change(icon, "on_accent", "accent")
        if bool(place) != (self._sign.parent is self):
            (self.add_widget if place else self.remove_widget)(self._sign)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        self._mirror.pos = self.pos
        if self._place:
            across, up = _PLACES[self._place]
            self._sign.center = (self.x + across * self.width, self.y + up * self.height)
            self._rim.pos, self._rim.size = self._sign.pos, self._sign.size
