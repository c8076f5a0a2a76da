"""The live picture of the camera in an oval."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothLine
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from kiosk.ports import FrameSlot
from screens.theme import Look
from screens.widgets.box import fix

_RATE = 1 / 20  # looks at the slot 20 times a second; draws only when the picture is new
_OVAL = 0.78  # width of the oval over its height


class Mirror(Widget):
    """Square; only an oval of the picture shows. One texture, refilled in place."""

    def __init__(self, look: Look, frames: FrameSlot, size: int) -> None:
        super().__init__()
        fix(look, self, size, size)
        self.look, self._frames = look, frames
        self._serial, self._event = -1, None
        self._texture: Any = None
        oval = (self.width * _OVAL, self.height)
        self._cover = _frame_with_hole(round(self.width), oval, look.colour("ground"))
        with self.canvas:
            Color(*look.colour("idle"))
            self._empty = SmoothEllipse()
            self._tint = Color(1, 1, 1, 0)
            self._picture = Rectangle()
            Color(1, 1, 1, 1)
            self._mask = Rectangle(texture=self._cover)
            self._ink = Color(*look.colour("accent"))
            self._line = SmoothLine(width=look.u(6))
        self.bind(pos=self._place)
        self._place()

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
        self._tint.a = 0
        if self._texture is not None:
            width, height = self._texture.size
            self._texture.blit_buffer(bytes(width * height * 3), colorfmt="bgr")

    def _look(self, _seconds: float) -> None:
        serial, frame = self._frames.newest()
        if serial == self._serial:
            return
        self._serial = serial
        if frame is None:
            self.wipe()
            return
        width, height, bgr = frame
        if self._texture is None or self._texture.size != (width, height):
            self._texture = Texture.create(size=(width, height), colorfmt="bgr")
            self._crop(width, height)
        self._texture.blit_buffer(bgr, colorfmt="bgr", bufferfmt="ubyte")
        self._tint.a = 1
        self.canvas.ask_update()

    def _crop(self, width: int, height: int) -> None:
        """Show the middle square; rows come from the top, so the picture is turned over."""
        side = min(width, height)
        left, low = (width - side) / 2 / width, (height - side) / 2 / height
        right, high = 1 - left, 1 - low
        self._picture.texture = self._texture
        self._picture.tex_coords = (left, high, right, high, right, low, left, low)

    def _place(self, *_: object) -> None:
        for shape in (self._picture, self._mask):
            shape.pos, shape.size = self.pos, self.size
        width, line = self.width * _OVAL, self.look.u(6)
        x = self.center_x - width / 2
        self._empty.pos, self._empty.size = (x, self.y), (width, self.height)
        self._line.ellipse = (
            x + line, self.y + line, width - 2 * line, self.height - 2 * line, 0, 360, 180,
        )  # fmt: skip


def _frame_with_hole(side: int, oval: tuple[float, float], colour: tuple[float, ...]) -> Texture:
    """The screen's ground with a smooth oval hole: a textured oval would have rough edges."""
    width, height = oval
    scale = 3
    hole = Image.new("L", (side * scale, side * scale), 255)
    x = (side - width) / 2
    ImageDraw.Draw(hole).ellipse(
        [(v + d) * scale for v, d in ((x, 2), (0, 2), (x + width, -2), (height, -2))], fill=0
    )
    image = Image.new("RGBA", (side, side), tuple(round(c * 255) for c in colour))
    image.putalpha(hole.resize((side, side), Image.Resampling.LANCZOS))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(image.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture
