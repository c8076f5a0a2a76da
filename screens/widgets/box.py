"""Containers: columns, rows, cards, and the painted ground behind them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from kivy.graphics import BorderImage, Color, Rectangle, SmoothRoundedRectangle
from kivy.graphics.texture import Texture
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw, ImageFilter

from screens.theme import RADIUS, Look

W = TypeVar("W", bound=Any)
_SHADOW_SIDE, _SHADOW_PAD = 200, 64
_APART = 8  # design pixels: less is between words, which nobody presses
ROW_SHARE = 0.5  # of a larger text: a row has room to spare for it


def fix(look: Look, widget: W, width: float | None = None, height: float | None = None) -> W:
    """Give a widget a fixed size in design pixels in one or both directions. A height alone, of a
    text or of a row with texts, grows with the text size."""
    if width is not None:
        widget.size_hint_x = None
        widget.width = look.u(width)
    if height is not None:
        widget.size_hint_y = None
        share = 0.0 if width is not None or type(widget) is Widget else _share(widget)
        widget.height = look.tall(height, share)
    return widget


def firm(look: Look, widget: W, height: float) -> W:
    """A fixed height that stays at any text size: what stands around every page leaves it its
    room, and takes a smaller type instead."""
    widget.size_hint_y, widget.height = None, look.u(height)
    return widget


def _share(widget: Any) -> float:
    """A text, or a row that holds nothing else, has no room to spare."""
    texts = widget.children or [widget]
    return 1.0 if all(hasattr(one, "text") for one in texts) else ROW_SHARE


class Box(BoxLayout):
    """`flow`: as high as what is in it. `gap` and `pad` in design pixels (pad: l, t, r, b)."""

    width: float
    height: float
    size_hint_x: float | None
    size_hint_y: float | None

    def __init__(
        self,
        look: Look,
        *children: Widget,
        gap: float = 0,
        pad: float | tuple[float, ...] = 0,
        flow: bool = False,
        **kwargs: Any,
    ) -> None:
        edges = [pad] * 4 if isinstance(pad, int | float) else list(pad)
        kwargs.setdefault("spacing", look.apart(gap) if gap >= _APART else look.u(gap))
        super().__init__(padding=[look.u(e) for e in edges], **kwargs)
        self.look = look
        if flow:
            self.size_hint_y, self.height = None, 0
            self.bind(minimum_height=self.setter("height"))
        for child in children:
            self.add_widget(child)

    def hold(self, *children: Widget) -> None:
        """Show exactly these children; does nothing when they already are."""
        if tuple(reversed(self.children)) != children:
            self.clear_widgets()
            for child in children:
                self.add_widget(child)


class Column(Box):
    def __init__(self, look: Look, *children: Widget, **kwargs: Any) -> None:
        super().__init__(look, *children, orientation="vertical", **kwargs)


class Row(Box):
    def __init__(self, look: Look, *children: Widget, **kwargs: Any) -> None:
        super().__init__(look, *children, orientation="horizontal", **kwargs)


class Hug(Row):
    """A row as wide as what is in it (which must have fixed widths)."""

    def __init__(self, look: Look, *children: Widget, **kwargs: Any) -> None:
        super().__init__(look, *children, **kwargs)
        self.size_hint_x = None
        self.bind(minimum_width=self.setter("width"))


class Middle(AnchorLayout):
    """Centres one child in the room there is."""

    def __init__(self, child: Widget, x: str = "center", y: str = "center", **kw: Any) -> None:
        super().__init__(anchor_x=x, anchor_y=y, **kw)
        self.add_widget(child)


def gap(look: Look, width: float | None = None, height: float | None = None) -> Widget:
    return fix(look, Widget(), width, height)


class Surface:
    """The painted ground of a widget: shadow, border, fill. Colours are names of the theme."""

    def __init__(
        self,
        look: Look,
        widget: Widget,
        fill: str,
        *,
        radius: str | float = "tile",
        border: str = "",
        thick: float = 2,
        shadow: bool = False,
    ) -> None:
        self._look, self._widget = look, widget
        self._radius = look.u(RADIUS[radius] if isinstance(radius, str) else radius)
        self._thick = max(1.0, look.u(thick))
        self._spread = look.u(30)
        with widget.canvas.before:
            if shadow:
                Color(*look.colour("shadow"))
                self._shade = BorderImage(texture=_shadow(), border=(_SHADOW_PAD + 20,) * 4)
                self._shade.display_border = (self._spread * 2,) * 4
            else:
                self._shade = None
            # An antialiased edge along the window's own edge would show as a thin light line.
            shape = SmoothRoundedRectangle if self._radius else Rectangle
            self._rim = Color(*look.colour(border or fill))
            self._outer = shape()
            self._fill = Color(*look.colour(fill))
            self._inner = shape()
        self._border = bool(border)
        widget.bind(pos=self._place, size=self._place)
        widget.surface = self  # Kivy binds weakly: the widget keeps its ground alive
        self._place()

    def show(self, fill: str, border: str = "") -> None:
        self._fill.rgba = self._look.colour(fill)
        self._rim.rgba = self._look.colour(border or fill)
        if bool(border) != self._border:
            self._border = bool(border)
            self._place()

    def _place(self, *_: object) -> None:
        (x, y), (w, h) = self._widget.pos, self._widget.size
        self._cover(self._outer, 0)
        self._cover(self._inner, self._thick if self._border else 0)
        if self._shade is not None:
            s = self._spread
            self._shade.pos = (x - s, y - s - self._look.u(8))
            self._shade.size = (w + 2 * s, h + 2 * s)

    def _cover(self, shape: Any, inset: float) -> None:
        (x, y), (w, h) = self._widget.pos, self._widget.size
        shape.pos = (x + inset, y + inset)
        shape.size = (max(0, w - 2 * inset), max(0, h - 2 * inset))
        if self._radius:
            shape.radius = [max(0, min(self._radius, w / 2, h / 2) - inset)]


class Card(Column):
    """White paper with a soft shadow."""

    def __init__(
        self, look: Look, *children: Widget, fill: str = "paper", border: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("pad", 40)
        super().__init__(look, *children, **kwargs)
        self.surface: Surface
        Surface(look, self, fill, border=border, shadow=fill == "paper" and not border)


@lru_cache(maxsize=1)
def _shadow() -> Texture:
    """A blurred rounded square for a nine-patch: cheaper than Kivy's own BoxShadow."""
    side, pad = _SHADOW_SIDE, _SHADOW_PAD
    alpha = Image.new("L", (side, side), 0)
    ImageDraw.Draw(alpha).rounded_rectangle((pad, pad, side - pad, side - pad), 24, fill=255)
    alpha = alpha.filter(ImageFilter.GaussianBlur(22))
    image = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    image.putalpha(alpha)
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(image.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture
