"""What can be read of a page as it was drawn: contrast from its picture, sizes from its widgets.

WCAG 2.2: 4.5 to 1 (1.4.3), with high contrast 7 to 1 (1.4.6), icons 3 to 1 (1.4.11), between the
colours that the pixels of a text or icon really have, whatever the themes say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kivy.uix.stencilview import StencilView
from PIL import Image

from screens.theme import CHARACTER_MM, TOUCH_MM, Look
from screens.widgets.press import Pressable
from screens.widgets.text import Icon, Label

_LEAST, _LEAST_HIGH, _LEAST_ICON = 4.5, 7.0, 3.0
_CAPITAL = 0.733  # a capital's height, of the type size
_APART = 1.15  # less contrast than this to the ground: an edge that was smoothed, not ink
_FEW = 8  # pixels: less of a text is in sight than can be judged

Rectangle = tuple[int, int, int, int]
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """The lowest of a page; of nothing, what is asked for. `faults`: a sentence for each."""

    texts: int
    contrast: float
    icon: float
    character: float  # millimetres, as the next
    target: float
    faults: tuple[str, ...]


def measure(image: Image.Image, root: Any, look: Look, *, high: bool) -> Measured:
    """`root`: the widgets that `image` shows. `high`: a theme with high contrast."""
    least = _LEAST_HIGH if high else _LEAST
    labels = [one for one in seen(root) if isinstance(one, Label) and one.text.strip()]
    targets = [one for one in seen(root) if isinstance(one, Pressable) and one.action]
    ratios = [(one, ratio) for one in labels if (ratio := contrast_of(image, one)) is not None]
    capitals = [one.font_size * _CAPITAL / look.pitch for one in labels]
    sides = [(one, min(one.width, one.height) / look.pitch) for one in targets]
    icons = [(one, by) for one in _icons(root) if (by := contrast_of(image, one)) is not None]
    faults = [f"{r:.1f} to 1: {one.raw[:24]!r}" for one, r in ratios if r < least]
    faults += [f"{r:.1f} to 1: icon {one.name}" for one, r in icons if r < _LEAST_ICON]
    faults += [f"{mm:.1f} mm: {one.action}" for one, mm in sides if mm < TOUCH_MM - 0.05]
    return Measured(
        len(ratios),
        min((ratio for _, ratio in ratios), default=least),
        min((ratio for _, ratio in icons), default=_LEAST_ICON),
        min(capitals, default=CHARACTER_MM),
        min((mm for _, mm in sides), default=TOUCH_MM),
        tuple(faults + [f"{mm:.1f} mm high type" for mm in capitals if mm < CHARACTER_MM - 0.01]),
    )


def seen(root: Any) -> Iterator[Any]:
    """Everything below, but not what is quite transparent."""
    if root.opacity > 0:
        yield root
        for child in root.children:
            yield from seen(child)


def _icons(root: Any) -> Iterator[Icon]:
    """Not those of what is out of use (1.4.11 leaves them out)."""
    if root.opacity > 0 and not (isinstance(root, Pressable) and not root.enabled):
        if isinstance(root, Icon):
            yield root
        for child in root.children:
            yield from _icons(child)


def contrast_of(image: Image.Image, label: Label | Icon) -> float | None:
    """None: it is turned out of sight, or nearly."""
    left, upper, right, lower = box = _letters(label, image.height)
    if right - left < _FEW or lower - upper < label.font_size * 0.8:
        return None
    mark = isinstance(label, Label) and not any(one.isalnum() for one in label.text)
    return contrast(image.crop(box), mark=mark)


def contrast(part: Image.Image, *, mark: bool = False) -> float | None:
    """Of the commonest colour that stands out from the commonest one. None: there is only one.

    `mark`: a dot or a comma, of which smoothed edges are the greater part: its strongest colour.
    """
    counted: list[tuple[int, Any]] = part.convert("RGB").getcolors(part.width * part.height) or []
    common = (one for one in counted if mark or one[0] >= _FEW)
    found = sorted(common, key=lambda one: one[0], reverse=True)
    if not found:
        return None
    ground, most, strongest = found[0][1], 0, 0.0
    for count, colour in found[1:]:
        if not mark and count < most / 2:
            break
        by = ratio(colour, ground)
        if by >= _APART:
            most, strongest = most or count, max(strongest, by)
    return strongest or None


def ratio(one: Rgb, other: Rgb) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=4096)
def _luminance(colour: Rgb) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _letters(label: Label | Icon, height: int) -> Rectangle:
    wide, high = label.texture_size
    edges = {"left": label.x, "right": label.right - wide}
    x = edges.get(label.halign, label.center_x - wide / 2)
    y = label.top - high if label.valign == "top" else label.center_y - high / 2
    x, y = max(x, label.x), max(y, label.y)
    return _in_sight(label, (x, y, min(wide, label.width), min(high, label.height)), height)


def place(widget: Any, height: float) -> Rectangle:
    """In the picture, whose rows are counted from above; less what is cut off."""
    return _in_sight(widget, (*widget.pos, *widget.size), height)


def _in_sight(widget: Any, part: tuple[float, float, float, float], height: float) -> Rectangle:
    left, low = widget.to_window(*part[:2])
    right, top = left + part[2], low + part[3]
    above = widget.parent
    while above is not None and above is not above.parent:
        if isinstance(above, StencilView):
            cut_x, cut_y = above.to_window(*above.pos)
            left, right = max(left, cut_x), min(right, cut_x + above.width)
            low, top = max(low, cut_y), min(top, cut_y + above.height)
        above = above.parent
    return round(left), round(height - top), round(right), round(height - low)
