"""A long text as pages that are turned, each full of whole lines: nothing is scrolled.

A heading stays with what follows it; a row is never parted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kivy.clock import Clock
from kivy.uix.widget import Widget

from screens.theme import Look
from screens.widgets.pages import Bar
from screens.widgets.text import Label, lines_in, width_of

# Style → type size, bold, colour.
STYLES = {
    "head": ("body", True, "accent"),
    "text": ("body", False, "ink"),
    "label": ("body", False, "muted"),
    "value": ("body", True, "ink"),
    "small": ("small", False, "muted"),
}
_GAPS = {"head": 34, "text": 14, "pair": 12, "row": 18}  # above, in design pixels
_LABEL, _WIDEST, _NAME = 0.22, 0.4, 0.5  # shares of the width
_BETWEEN = 24


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the article. `kind`: head, text, pair or row; see `kiosk.view.BlockKind`."""

    kind: str
    text: str
    value: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    style: str
    lines: tuple[str, ...]
    x: float
    y: float  # from the piece's upper edge, downwards
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is not parted. `gap`: above it, unless it begins a page. `keep`: the next follows."""

    words: tuple[_Words, ...]
    height: float
    gap: float
    keep: bool = False


class Leaves(Widget):
    """`say` tells where one is: it gets the page, from 1, and how many there are."""

    def __init__(self, look: Look, say: Callable[[int, int], str]) -> None:
        super().__init__()
        self.look, self._say = look, say
        self._parts: tuple[Part, ...] = ()
        self._labels: dict[str, list[Label]] = {style: [] for style in STYLES}
        self._pages: list[list[_Piece]] = []
        self._column = 0.0  # the width of labels
        self.page = 0  # that is shown, from 0
        self.bar = Turn(look, self._turn)
        later = Clock.create_trigger(self.arrange, -1)
        self.bind(pos=later, size=later)

    @property
    def count(self) -> int:
        return len(self._pages)

    @property
    def told(self) -> list[str]:
        """The texts of this page, each whole, for who hears them."""
        told: list[str] = []
        for piece in self._pages[self.page] if self._pages else ():
            text = ", ".join(_joined(words.lines) for words in piece.words)
            if told and not piece.gap and not piece.keep:
                told[-1] = _joined((told[-1], text))
            else:
                told.append(text)
        return told

    def show(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)
        self.arrange()

    def rewind(self) -> None:
        self.page = 0

    def wipe(self) -> None:
        self._parts, self.page = (), 0
        for label in (one for some in self._labels.values() for one in some):
            label.wipe()

    def arrange(self, *_: object) -> None:
        if self.width < self.look.u(200) or self.height < self.look.u(200):
            return  # not laid out yet
        self._column = self._labels_wide()
        pieces = [piece for part in self._parts for piece in self._pieces(part)]
        self._pages = list(_paged(pieces, self.height))
        if self.count > 1:
            self._pages = list(_paged(pieces, self.height - self.bar.height - self.look.u(16)))
        self.page = min(self.page, max(0, self.count - 1))
        self._draw()

    def _draw(self) -> None:
        shown: list[Widget] = []
        free = {style: iter(labels) for style, labels in self._labels.items()}
        top = self.top
        for number, piece in enumerate(self._pages[self.page] if self._pages else ()):
            top -= piece.gap if number else 0
            for words in piece.words:
                label = next(free[words.style], None) or self._label(words.style)
                label.width = words.width
                label.say("\n".join(words.lines))
                label.pos = (self.x + words.x, top - words.y - label.height)
                shown.append(label)
            top -= piece.height
        several = self.count > 1
        if several:
            self.bar.pos, self.bar.width = self.pos, self.width
            self.bar.tell(self._say(self.page + 1, self.count), self.page, self.count)
        self._hold([*shown, *((self.bar,) if several else ())])

    def _label(self, style: str) -> Label:
        size, bold, colour = STYLES[style]
        label = Label(self.look, size, bold=bold, colour=colour)
        label.size_hint_x = None
        self._labels[style].append(label)
        return label

    def _hold(self, widgets: list[Widget]) -> None:
        for widget in [child for child in self.children if child not in widgets]:
            self.remove_widget(widget)
        for widget in widgets:
            if widget.parent is None:
                self.add_widget(widget)

    def _turn(self, way: int) -> None:
        if 0 <= self.page + way < self.count:
            self.page += way
            self._draw()

    def on_touch_up(self, touch: Any) -> bool:
        travelled = touch.y - touch.oy
        began_here = self.collide_point(touch.ox, touch.oy)
        if began_here and touch.grab_current is None and abs(travelled) > self.look.u(60):
            self._turn(1 if travelled > 0 else -1)
        return bool(super().on_touch_up(touch))

    # ---- Pieces ------------------------------------------------------------------------------

    def _pieces(self, part: Part) -> Iterator[_Piece]:
        gap = self.look.u(_GAPS[part.kind])
        if part.kind == "text":
            whole = self._words("text", part.text, 0, self.width)
            each = whole.height / len(whole.lines)
            for number, line in enumerate(whole.lines):
                words = _Words("text", (line,), 0, 0, self.width, each)
                yield _Piece((words,), each, 0 if number else gap)
        elif part.kind == "head":
            words = self._words("head", part.text, 0, self.width)
            yield _Piece((words,), words.height, gap, keep=True)
        else:
            yield self._row(part, gap)

    def _labels_wide(self) -> float:
        """As wide as the widest label, within reason."""
        size, bold, _colour = STYLES["label"]
        labels = [part.text for part in self._parts if part.kind == "pair"]
        widths = (width_of(self.look, size, text, bold=bold) for text in labels)
        wide: float = max(widths, default=0)
        wanted = max(wide + self.look.u(_BETWEEN) + 1, self.width * _LABEL)
        return float(min(wanted, self.width * _WIDEST))

    def _row(self, part: Part, gap: float) -> _Piece:
        """Label and value side by side; a row has more below."""
        pair = part.kind == "pair"
        first = self._column if pair else self.width * (_NAME if part.value else 1)
        between = self.look.u(_BETWEEN)
        beside = [self._words("label" if pair else "value", part.text, 0, first - between)]
        if part.value:
            style = "value" if pair else "text"
            beside.append(self._words(style, part.value, first, self.width - first))
        height = max(words.height for words in beside)
        if part.below:
            beside.append(self._words("small", part.below, 0, self.width, height + self.look.u(2)))
            height += self.look.u(2) + beside[-1].height
        return _Piece(tuple(beside), height, gap)

    def _words(self, style: str, text: str, x: float, width: float, y: float = 0) -> _Words:
        size, bold, _colour = STYLES[style]
        lines, each = lines_in(self.look, size, text, width, bold=bold)
        return _Words(style, tuple(lines), x, y, width, each * len(lines))


class Turn(Bar):
    """Back and on, with the page and how many there are in words."""

    def __init__(self, look: Look, turn: Callable[[int], None]) -> None:
        super().__init__(look, "leaf", turn)
        self._place.width = look.u(210)

    def tell(self, words: str, page: int, count: int) -> None:
        self.hold(self._up, self._place, self._down)
        self._place.say(words)
        self._up.enabled, self._down.enabled = page > 0, page + 1 < count


def _joined(lines: Sequence[str]) -> str:
    """As they were before they were broken: between Chinese characters there was no space."""
    whole = ""
    for line in lines:
        whole += (" " if whole[-1:].isascii() and whole else "") + line.strip()
    return whole


def _paged(pieces: Sequence[_Piece], height: float) -> Iterator[list[_Piece]]:
    page: list[_Piece] = []
    used = 0.0
    for number, piece in enumerate(pieces):
        need = (piece.gap if page else 0) + piece.height
        following = pieces[number + 1] if piece.keep and number + 1 < len(pieces) else None
        wanted = need + (following.gap + following.height if following else 0)
        if page and used + wanted > height:
            yield page
            page, used, need = [], 0.0, piece.height
        page.append(piece)
        used += need
    if page:
        yield page
