"""The peer of the start and idle figures: the smallest Kivy program, with our window settings."""

import sys
import tempfile
from pathlib import Path

from screens.settings import prepare

prepare(Path(tempfile.mkdtemp()), 1080, 1920)

from kivy.app import App  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.uix.label import Label  # noqa: E402


class Bare(App):  # type: ignore[misc]
    def build(self) -> Label:
        Window.bind(on_flip=lambda *_: print("frame", flush=True))
        return Label(text="Hello")

    def on_start(self) -> None:
        Clock._max_fps = int(sys.argv[1])


Bare().run()
