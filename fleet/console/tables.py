"""A table that follows its rows: only the cells that changed are drawn again.

Rows keep their elements by key, so that keyboard focus and scroll position survive every update.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nicegui import ui
from nicegui.element import Element

from fleet.console.parts import text

Row = TypeVar("Row")

_NEVER = object()  # equals no part


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`part` is what the cell depends on: the cell is drawn again when it differs."""

    heading: str
    part: Callable[[Row], Any]
    draw: Callable[[Any], None]
    classes: str = ""


@dataclass(slots=True)
class _Line:
    element: Element
    cells: list[Element]
    parts: list[Any]


class KeyedTable(Generic[Row]):
    """`caption` is read by screen readers; `key` must be unique among the rows."""

    def __init__(
        self, caption: str, columns: Sequence[Column[Row]], key: Callable[[Row], Hashable]
    ) -> None:
        self._columns = columns
        self._key = key
        self._lines: dict[Hashable, _Line] = {}
        with (
            ui.element("div").classes("k-wide") as self.element,
            ui.element("table").classes("k-table"),
        ):
            text("caption", caption, "k-hidden")
            with ui.element("thead"), ui.element("tr"):
                for column in columns:
                    text("th", column.heading, column.classes).props("scope=col")
            self._body = ui.element("tbody")

    def show(self, rows: Sequence[Row], arriving: bool = False) -> None:
        """`arriving`: rows that were not there before light up for a moment."""
        keys = [self._key(row) for row in rows]
        for gone in self._lines.keys() - set(keys):
            self._lines.pop(gone).element.delete()
        for place, (key, row) in enumerate(zip(keys, rows, strict=True)):
            line = self._lines.get(key) or self._add(key, arriving)
            if self._body.default_slot.children[place] is not line.element:
                line.element.move(target_index=place)
            self._update(line, row)
        self.element.set_visibility(bool(rows))

    def _add(self, key: Hashable, arriving: bool) -> _Line:
        with self._body, ui.element("tr").classes("k-new" if arriving else "") as element:
            cells = [ui.element("td").classes(column.classes) for column in self._columns]
        line = self._lines[key] = _Line(element, cells, [_NEVER] * len(cells))
        return line

    def _update(self, line: _Line, row: Row) -> None:
        for at, column in enumerate(self._columns):
            part = column.part(row)
            if part != line.parts[at]:
                line.parts[at] = part
                line.cells[at].clear()
                with line.cells[at]:
                    column.draw(part)
