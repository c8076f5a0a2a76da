"""A touch is answered before anything else: only what is pressed is drawn, the whole page after it.

Kivy draws the whole window whenever anything has changed, which takes a tenth of a second without a
graphics chip. So the frame after a touch is cut down to the pressed target, and the whole follows a
little later: whatever else has changed by then is in it. This needs a display that keeps what was
drawn before; whether it does is tried once.
"""

from __future__ import annotations

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

from screens.widgets.press import Pressable

Area = tuple[int, int, int, int]  # left, bottom, width, height in pixels of the window
WHOLE_SECONDS = 0.15  # by then most fingers are up again, and that draws the whole page anyhow
_ROUND = 6  # pixels beside a target: its line, its shadow
_PROBE = (1.0, 0.0, 1.0, 1.0)  # a colour that no theme has


class Swift:
    """For the one window. `keeps`: what the display said when it was tried; None: not yet."""

    def __init__(self) -> None:
        self.keeps: bool | None = None
        self._touch: Any = None
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
        area = _pressed(touch) if touch is not None and self.keeps else None
        if area is None:
            self._whole.cancel()
            return False
        glEnable(GL_SCISSOR_TEST)
        glScissor(*area)
        window.clear()
        window.render_context.draw()
        glDisable(GL_SCISSOR_TEST)
        self._whole()
        return True


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
