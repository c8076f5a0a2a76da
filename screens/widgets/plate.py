"""The document camera's picture, live, or of the page that was taken: whole, never cropped."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, SmoothLine
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.ports import FrameSlot
from screens.theme import RADIUS, Look
from screens.widgets.box import Surface
from screens.widgets.text import Icon

_RATE = 1 / 10  # looks at the slot ten times a second; draws only when the picture is new


class Plate(Widget):
    """As large as it is given; one texture for each size of picture, refilled in place."""

    def __init__(self, look: Look, frames: FrameSlot) -> None:
        super().__init__()
        self.look, self._frames = look, frames
        self._serial, self._event = -1, None
        self._texture: Any = None
        Surface(look, self, "deep", radius="tile")
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._picture = Rectangle()
        with self.canvas.after:
            self._ink = Color(*look.colour("accent"))
            self._line = SmoothLine(width=look.u(5))
        self._sign = Icon(look, "file-document", 200, "on_deep_muted")  # before there is a picture
        self.add_widget(self._sign)
        self.bind(pos=self._place, size=self._place)

    def run(self, running: bool) -> None:
        if running and self._event is None:
            self._event = Clock.schedule_interval(self._look, _RATE)
            self._look(0)
        elif not running and self._event is not None:
            self._event.cancel()
            self._event = None

    def ring(self, colour: str) -> None:
        self._ink.rgba = self.look.colour(colour)

    def wipe(self) -> None:
        """Overwrite the picture on the graphics side too."""
        self._tint.a, self._sign.opacity = 0, 0.5
        if self._texture is not None:
            width, height = self._texture.size
            self._texture.blit_buffer(bytes(width * height * 3), colorfmt="bgr")
        self._serial = -1

    def _look(self, _seconds: float) -> None:
        serial, frame = self._frames.newest()
        if serial == self._serial:
            return
        if frame is None:
            self.wipe()
            self._serial = serial
            return
        self._serial = serial
        width, height, bgr = frame
        if self._texture is None or self._texture.size != (width, height):
            self.wipe()
            self._serial = serial
            self._texture = Texture.create(size=(width, height), colorfmt="bgr")
            top_first = (0, 1, 1, 1, 1, 0, 0, 0)  # rows come from the top
            self._picture.texture, self._picture.tex_coords = self._texture, top_first
            self._place()
        self._texture.blit_buffer(bgr, colorfmt="bgr", bufferfmt="ubyte")
        self._tint.a, self._sign.opacity = 1, 0
        self.canvas.ask_update()

    def _place(self, *_: object) -> None:
        self._sign.center = self.center
        edge = self.look.u(6)
        round_by = self.look.u(RADIUS["tile"])
        self._line.rounded_rectangle = (
            self.x + edge / 2, self.y + edge / 2, max(1, self.width - edge),
            max(1, self.height - edge), round_by,
        )  # fmt: skip
        if self._texture is None:
            return
        inside = 2 * (edge + self.look.u(14))
        room = max(1, self.width - inside), max(1, self.height - inside)
        width, height = self._texture.size
        scale = min(room[0] / width, room[1] / height)
        self._picture.size = (width * scale, height * scale)
        self._picture.pos = (
            self.center_x - width * scale / 2,
            self.center_y - height * scale / 2,
        )
