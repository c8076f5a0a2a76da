"""Running Kivy one frame at a time, and looking at what it drew: for tests and the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kivy.app import App
from kivy.base import EventLoop, runTouchApp
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from PIL import Image


def begin(app: App) -> None:
    """Build the application without giving the loop away."""
    app._run_prepare()
    Clock._max_fps = 0
    runTouchApp(embedded=True)


def frames(count: int = 3) -> None:
    """Let `count` frames pass, without waiting for the display's rate."""
    for _ in range(count):
        Clock._max_fps = 0  # a page that comes sets its own
        EventLoop.idle()
        Window.mainloop()


@contextmanager
def undrawn() -> Iterator[None]:
    """Frames that lay out everything but do not draw, which would take most of the time."""
    Window.on_draw = Window.on_flip = lambda: None
    try:
        yield
    finally:
        del Window.on_draw, Window.on_flip
        Window.canvas.ask_update()


def picture() -> Image.Image:
    """What the window shows now, drawn afresh."""
    Window.dispatch("on_draw")
    width, height = Window.system_size
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    return Image.frombytes("RGB", (width, height), pixels, "raw", "RGB", 0, -1)  # from below


def save(path: Path) -> Image.Image:
    image = picture()
    keep(image, path)
    return image


def keep(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, compress_level=3)
