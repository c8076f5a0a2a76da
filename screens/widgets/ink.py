"""The field that a finger writes on: smooth ink at once, and the pen's way for whoever asks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image, ImageChops, ImageDraw

from kiosk.signature import MAX_RAW, MAX_STROKES, PEN, WIDTH, Point, Stroke
from screens.theme import Look

Place = tuple[float, float]
_FINE = 4  # ink is drawn so many times larger, then reduced: smooth edges without a graphics chip
_BEND = 4.0  # window pixels of one piece of a bend
_LEAST_MOVE = 1.5  # window pixels


class Ink(Widget):
    """Only the first finger writes. `ready` False: touches are swallowed and leave no ink.

    `on_ink`: ink begins, or is gone. `on_stroke`: the finger has left.
    """

    def __init__(
        self, look: Look, on_ink: Callable[[], None] = lambda: None,
        on_stroke: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.look, self.ready = look, True
        self._on_ink, self._on_stroke = on_ink, on_stroke
        self._strokes: list[list[Point]] = []
        self._finger: Any = None
        self._began = 0.0
        self._sheet = _Sheet((1, 1), look)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle()
        self.bind(pos=self._place, size=self._place)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """As `kiosk.signature` counts: X and Y in units of which the field is `WIDTH` wide."""
        return tuple(map(tuple, self._strokes))

    def take(self, strokes: tuple[Stroke, ...]) -> None:
        """Ink of another field, which is drawn when this one has its size."""
        self._began = time.monotonic() - max((s[-1][2] for s in strokes), default=0) / 1000
        self._strokes = [list(stroke) for stroke in strokes]
        self._sheet = _Sheet((1, 1), self.look)
        self._place()
        self._on_ink()

    def wipe(self) -> None:
        """Nothing is left, on the graphics side neither."""
        self._finger = None
        self._strokes = []
        self._sheet.wipe()
        self.canvas.ask_update()
        self._on_ink()

    # ---- The finger --------------------------------------------------------------------------

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        busy = self._finger is not None or touch.is_mouse_scrolling
        if self.ready and not busy:
            touch.grab(self)
            self._finger = touch
            self._put_down(touch.pos)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch is not self._finger or touch.grab_current is not self:
            return self._finger is not None and bool(self.collide_point(*touch.pos))
        if not self.collide_point(*touch.pos):
            self._sheet.lift()  # beyond the edge the pen is in the air
        elif self._sheet.drawing:
            self._move(touch.pos)
        else:
            self._put_down(touch.pos)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch is not self._finger or touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._finger = None
        self._sheet.lift()
        self.canvas.ask_update()
        self._on_stroke()
        return True

    def _put_down(self, place: Place) -> None:
        if len(self._strokes) < MAX_STROKES and self._count() < MAX_RAW:
            self._began = self._began if self._strokes else time.monotonic()
            self._strokes.append([self._point(place)])
            self._sheet.put_down(self._inside(place))
            self.canvas.ask_update()
            self._on_ink()

    def _move(self, place: Place) -> None:
        if math.dist(self._sheet.last, self._inside(place)) >= _LEAST_MOVE:
            if self._count() >= MAX_RAW:
                self._sheet.lift()
                return
            self._strokes[-1].append(self._point(place))
            self._sheet.move(self._inside(place))
            self.canvas.ask_update()

    def _count(self) -> int:
        return sum(map(len, self._strokes))

    def _inside(self, place: Place) -> Place:
        return place[0] - self.x, place[1] - self.y

    def _point(self, place: Place) -> Point:
        unit = WIDTH / self.width
        x, y = self._inside(place)
        return round(x * unit), round(y * unit), round((time.monotonic() - self._began) * 1000)

    # ---- The picture -------------------------------------------------------------------------

    def _place(self, *_: object) -> None:
        size = (max(1, round(self.width)), max(1, round(self.height)))
        if size != self._sheet.size:
            self._sheet = _Sheet(size, self.look)
            for stroke in self._strokes:
                self._sheet.draw(stroke)
            self._picture.texture = self._sheet.texture
        self._picture.pos, self._picture.size = (round(self.x), round(self.y)), size


class _Sheet:
    """How much ink is on each pixel, and the texture that shows it. Rows grow upward in both."""

    def __init__(self, size: tuple[int, int], look: Look) -> None:
        self.size, self.last = size, (0.0, 0.0)
        self.drawing = False
        self._thick = max(2.0, size[0] * PEN / WIDTH)
        self._colour = tuple(round(part * 255) for part in look.colour("ink")[:3])
        self._middle = self.last
        self._mask = Image.new("L", size, 0)
        self.texture = Texture.create(size=size, colorfmt="rgba")
        self._show((0, 0, *size))

    def wipe(self) -> None:
        self.drawing, self.last = False, (0.0, 0.0)
        self._middle = self.last
        self._mask.paste(0, (0, 0, *self.size))
        self._show((0, 0, *self.size))

    def draw(self, stroke: list[Point]) -> None:
        """A whole stroke, in the field's units."""
        places = [(x * self.size[0] / WIDTH, y * self.size[0] / WIDTH) for x, y, _ in stroke]
        self.put_down(places[0])
        for place in places[1:]:
            self.move(place)
        self.lift()

    def put_down(self, place: Place) -> None:
        self.drawing, self.last, self._middle = True, place, place
        self._line([place])

    def move(self, place: Place) -> None:
        """Bends from middle to middle of the places make one smooth line of them."""
        middle = ((self.last[0] + place[0]) / 2, (self.last[1] + place[1]) / 2)
        self._line([self._middle, *_bend(self._middle, self.last, middle)])
        self.last, self._middle = place, middle

    def lift(self) -> None:
        if self.drawing:
            self._line([self._middle, self.last])
        self.drawing = False

    def _line(self, places: list[Place]) -> None:
        """Draws only the small rectangle that changes."""
        box = self._around(places)
        wide, high = box[2] - box[0], box[3] - box[1]
        if wide <= 0 or high <= 0:
            return
        piece = Image.new("L", (wide * _FINE, high * _FINE), 0)
        pen, radius = ImageDraw.Draw(piece), self._thick * _FINE / 2
        fine = [((x - box[0]) * _FINE, (y - box[1]) * _FINE) for x, y in places]
        pen.line(fine, fill=255, width=round(2 * radius))
        for place in fine:
            pen.circle(place, radius, fill=255)
        self._mask.paste(ImageChops.lighter(self._mask.crop(box), piece.reduce(_FINE)), box)
        self._show(box)

    def _around(self, places: list[Place]) -> tuple[int, int, int, int]:
        edge = self._thick / 2 + 1
        xs, ys = [x for x, _ in places], [y for _, y in places]
        low = (max(0, math.floor(min(v) - edge)) for v in (xs, ys))
        high = (min(m, math.ceil(max(v) + edge)) for v, m in zip((xs, ys), self.size, strict=True))
        return (*low, *high)  # type: ignore[return-value]

    def _show(self, box: tuple[int, int, int, int]) -> None:
        mask = self._mask.crop(box)
        ink = Image.new("RGBA", mask.size, (*self._colour, 0))
        ink.putalpha(mask)
        self.texture.blit_buffer(ink.tobytes(), size=mask.size, pos=box[:2], colorfmt="rgba")


def _bend(start: Place, through: Place, end: Place) -> list[Place]:
    """From `start` towards `through` to `end`, in short pieces; not `start` itself."""
    count = max(1, round((math.dist(start, through) + math.dist(through, end)) / _BEND))
    shares = [i / count for i in range(1, count + 1)]
    return [
        (
            (1 - u) ** 2 * start[0] + 2 * u * (1 - u) * through[0] + u * u * end[0],
            (1 - u) ** 2 * start[1] + 2 * u * (1 - u) * through[1] + u * u * end[1],
        )
        for u in shares
    ]
