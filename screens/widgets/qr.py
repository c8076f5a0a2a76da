"""A QR code, as large as fits, its modules on whole pixels."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # modules of white around it, as the standard asks: it may stand on black


class QrCode(Widget):
    """In the middle of its place. Black on white in every theme: what phones read surely."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._modules = "", 0
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._picture = Rectangle()
        self.bind(pos=self._place, size=self._place)

    def say(self, text: str) -> None:
        """'' shows nothing."""
        if text == self._text:
            return
        self._text = text
        self._tint.a = float(bool(text))
        if text:
            self._picture.texture = self._drawn(text)
            self._place()
        else:
            self._picture.texture = None

    def wipe(self) -> None:
        self.say("")

    def _drawn(self, text: str) -> Any:
        code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
        code.add_data(text)
        code.make(fit=True)
        rows = code.get_matrix()
        self._modules = len(rows)
        # Rows come from the top, a texture's from the bottom.
        pixels = bytes(0 if dark else 255 for row in reversed(rows) for dark in row)
        texture = Texture.create(size=(self._modules,) * 2, colorfmt="luminance")
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
        return texture

    def _place(self, *_: object) -> None:
        if not self._modules:
            return
        room = int(min(self.width, self.height))
        side = max(1, room // self._modules) * self._modules
        self._picture.size = (side, side)
        self._picture.pos = (
            round(self.center_x - side / 2),
            round(self.center_y - side / 2),
        )
