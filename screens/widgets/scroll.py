"""A tall column seen through a window, moved by page buttons or by a swipe.

Whoever has never scrolled still sees that there is more, and where to press.
"""

from __future__ import annotations

from typing import Any

from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from screens.theme import Look
from screens.widgets.box import Column, Row, fix
from screens.widgets.press import PushButton


class Window(StencilView):
    """Upon `content`, from `offset` pixels below its top."""

    def __init__(self, look: Look, content: Widget) -> None:
        super().__init__()
        self.look, self.content, self.offset = look, content, 0.0
        self.by_rows = False  # none is shown in part
        content.size_hint_x = None
        self.add_widget(content)
        self.bind(pos=self.place, size=self.place)
        content.bind(height=self.place)

    @property
    def hidden(self) -> float:
        """Window pixels of the content that do not fit."""
        return float(max(0.0, self.content.height - self.height))

    def place(self, *_: object) -> None:
        self.offset = min(max(0.0, self.offset), self.hidden)
        self.content.width = self.width
        self.content.x = self.x
        self.content.top = self.top + self.offset

    def on_touch_down(self, touch: Any) -> bool:
        inside = self.collide_point(*touch.pos)
        veiled = any(not row.opacity and row.collide_point(*touch.pos) for row in self.rows)
        return bool(inside and not veiled and super().on_touch_down(touch))

    @property
    def rows(self) -> list[Widget]:
        return list(self.content.children)


class Scroll(Column):
    """Page buttons show below the content only when it does not fit.

    `bar=False`: the screen itself places `bar`, for example beside a heading.
    """

    def __init__(
        self, look: Look, content: Widget, name: str = "page", *, bar: bool = True
    ) -> None:
        super().__init__(look, gap=16)
        self.window = Window(look, content)
        self._up = PushButton(look, f"{name}_up", lambda: self._page(-1), kind="plain",
                          icon="chevron-up", size="body", height=100)  # fmt: skip
        self._down = PushButton(look, f"{name}_down", lambda: self._page(1), kind="plain",
                            icon="chevron-down", size="body", height=100)  # fmt: skip
        self._inside = bar
        self.bar = fix(look, Row(look, gap=16), height=100)
        self.add_widget(self.window)
        self.window.bind(size=self._show)
        content.bind(height=self._fit)
        self.bind(height=self._fit)

    def name(self, up: str, down: str) -> None:
        self._up.say(up)
        self._down.say(down)

    def rewind(self) -> None:
        self.window.offset = 0.0
        self._show()

    def _fit(self, *_: object) -> None:
        """With the bar the window is smaller, so ask whether all fits without it."""
        needs = self.window.content.height > self.height + 1
        self.bar.hold(*((self._up, self._down) if needs else ()))
        self.hold(*((self.window, self.bar) if needs and self._inside else (self.window,)))
        self._show()

    def _page(self, way: int) -> None:
        self.window.offset += way * self.window.height * 0.85
        self._show()

    def _show(self, *_: object) -> None:
        self.window.place()
        self._up.enabled = self.window.offset > 1
        self._down.enabled = self.window.offset < self.window.hidden - 1

    def on_touch_up(self, touch: Any) -> bool:
        travelled = touch.y - touch.oy
        began_here = self.window.collide_point(touch.ox, touch.oy)
        if began_here and touch.grab_current is None and abs(travelled) > self.look.u(60):
            self._page(1 if travelled > 0 else -1)
        return bool(super().on_touch_up(touch))
