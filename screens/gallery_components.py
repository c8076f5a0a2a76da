"""Sheets of components: each is cut out of the page on which it stands, in each of its states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from screens.access.ring import Rings
from screens.app import KioskApp
from screens.components import COMPONENTS, Cell, cells
from screens.legible import measure, place, seen
from screens.player import Finger, draw, field_of, middle
from screens.sample_ink import character
from screens.step import frames, picture, undrawn
from screens.theme import Look
from screens.widgets.press import Pressable

PREFIX = "component-"
_PAD, _CAPTION, _MARGIN = 28, 44, 16  # pixels
_LOWEST = ("contrast", "icon", "character", "target")

Cut = tuple[str, Image.Image]
Found = dict[str, Any]


class Sheets:
    """For one look and language; `only`: of components whose sheet's name has this in it."""

    def __init__(self, only: str, fonts: Path, *, check: bool, high: bool) -> None:
        self._cells = [one for one in cells() if only in PREFIX + one.component]
        self._font = ImageFont.truetype(str(fonts / "NotoSansSC-Regular.otf"), 26)
        self._check, self._high = check, high
        self._cuts: dict[str, dict[str, Image.Image]] = {}
        self._found: dict[str, list[Found]] = {}

    def of(self, page: str) -> list[Cell]:
        """What is to be cut out of it; what changes the page comes last."""
        return sorted((one for one in self._cells if one.page == page), key=lambda c: "=" in c.poke)

    def cut(self, app: KioskApp, page: str, image: Image.Image) -> None:
        for cell in self.of(page):
            with poked(app, cell) as widget:
                if widget is not None:
                    shown = picture() if cell.poke else image
                    self._take(cell, widget, shown, app.look)

    def _take(self, cell: Cell, widget: Any, image: Image.Image, look: Look) -> None:
        left, upper, right, lower = place(widget, image.height)
        edge = _MARGIN if isinstance(widget, Pressable) else 0
        box = (max(0, left - edge), max(0, upper - edge),
               min(image.width, right + edge), min(image.height, lower + edge))  # fmt: skip
        self._cuts.setdefault(cell.component, {})[cell.state] = image.crop(box)
        if self._check:
            found = asdict(measure(image, widget, look, high=self._high))
            found["faults"] = [f"{cell.state}: {fault}" for fault in found["faults"]]
            self._found.setdefault(cell.component, []).append(found)

    def drawn(self, look: Look) -> Iterator[tuple[str, Image.Image, Found]]:
        """A sheet for each component, with what was measured on it."""
        for component in COMPONENTS:
            if component in self._cuts:
                cuts = [
                    (state, self._cuts[component][state])
                    for state in COMPONENTS[component]
                    if state in self._cuts[component]
                ]
                found = lowest(self._found[component]) if self._check else {}
                yield PREFIX + component, self._sheet(cuts, look), found

    def _sheet(self, cuts: list[Cut], look: Look) -> Image.Image:
        ground, ink = (_rgb(look.colour(name)) for name in ("ground", "ink"))
        places, height = _laid(cuts, look.width)
        sheet = Image.new("RGB", (look.width, height), ground)
        pen = ImageDraw.Draw(sheet)
        for (state, image), (x, y) in zip(cuts, places, strict=True):
            pen.text((x, y), state, fill=ink, font=self._font)
            sheet.paste(image, (x, y + _CAPTION))
        return sheet


def find(app: KioskApp, pick: str) -> Any:
    """The widget on the page that is shown; None: it can't be seen now, or not whole."""
    frame = app.frame
    assert frame is not None
    action, (kind, _, number) = pick.removeprefix(":"), pick.partition("#")
    same = [
        one for one in seen(frame.parts[0] if frame.above or frame.laid else frame)
        if (getattr(one, "action", "") == action if pick != action else type(one).__name__ == kind)
        and _whole(one, frame.look.height)
    ]  # fmt: skip
    same.sort(key=lambda one: (-one.to_window(*one.pos)[1] - one.height, one.x))
    return same[int(number or 1) - 1] if len(same) >= int(number or 1) else None


def _whole(widget: Any, height: float) -> bool:
    left, upper, right, lower = place(widget, height)
    wide, high = widget.size
    return bool(right - left >= wide - 2 > 0 and lower - upper >= high - 2 > 0)


@contextmanager
def poked(app: KioskApp, cell: Cell) -> Iterator[Any]:
    """The widget: pressed, or with the ring of the focus around it; or after keys were typed, or a
    button tapped. None: in this look it is not on the first part of its page."""
    name, _, value = cell.poke.partition("=")
    if value:
        _MOVES[name](app, value)
    widget = find(app, cell.pick)
    undo = _HOLDS[name](app, widget) if name in _HOLDS and widget is not None else None
    with undrawn():
        frames(3 if name else 0)
    yield widget
    if undo is not None:
        undo()


def _press(_app: KioskApp, widget: Any) -> Callable[[], None]:
    widget.state = "down"
    return lambda: setattr(widget, "state", "normal")


def _focus(app: KioskApp, widget: Any) -> Callable[[], None]:
    rings = Rings()
    rings.show(app.frame, [widget])
    return lambda: rings.show(app.frame, [])


def _type(app: KioskApp, keys: str) -> None:
    for key in (keys,) if f"key:{keys}" in app.targets() else keys:
        _tap(app, f"key:{key}")


def _tap(app: KioskApp, action: str) -> None:
    if action not in app.targets():
        return  # there is nothing to turn
    app.gate.shown(new_page=False)
    finger = Finger(0, *middle(app.targets()[action]))
    with undrawn():
        for act in (finger.down, finger.up):
            act()
            frames(1)


def _write(app: KioskApp, sign: str) -> None:
    """A character of the sample citizen's, by hand."""
    if "key:anew" not in app.targets():
        _tap(app, "key:write")
    field = field_of(app)
    assert field is not None
    with undrawn():
        corner = field.center_x - field.height / 2, field.y
        for _ in draw(character(sign), corner, field.height):
            frames(1)


_HOLDS: Mapping[str, Callable[[KioskApp, Any], Callable[[], None]]] = {
    "press": _press,
    "focus": _focus,
}
_MOVES: Mapping[str, Callable[[KioskApp, str], None]] = {
    "type": _type,
    "tap": _tap,
    "write": _write,
}


def lowest(found: Iterable[Found]) -> Found:
    """Of several that were measured."""
    some = list(found)
    return {
        "texts": sum(one["texts"] for one in some),
        **{name: min(one[name] for one in some) for name in _LOWEST},
        "faults": [fault for one in some for fault in one["faults"]],
    }


def _laid(cuts: list[Cut], wide: int) -> tuple[list[tuple[int, int]], int]:
    """Where each stands on a sheet so wide, line by line; and how high the sheet is."""
    places, x, y, line = [], 0, _PAD, 0
    for _, image in cuts:
        if x and x + image.width > wide:
            x, y, line = 0, y + line + _PAD, 0
        places.append((min(max(x, _PAD), max(0, wide - image.width)), y))
        x, line = max(x, _PAD) + image.width + _PAD, max(line, image.height + _CAPTION)
    return places, y + line + _PAD


def _rgb(colour: tuple[float, ...]) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in colour[:3])
    return red, green, blue
