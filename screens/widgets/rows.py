"""A scroll that turns its pages at rows, so that each can be read whole."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

from screens.widgets.scroll import Scroll


class RowScroll(Scroll):
    """Its content is a column; each child of that is a row. One that the window would cut is not
    shown, and cannot be pressed, until its page comes."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self._veil = Clock.create_trigger(self._veiled, 0)  # after the rows have found their places
        super().__init__(*args, **named)
        self.window.by_rows = True
        self.window.content.bind(pos=self._veil, size=self._veil, children=self._veil)

    def _show(self, *_: object) -> None:
        super()._show()
        self._veil()

    def _veiled(self, _seconds: float) -> None:
        window = self.window
        for row in window.rows:
            whole = row.y >= window.y - 1 and row.top <= window.top + 1
            row.opacity = 1 if whole or row.height > window.height else 0

    def _page(self, way: int) -> None:
        window, rows = self.window, self.window.content.children[::-1]
        tops = [window.content.top - row.top for row in rows]
        ends = [top + row.height for top, row in zip(tops, rows, strict=True)]
        if way > 0:
            cut = window.offset + window.height + 1
            window.offset = next((t for t, e in zip(tops, ends, strict=True) if e > cut), cut)
        else:
            above = window.offset - window.height - 1
            window.offset = next((t for t in tops if t >= above), 0.0)
        self._show()
