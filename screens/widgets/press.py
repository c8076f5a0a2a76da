"""Everything that can be pressed, and the buttons.

A press counts when it begins and ends on the same target, without having travelled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from screens.theme import TOUCH, Look
from screens.widgets.box import Box, Hug, Middle, Surface, fix
from screens.widgets.text import Icon, Label

Act = Callable[[], None]

# kind → (fill, border, text) when free, pressed and out of use
_BUTTONS = {
    "primary": (("accent", "", "on_accent"), ("accent_press", "", "on_accent")),
    "secondary": (("paper", "accent", "accent"), ("press", "accent", "accent")),
    "plain": (("paper", "line", "ink"), ("press", "line", "ink")),
    "deep": (("deep_lift", "", "on_deep"), ("accent", "", "on_accent")),
}
_ICON_SIZES = {"title": 84, "head": 64}
_OUT_OF_USE = ("idle", "", "on_idle")


class Pressable(ButtonBehavior, Box):
    """`action` names it for tests and for the player; see `targets`. `chosen`: of what can be
    chosen and is not done at once, whether it is; None where that is nothing to tell."""

    chosen: bool | None = None

    def __init__(self, look: Look, action: str, act: Act, *children: Widget, **kwargs: Any) -> None:
        self._enabled = True
        super().__init__(look=look, **kwargs)
        self.action, self.act = action, act
        for child in children:
            self.add_widget(child)

    @property
    def enabled(self) -> bool:
        return self._enabled

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._enabled = value
        self.dress()

    def on_touch_down(self, touch: Any) -> bool:
        """Swallow touches on a target out of use, so that nothing behind it gets them."""
        if not self._enabled:
            return bool(self.collide_point(*touch.pos))
        return bool(super().on_touch_down(touch))

    def on_release(self) -> None:
        touch = self.last_touch
        travelled = touch is not None and abs(touch.y - touch.oy) > self.look.u(60)
        if self._enabled and not travelled:
            self.act()

    def on_state(self, _widget: Widget, _state: str) -> None:
        self.dress()

    def dress(self) -> None:
        """Show free, pressed or out of use."""


class PushButton(Pressable):
    """Icon and words on a filled or outlined ground; `after`: the icon follows the words."""

    def __init__(
        self,
        look: Look,
        action: str,
        act: Act,
        *,
        kind: str = "primary",
        icon: str = "",
        after: bool = False,
        size: str = "lead",
        height: float = TOUCH,
        hug: bool = False,
    ) -> None:
        super().__init__(look, action, act, pad=(32, 0, 32, 0))
        self._kind = kind
        fix(look, self, height=height)
        fill, border, ink = _BUTTONS[kind][0]
        self._surface = Surface(look, self, fill, radius="button", border=border, thick=3)
        self._icon = Icon(look, icon, _ICON_SIZES.get(size, 52), ink) if icon else None
        self.label = Label(look, size, bold=True, colour=ink, align="center", hug=True, even=True)
        inside: list[Any] = [self._icon, self.label] if self._icon is not None else [self.label]
        inside = inside[::-1] if after else inside
        for widget in inside:
            widget.pos_hint = {"center_y": 0.5}
        row = Hug(look, *inside, gap=16)
        if hug:
            self.size_hint_x = None
            self.bind(minimum_width=self.setter("width"))
            self.add_widget(row)
        else:
            self.add_widget(Middle(row))
            self.bind(size=self._limit)

    def say(self, text: str) -> None:
        self.label.say(text)

    def _limit(self, *_: object) -> None:
        """Words that are too long take a smaller size or a second line."""
        beside = self._icon.width + self.look.u(16) if self._icon is not None else 0
        self.label.most = self.width - 2 * self.look.u(32) - beside
        self.label.tall = self.height - self.look.u(8)
        self.label.arrange()

    def dress(self) -> None:
        free, pressed = _BUTTONS[self._kind]
        fill, border, ink = pressed if self.state == "down" else free
        if not self._enabled:
            fill, border, ink = _OUT_OF_USE
        self._surface.show(fill, border)
        self.label.paint(ink)
        if self._icon is not None:
            self._icon.color = self.look.colour(ink)


def targets(root: Widget) -> dict[str, Pressable]:
    """Every target below `root` that can be pressed now, by its action."""
    found: dict[str, Pressable] = {}
    for widget in root.walk(restrict=True):
        if isinstance(widget, Pressable) and widget.enabled and widget.action and _seen(widget):
            found.setdefault(widget.action, widget)
    return found


def _seen(widget: Widget) -> bool:
    """Is its middle inside every window that its content is scrolled in, and nothing veiled?"""
    x, y = widget.center
    parent = widget
    while parent is not None and parent is not parent.parent:
        outside = isinstance(parent, StencilView) and not parent.collide_point(x, y)
        if outside or not parent.opacity:
            return False
        parent = parent.parent
    return True
