"""Many things of one kind: as many cells as there is room for, the others on further pages.

Cells are used again. One that already shows what is wanted is only moved, since writing a text
is what costs time: a list that changes with every key must keep up with the finger.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from kivy.clock import Clock
from kivy.uix.widget import Widget

from screens.theme import Look
from screens.widgets.box import Row, fix
from screens.widgets.press import PushButton
from screens.widgets.text import Label

T = TypeVar("T", bound=Hashable)
_BAR = 100


class Bar(Row):
    """Back and on by a page, and where this page is."""

    def __init__(self, look: Look, name: str, turn: Callable[[int], None]) -> None:
        super().__init__(look, gap=16)
        fix(look, self, height=_BAR)
        self._up = PushButton(look, f"{name}_up", lambda: turn(-1), kind="plain",
                          icon="chevron-up", size="body", height=_BAR)  # fmt: skip
        self._down = PushButton(look, f"{name}_down", lambda: turn(1), kind="plain",
                            icon="chevron-down", size="body", height=_BAR)  # fmt: skip
        self._place = fix(look, Label(look, "small", colour="muted", align="center", box=True), 172)

    def name(self, up: str, down: str) -> None:
        self._up.say(up)
        self._down.say(down)

    def show(self, first: int, last: int, count: int) -> None:
        self.hold(*((self._up, self._place, self._down) if last - first < count else ()))
        self._place.say(f"{first + 1}–{last} / {count}")
        self._up.enabled, self._down.enabled = first > 0, last < count


class Pages(Widget, Generic[T]):
    """`least` and `most`: a cell's height in design pixels. `bar`: "below" shows it under the
    cells when there are several pages, "apart" leaves `self.bar` to the screen, "" is without."""

    def __init__(
        self,
        look: Look,
        make: Callable[[], Any],
        *,
        cols: int = 1,
        least: float = 114,
        most: float = 160,
        space: float = 16,
        name: str = "page",
        bar: str = "below",
    ) -> None:
        super().__init__()
        self.look, self._make, self.cols, self._bar = look, make, cols, bar
        self.least, self._most = look.tall(least), look.tall(most)
        self._space = look.apart(space)
        self._items: Sequence[T] = ()
        self._stamp: Hashable = None
        self._write: Callable[[Any, T], None] = lambda _cell, _item: None
        self._cells: list[Any] = []
        self._holds: dict[Any, Hashable] = {}  # cell → what it shows
        self.first = 0  # index of the first item that is shown
        self.several = False  # there are more pages than one
        self.bar = Bar(look, name, self._turn)
        later = Clock.create_trigger(self.arrange, -1)
        self.bind(pos=later, size=later)

    def show(self, items: Sequence[T], write: Callable[[Any, T], None], stamp: Hashable) -> None:
        """`write` puts an item into a cell. What it says must follow from item and `stamp`."""
        self._items, self._write, self._stamp = items, write, stamp
        self.arrange()

    def rewind(self) -> None:
        self.first = 0

    def wipe(self) -> None:
        """Cells that are not shown now may hold a text too."""
        self._items, self.first = (), 0
        self._holds.clear()
        for cell in self._cells:
            for widget in cell.walk(restrict=True):
                if isinstance(widget, Label):
                    widget.wipe()

    def arrange(self, *_: object) -> None:
        count, height = len(self._items), self.height
        size = self._rows(height) * self.cols
        below = self._bar == "below" and size < count
        if below:
            height -= self.bar.height + self._space
            size = self._rows(height) * self.cols
        self.first -= self.first % size if size else 0
        if self.first >= count:
            self.first = 0
        page = self._items[self.first : self.first + size]
        self.bar.show(self.first, self.first + len(page), count)
        self.several = size < count
        cells = self._filled(page)
        self._put(cells, height)
        if below:
            self.bar.pos, self.bar.width = self.pos, self.width
        self._hold([*cells, *((self.bar,) if below else ())])

    def _rows(self, height: float) -> int:
        return max(0, int((height + self._space) // (self.least + self._space)))

    def _filled(self, page: Sequence[T]) -> list[Any]:
        """A cell for each item: the one that shows it already, or else any that is free."""
        while len(self._cells) < len(page):
            self._cells.append(self._make())
        wanted = [(item, self._stamp) for item in page]
        ready = {shown: cell for cell, shown in self._holds.items() if shown in set(wanted)}
        free = [cell for cell in self._cells if cell not in ready.values()]
        cells = []
        for shown in wanted:
            cell = ready.pop(shown, None)
            if cell is None:
                cell = free.pop(0)
                self._write(cell, shown[0])
                self._holds[cell] = shown
            cells.append(cell)
        return cells

    def _put(self, cells: list[Any], height: float) -> None:
        full = -(-len(self._items) // self.cols)  # rows there would be on one long page
        rows = max(1, min(self._rows(height), full))
        tall = int(min(self._most, (height - (rows - 1) * self._space) / rows))
        wide = int((self.width - (self.cols - 1) * self._space) / self.cols)
        for index, cell in enumerate(cells):
            row, column = divmod(index, self.cols)
            cell.size = (wide, tall)
            cell.pos = (
                round(self.x + column * (wide + self._space)),
                round(self.top - (row + 1) * tall - row * self._space),
            )

    def _hold(self, widgets: list[Widget]) -> None:
        for widget in [child for child in self.children if child not in widgets]:
            self.remove_widget(widget)
        for widget in widgets:
            if widget.parent is None:
                self.add_widget(widget)

    def _turn(self, way: int) -> None:
        size = self._rows(self.height - (self.bar.height + self._space
                          if self._bar == "below" else 0)) * self.cols  # fmt: skip
        if 0 <= self.first + way * size < len(self._items):
            self.first += way * size
            self.arrange()

    def on_touch_up(self, touch: Any) -> bool:
        travelled = touch.y - touch.oy
        began_here = self.collide_point(touch.ox, touch.oy)
        if began_here and touch.grab_current is None and abs(travelled) > self.look.u(60):
            self._turn(1 if travelled > 0 else -1)
        return bool(super().on_touch_up(touch))
