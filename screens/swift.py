"""Only what has changed is drawn, and what a finger presses before anything else.

Kivy draws the whole window whenever anything has changed, which takes a tenth of a second without a
graphics chip. So a frame is cut down to what differs from the last (`screens.damage`), and the one
after a touch to the pressed target: if more has changed, the whole follows a little later. This
needs a display that keeps what was drawn before; whether it does is tried once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import (
    GL_COLOR_BUFFER_BIT,
    GL_RGBA,
    GL_SCISSOR_TEST,
    GL_UNSIGNED_BYTE,
    glClear,
    glClearColor,
    glDisable,
    glEnable,
    glReadPixels,
    glScissor,
)

from screens.damage import Area, Damage
from screens.widgets.press import Pressable

WHOLE_SECONDS = 0.15  # by then most fingers are up again, and that draws the whole page anyhow
_ROUND = 6  # pixels beside a target: its line, its shadow
_NEAR = 40  # pixels: as far as a shadow reaches, and nearer than the next target's middle
_PROBE = (1.0, 0.0, 1.0, 1.0)  # a colour that no theme has


class Swift:
    """For the one window. `keeps`: what the display said when it was tried; None: not yet."""

    def __init__(self) -> None:
        self.keeps: bool | None = None
        self._touch: Any = None
        self._damage = Damage()
        self._early = _Early()
        self._whole = Clock.create_trigger(lambda _dt: Window.canvas.ask_update(), WHOLE_SECONDS)

    def begin(self) -> None:
        """Once the window shows its first page."""
        self.keeps = _keeps()
        Window.canvas.ask_update()
        Window.bind(on_touch_down=self._touched, on_draw=self._drawn)
        EventLoop.input_providers.insert(0, self._early)

    def end(self) -> None:
        Window.unbind(on_touch_down=self._touched, on_draw=self._drawn)
        EventLoop.input_providers.remove(self._early)
        self._whole.cancel()

    def _touched(self, _window: Any, touch: Any) -> None:
        self._touch = touch

    def _drawn(self, window: Any) -> bool:
        """True: this frame is done; otherwise Kivy draws the whole."""
        touch, self._touch = self._touch, None
        if not self.keeps:
            return False
        areas = self._damage.areas()
        pressed = _pressed(touch) if touch is not None else None
        if pressed is not None and not (areas and all(_by(area, pressed) for area in areas)):
            self._whole()
            areas = [pressed]
        if not areas:
            self._whole.cancel()
            return False
        _draw(window, areas)
        return True


def _draw(window: Any, areas: Sequence[Area]) -> None:
    glEnable(GL_SCISSOR_TEST)
    for area in areas:
        glScissor(*area)
        window.clear()
        window.render_context.draw()
    glDisable(GL_SCISSOR_TEST)


def _by(area: Area, pressed: Area) -> bool:
    """Nothing has changed there but what is pressed."""
    left, bottom, wide, high = pressed
    return (
        area[0] >= left - _NEAR
        and area[1] >= bottom - _NEAR
        and area[0] + area[2] <= left + wide + _NEAR
        and area[1] + area[3] <= bottom + high + _NEAR
    )


class _Early:
    """Asks the window for touches before a frame is drawn, not only after it: else each waits for
    one frame more. An input provider by what Kivy's event loop calls, and by nothing else."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def update(self, dispatch_fn: Any) -> None:
        Window.mainloop()


def _pressed(touch: Any) -> Area | None:
    """Where the target lies that this touch holds down."""
    for reference in touch.grab_list:
        widget = reference()
        shown = isinstance(widget, Pressable) and widget.get_root_window() is not None
        if shown and widget.state == "down":
            return _area(widget)
    return None


def _area(widget: Pressable) -> Area:
    left, bottom = widget.to_window(*widget.pos)
    right, top = widget.to_window(widget.right, widget.top)
    left, bottom = max(0, int(left) - _ROUND), max(0, int(bottom) - _ROUND)
    return left, bottom, int(right) + _ROUND - left, int(top) + _ROUND - bottom


def _keeps() -> bool:
    """Draws one pixel, flips, and looks whether it is still there to be drawn upon."""
    glEnable(GL_SCISSOR_TEST)
    glScissor(0, 0, 1, 1)
    glClearColor(*_PROBE)
    glClear(GL_COLOR_BUFFER_BIT)
    glDisable(GL_SCISSOR_TEST)
    drawn = _pixel()
    Window.flip()
    return drawn == _pixel() == bytes(int(255 * part) for part in _PROBE)


def _pixel() -> bytes:
    return bytes(glReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE))
